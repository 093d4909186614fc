"""A bare room with box objects for the engine's tests."""

from rls3.assets.catalogue import build
from rls3.assets.material_names import material_for
from rls3.assets.model import AssetModel, CollisionBox, Surface
from rls3.assets.types import OBJECT_TYPES
from rls3.engine.session import Session
from rls3.engine.world.agents import Agent
from rls3.engine.world.objects import ObjectState, SceneObject
from rls3.engine.world.shell import Room, Shell
from rls3.engine.world.structure import ceiling_piece, floor_object, wall_piece
from rls3.engine.world.world import World

OUTLINE = ((-2.0, -2.0), (2.0, -2.0), (2.0, 2.0), (-2.0, 2.0))
PAINT = material_for("WhiteDrywall")


def block(object_id, size, position, rotation=(0.0, 0.0, 0.0)):
    """An object of one box whose whole top is a surface; the type is the id's head."""
    kind = OBJECT_TYPES[object_id.split("|")[0]]
    half = tuple(s / 2 for s in size)
    surfaces = (Surface(half[1], (0.0, 0.0), (half[0], half[2])),) if kind.receptacle else ()
    model = AssetModel(kind.name, 0, size, (), (CollisionBox((0.0, 0.0, 0.0), half),), surfaces)
    return SceneObject(object_id, object_id, kind, model, position, rotation)


def thing(object_id, position, yaw=0.0):
    """A real object of the catalogue; `position` is the middle of its underside."""
    kind = OBJECT_TYPES[object_id.split("|")[0]]
    model = build(kind.name)
    x, y, z = position
    center = (x, y + model.size[1] / 2, z)
    return SceneObject(object_id, object_id, kind, model, center, (0.0, yaw, 0.0), state=ObjectState.of(kind))


def empty_room(*objects):
    """A 4 m x 4 m room, 2.5 m high, with its middle at the origin."""
    walls = [
        wall_piece(f"Wall_{i}", a, b, 2.5, (), PAINT)
        for i, (a, b) in enumerate(
            (
                ((-2.05, -2.05), (2.05, -2.05)),
                ((2.05, -2.05), (2.05, 2.05)),
                ((2.05, 2.05), (-2.05, 2.05)),
                ((-2.05, 2.05), (-2.05, -2.05)),
            )
        )
    ]
    shell = Shell((*walls, ceiling_piece("Ceiling", OUTLINE, 2.5, PAINT)), (Room("room|0", OUTLINE, "test", 2.5),))
    return World("Test", shell, [floor_object("Floor|0", "Floor", OUTLINE, PAINT), *objects])


def session_of(*objects):
    """A session in that room, with the agent in a corner."""
    session = Session(300, 300)
    session.world = empty_room(*objects)
    session.world.agents = [Agent((-1.75, 0.901, -1.75))]
    return session
