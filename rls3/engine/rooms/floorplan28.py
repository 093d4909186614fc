"""FloorPlan28, the kitchen that programs written for AI2-THOR are most often tried in.

AI2-THOR's own tests go to fixed places of it and name some of its objects by id. This room has free floor at those
places, the furniture they look at within reach, and a pot and a soap bottle under those ids.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rls3.assets.material_names import material_for
from rls3.assets.materials import toned
from rls3.assets.variants import HELD_OUT
from rls3.engine.render.scene import PointLight
from rls3.engine.rooms.arranging import scatter
from rls3.engine.rooms.builder import RoomBuilder
from rls3.engine.rooms.construction import build_in, fit_opening
from rls3.engine.rooms.contents import CLUTTER
from rls3.engine.rooms.kitchen import (
    CABINET_DEPTH,
    PLAY,
    SLAB,
    SLAB_DEPTH,
    STOVE_WIDTH,
    KitchenRow,
    fit_basin,
    fit_burners,
    fit_tap,
)
from rls3.engine.rooms.style import RoomStyle
from rls3.engine.world.agents import AGENT_CENTER_Y, Agent
from rls3.engine.world.objects import SceneObject
from rls3.engine.world.world import World

NAME = "FloorPlan28_physics"
SEED = 28
#: Inside of the room: from these corners (x, z), metres.
SOUTH_WEST, NORTH_EAST = (-3.75, -3.95), (0.05, 0.05)
HEIGHT = 2.7
START = Agent((-1.5, AGENT_CENTER_Y, -1.5), 180.0)
ROW_HEIGHT = 0.83
ROW_DEPTH = 0.8
SINK = (0.7, 0.2, ROW_DEPTH - 0.02)
SINK_X = -0.45
#: Middles of fridge and stove along their wall: the fridge's doors swing clear of the stove and of who opens them.
FRIDGE_Z = -1.3
STOVE_Z = -2.15
#: Types, sizes and places (x, height of what it stands on, z) of what is named by id elsewhere, metres.
NAMED = (
    ("Pot", (0.24, 0.124, 0.18), (-0.61, 0.739, -3.42)),
    ("SoapBottle", (0.07, 0.2, 0.07), (-0.84, ROW_HEIGHT, -3.76)),
    ("Mug", (0.12, 0.1, 0.09), (-3.15, 0.77, -3.47)),
    ("Tomato", (0.08, 0.09, 0.08), (-3.13, 0.875, -0.39)),
)


def floorplan28() -> World:
    """Return the room, with the agent where AI2-THOR starts it."""
    generator = np.random.default_rng(SEED)
    width, depth = NORTH_EAST[0] - SOUTH_WEST[0], NORTH_EAST[1] - SOUTH_WEST[1]
    center = (SOUTH_WEST[0] + width / 2, SOUTH_WEST[1] + depth / 2)
    drawn = RoomStyle.draw("kitchen", generator, HELD_OUT)
    lamp = PointLight((center[0], HEIGHT - 0.3, center[1]), (1.0, 0.95, 0.86))
    style = replace(
        drawn,
        width=width,
        depth=depth,
        height=HEIGHT,
        center=center,
        floor=toned(material_for("BeigeTile"), HELD_OUT),
        lighting=replace(drawn.lighting, points=(lamp,)),
    )
    world = World(NAME, style.shell("kitchen"), [style.floor_object()])
    world.agents = []
    room = RoomBuilder(world, style, "kitchen", generator)
    row = _sink_row(room)
    _cooking_side(room)
    table = room.stand(room.make("SideTable", size=(0.7, 0.77, 0.7)), -3.3, -3.5, 0.0)
    counter = room.stand(room.make("CounterTop", size=(1.1, 0.875, 0.62), variant=1), -3.15, -0.3, 180.0)
    for name, size, (x, level, z) in NAMED:
        room.stand(room.make(name, size=size), x, z, 0.0, level)
    _furniture(room)
    bases = [*row.counters, counter, table]
    scatter(room, ("Toaster", "CoffeeMachine", "Microwave"), bases, 3)
    scatter(
        room, [n for n in CLUTTER["kitchen"] if n not in {"Pot", "SoapBottle", "Mug", "Tomato", "Potato"}], bases, 12
    )
    world.agents = [START]
    return world


def _sink_row(room: RoomBuilder) -> KitchenRow:
    """Build the row along the south wall: a low sink over a cabinet in the east, counters beside it."""
    row = KitchenRow(room, "south", look=1, stone=0, height=ROW_HEIGHT, depth=ROW_DEPTH)
    middle = room.style.center[0]
    under = room.make("Cabinet", size=(SINK[0], ROW_HEIGHT - SINK[1], CABINET_DEPTH), variant=row.look)
    room.at_wall(under, "south", SINK_X - middle)
    sink = room.at_wall(
        room.make("Sink", size=SINK, variant=0), "south", SINK_X - middle, height=ROW_HEIGHT - SINK[1] / 2, margin=0.0
    )
    if sink is not None:
        fit_basin(room, sink)
        fit_tap(room, sink)
    row.build("BB", SINK_X - SINK[0] / 2 - PLAY - 1.6 - middle, 0.8)
    fit_opening(room, room.make("Window", size=(1.1, 0.9, 0.12)), "south", SINK_X - 0.2 - middle, 1.25)
    return row


def _cooking_side(room: RoomBuilder) -> None:
    """Stand the fridge and the stove at the east wall, with a cabinet over the stove's neighbour."""
    middle = room.style.center[1]
    fridge = room.at_wall(room.make("Fridge", size=(0.82, 1.8, 0.72), variant=1), "east", FRIDGE_Z - middle)
    if fridge is not None:
        scatter(room, ("Potato", "Lettuce", "Egg"), [fridge], 3, inside=True)
    size = (STOVE_WIDTH - PLAY, 0.905, SLAB_DEPTH)
    frame = build_in(room, "Stove", size, 1, "east", STOVE_Z - middle)
    fit_burners(room, frame, size, 0)
    build_in(room, "RangeHood", (STOVE_WIDTH, 0.62, 0.42), 1, "east", STOVE_Z - middle, 1.62)
    item = room.make("Cabinet", size=(0.6, 0.9 - SLAB, CABINET_DEPTH), variant=1)
    room.at_wall(item, "east", STOVE_Z - 0.62 - middle)
    top = room.make("CounterTop", size=(0.6, SLAB, SLAB_DEPTH), variant=0)
    room.at_wall(top, "east", STOVE_Z - 0.62 - middle, height=0.9 - SLAB / 2, margin=0.0)


def _furniture(room: RoomBuilder) -> list[SceneObject | None]:
    """Hang pictures, cut the door, and stand small things where nobody has to walk."""
    x, z = room.style.center
    fit_opening(room, room.make("Doorway", size=(0.95, 2.08, 0.14)), "north", -1.6 - x, 0.0)
    return [
        room.at_wall(room.make("LightSwitch"), "north", -2.3 - x, height=1.2, margin=0.0),
        room.at_wall(room.make("Painting"), "west", -2.0 - z, height=1.6),
        room.at_wall(room.make("Painting"), "north", -3.1 - x, height=1.65),
        room.stand(room.make("GarbageCan", (0.9, 0.9)), -3.52, -2.9, 0.0),
        room.stand(room.make("HousePlant", (0.9, 0.9)), -0.25, -0.35, 0.0),
        room.stand(room.make("Stool"), -3.5, -1.95, 0.0),
    ]
