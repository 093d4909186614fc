"""How fast the engine draws, beside other renderers of the same room in the same run; start, memory, many engines.

    python tests/performance/bench_engine.py [--steps 100000]

All on one core. Times are processor time of the engine and its client together, the best of several rounds, because
other work on a machine disturbs time on the clock. A frame is RGB, depth and ids; the engine's also holds the metadata
and the client's reading of all of it.
"""

import argparse
import itertools
import os
import statistics
import sys
import threading
import time

import numpy as np
from engine import FOV, Engine
from peers import Embree, MuJoCo, TinyRenderer
from room import read_room

from rls3.scene.split import TRAIN_SCENES

#: A room with one lamp, as the peers draw it.
SCENE = "FloorPlan5"
SIZE = 224
MOVERS = 7
ROUNDS, FRAMES = 5, 20
ROOMS = 40
SHIFT = 0.01
#: Steps after which a growth of memory would be one of every step.
WARM_STEPS = 500


def row(what: str, figure: str, peer: str = "", ratio: str = "") -> None:
    sys.stdout.write(f"{what:<46} {figure:>26} {peer:>24} {ratio:>8}\n")
    sys.stdout.flush()


def cpu_per_call(call, clock, rounds=ROUNDS, frames=FRAMES) -> float:
    """Return the processor seconds of a call: the best round of several."""
    best = float("inf")
    for _ in range(rounds):
        start = clock()
        for number in range(frames):
            call(number)
        best = min(best, (clock() - start) / frames)
    return best


def visible_movers(controller) -> list[str]:
    """Return the names of up to seven things in the picture that have room to be shifted."""
    event, names = controller.last_event, []
    for item in event.metadata["objects"]:
        if len(names) == MOVERS or not item["pickupable"] or item["objectId"] not in event.instance_masks:
            continue
        place = {axis: item["position"][axis] + SHIFT * (axis == "x") for axis in "xyz"}
        moved = controller.step("TeleportObject", objectId=item["objectId"], position=place, rotation=item["rotation"])
        if moved:
            names.append(item["name"])
    return names


def pose_lists(controller, names: list[str]) -> list[list[dict]]:
    """Return two arguments of SetObjectPoses: as it is, and with the named things shifted back."""
    movable = [o for o in controller.last_event.metadata["objects"] if o["pickupable"] or o["moveable"]]
    lists = []
    for shift in (0.0, -SHIFT):
        lists.append(
            [
                {
                    "objectName": o["name"],
                    "position": {**o["position"], "x": o["position"]["x"] + shift * (o["name"] in names)},
                    "rotation": o["rotation"],
                }
                for o in movable
            ]
        )
    return lists


def engine_frames(engine: Engine, names: list[str]) -> dict[str, float]:
    """Return processor seconds per frame by what changes between frames."""
    controller = engine.controller
    agent = controller.last_event.metadata["agent"]
    yaw = agent["rotation"]["y"]
    standing = {"position": agent["position"], "horizon": agent["cameraHorizon"], "standing": True}
    turned = itertools.count(-3.0, 0.05)
    poses = pose_lists(controller, names)
    item = next(o for o in controller.last_event.metadata["objects"] if o["name"] == names[0])

    def step(action: str, **arguments) -> None:
        event = controller.step(action, **arguments)
        if not event:
            raise RuntimeError(f"{action}: {event.metadata['errorMessage']}")

    def shift_one(number: int) -> None:
        place = {**item["position"], "x": item["position"]["x"] - SHIFT * (number % 2)}
        ident = next(o["objectId"] for o in controller.last_event.metadata["objects"] if o["name"] == names[0])
        step("TeleportObject", objectId=ident, position=place, rotation=item["rotation"], forceAction=True)

    def shift_all(number: int) -> None:
        step("SetObjectPoses", objectPoses=poses[number % 2])

    def shift_all_unseen(number: int) -> None:
        step("SetObjectPoses", objectPoses=poses[number % 2], renderImage=False)

    def turn(_number: int) -> None:
        step("TeleportFull", **standing, rotation={"y": yaw + next(turned)})

    shift_all(0)
    return {
        "nothing moves": cpu_per_call(lambda _: step("Pass"), engine.cpu_s),
        "one thing moves": cpu_per_call(shift_one, engine.cpu_s),
        f"{len(names)} things move": cpu_per_call(shift_all, engine.cpu_s),
        f"{len(names)} things move, no pictures": cpu_per_call(shift_all_unseen, engine.cpu_s),
        "the camera turns": cpu_per_call(turn, engine.cpu_s),
    }


def peer_frames(engine_room, names: list[str]) -> dict[str, float | str]:
    """Return processor seconds per frame of each peer, or why it cannot be had here."""
    resting = {thing.name: thing.pose for thing in engine_room.things if thing.name in names}
    shift = np.eye(4)
    found: dict[str, float | str] = {}
    for kind in (MuJoCo, TinyRenderer, Embree):
        try:
            peer = kind(engine_room, SIZE, names)
            peer.frame(resting)
        except Exception as error:  # whatever keeps a peer from running here is what the table has to say
            found[kind.name] = f"not here: {type(error).__name__}"
            continue

        def frame(number: int, peer=peer) -> None:
            shift[0, 3] = -SHIFT * (number % 2)
            peer.frame({name: shift @ pose for name, pose in resting.items()})

        found[kind.name] = cpu_per_call(frame, time.process_time, frames=5)
    return found


def measure_pictures(engine: Engine) -> None:
    """Print frames per second, beside the peers."""
    metadata = engine.controller.last_event.metadata
    names = visible_movers(engine.controller)
    agent = metadata["agent"]
    horizon, yaw = agent["cameraHorizon"], agent["rotation"]["y"]
    room = read_room(f"{SCENE}_physics", metadata["cameraPosition"], yaw, horizon, FOV)
    row(f"room {SCENE}", f"{len(metadata['objects'])} objects", f"{room.triangles} triangles")
    ours = engine_frames(engine, names)
    peers = peer_frames(room, names)
    for what, seconds in ours.items():
        row(f"engine, {what}", f"{1e3 * seconds:.1f} ms = {1 / seconds:.0f} frames/s")
    for name, seconds in peers.items():
        if isinstance(seconds, str):
            row(name, "", seconds)
            continue
        for what in ("one thing moves", f"{len(names)} things move"):
            figure = f"{1e3 * seconds:.1f} ms = {1 / seconds:.0f} frames/s"
            row(f"{name}, {what}", f"{1e3 * ours[what]:.1f} ms", figure, f"{seconds / ours[what]:.1f}x")


def measure_many(count: int) -> None:
    """Print whether several engines at once draw the same pictures as one."""
    engines: list[Engine] = []

    def start() -> None:
        engines.append(Engine(SCENE, SIZE))

    threads = [threading.Thread(target=start) for _ in range(count)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begin
    frames = set()
    for engine in engines:
        engine.controller.step("RotateRight", degrees=30.0)
        frames.add(engine.controller.last_event.frame.tobytes())
    memory = statistics.mean(engine.memory_mib() for engine in engines)
    for engine in engines:
        engine.stop()
    row(f"{count} engines at once: all started", f"{seconds:.1f} s", f"{memory:.0f} MiB each", f"{len(frames)} view")


def measure_growth(engine: Engine, steps: int) -> None:
    """Print how memory grows over many steps that move the agent, objects and the camera."""
    controller = engine.controller
    item = next(o for o in controller.last_event.metadata["objects"] if o["pickupable"])
    memory = []
    for number in range(WARM_STEPS + steps):
        if number % 3 == 0:
            controller.step("RotateRight", degrees=float(number * 7 % 360))
        elif number % 3 == 1:
            place = {**item["position"], "x": item["position"]["x"] + 0.001 * (number % 5)}
            controller.step("TeleportObject", objectId=item["objectId"], position=place, forceAction=True)
        else:
            controller.step("Pass")
        if number >= WARM_STEPS and (number - WARM_STEPS) % max(steps // 20, 1) == 0:
            memory.append(engine.memory_mib())
    row(f"memory over {steps} steps", f"{memory[0]:.0f} -> {memory[-1]:.0f} MiB", f"most {max(memory):.0f} MiB")


def measure_scenes(engine: Engine, count: int) -> None:
    """Print how memory grows over many rooms."""
    memory = []
    for scene in TRAIN_SCENES[:count]:
        engine.controller.reset(scene)
        memory.append(engine.memory_mib())
    row(f"memory over {count} rooms", f"{memory[0]:.0f} -> {memory[-1]:.0f} MiB", f"most {max(memory):.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=3000, help="steps of the growth test (the long one: 100000)")
    steps = parser.parse_args().steps
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    row("what", "figure", "peer", "ratio")
    engine = Engine(SCENE, SIZE)
    row("start to first picture, kernels compiled or not", f"{engine.start_s:.1f} s")
    engine.stop()
    engine = Engine(SCENE, SIZE)
    row("start to first picture, kernels cached", f"{engine.start_s:.2f} s", f"{engine.memory_mib():.0f} MiB")
    measure_pictures(engine)
    measure_growth(engine, steps)
    measure_scenes(engine, ROOMS)
    engine.stop()
    measure_many(8)


if __name__ == "__main__":
    main()
