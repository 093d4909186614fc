"""MuJoCo as an outside judge of a scene: what overlaps, and what moves when it is let go."""

import mujoco
import numpy as np

from rls3.engine.physics.stability import balance_point

TIME_STEP_S = 0.004


def _spec(world, loose):
    """Every object as a body of boxes; those that `loose` accepts are free to move, the others are fixed."""
    spec = mujoco.MjSpec()
    spec.option.gravity = (0.0, -9.81, 0.0)
    spec.option.timestep = TIME_STEP_S
    spec.memory = 64 * 2**20

    def add(body, owner, boxes, origin):
        for i in range(len(boxes)):
            quaternion = np.zeros(4)
            mujoco.mju_mat2Quat(quaternion, boxes.rotations[i].ravel())
            body.add_geom(
                type=mujoco.mjtGeom.mjGEOM_BOX,
                name=f"{owner}/{i}",
                size=boxes.halves[i],
                pos=boxes.centers[i] - origin,
                quat=quaternion,
            )

    for piece in world.shell.pieces:
        add(spec.worldbody, piece.key, piece.boxes, np.zeros(3))
    for item in world.active_objects():
        if not loose(item):
            add(spec.worldbody, item.object_id, item.boxes, np.zeros(3))
            continue
        body = spec.worldbody.add_body(name=item.object_id, pos=item.position)
        body.add_freejoint()
        body.explicitinertial = True
        body.mass = max(item.type.mass, 0.01)
        body.inertia = body.mass * np.square(item.model.size).sum() / 12 * np.ones(3)
        body.ipos = np.asarray(balance_point(item)) - np.asarray(item.position)
        add(body, item.object_id, item.boxes, np.asarray(item.position))
    return spec


def overlaps(world):
    """Depth in metres by pair of names: objects and walls that are in each other, at least one of them an object."""
    objects = set(world.objects)
    model = _spec(world, lambda item: item.type.name != "Floor").compile()
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    found = {}
    for contact in data.contact:
        pair = tuple(sorted(model.geom(g).name.rsplit("/", 1)[0] for g in contact.geom))
        if pair[0] != pair[1] and objects.intersection(pair):
            found[pair] = max(found.get(pair, 0.0), -float(contact.dist))
    return found


def moved_when_let_go(world, seconds=0.5):
    """Distance in metres by object: how far each that may fall goes when the simulation runs."""

    def loose(item):
        hangs = item.type.wall_mounted or item.state.kinematic or item.state.held_by is not None
        return item.movable and not hangs

    model = _spec(world, loose).compile()
    data = mujoco.MjData(model)
    for _ in range(round(seconds / TIME_STEP_S)):
        mujoco.mj_step(model, data)
    items = [o for o in world.active_objects() if loose(o)]
    return {o.object_id: float(np.linalg.norm(data.body(o.object_id).xpos - np.asarray(o.position))) for o in items}
