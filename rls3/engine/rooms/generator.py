"""Generates the room of a scene name."""

from __future__ import annotations

import hashlib

import numpy as np

from rls3.assets.variants import HELD_OUT
from rls3.engine.geometry import Point, Vector, forward
from rls3.engine.navigation.walking import WalkSpace
from rls3.engine.physics.collision import Physics
from rls3.engine.rooms.builder import RoomBuilder
from rls3.engine.rooms.recipes import RECIPES
from rls3.engine.rooms.style import RoomStyle
from rls3.engine.world.agents import AGENT_CENTER_Y, Agent
from rls3.engine.world.world import World

#: The agent starts on a grid of this spacing, metres.
GRID = 0.25
#: What a good room has: places on that grid that the agent can reach, objects in all, and types of movable things whose
#: second longest side is at least the middle size, metres.
MIN_POSITIONS = 32
MIN_OBJECTS, MAX_OBJECTS = 25, 60
MIN_MOVABLE = 10
MIDDLE_SIZE = 0.12
#: Drafts of a room that are tried.
ATTEMPTS = 12
#: Things nearer than this to the agent do not count for where it looks, metres.
NEAREST = 0.8


def generate_room(name: str, kind: str, *, held_out: bool) -> World:
    """Return the furnished room of a scene name; the same name always gives the same room.

    Args:
        name: scene name, from which all choices are drawn.
        kind: kitchen, living_room, bedroom or bathroom.
        held_out: whether no model trains on it: it then shares no look of an object and no material with others.

    Raises:
        RuntimeError: no draft had enough objects and floor, which the tests rule out for every scene name.
    """
    for attempt in range(ATTEMPTS):
        digest = hashlib.blake2b(f"{name}/{attempt}".encode(), digest_size=8).digest()
        generator = np.random.default_rng(int.from_bytes(digest, "big"))
        world = _draft(name, RoomStyle.draw(kind, generator, HELD_OUT if held_out else 0), kind, generator)
        if _good(world):
            return world
    raise RuntimeError(f"no draft of {name} had enough objects and free floor; see rls3/engine/rooms/recipes.py")


def _draft(name: str, style: RoomStyle, kind: str, generator: np.random.Generator) -> World:
    world = World(name, style.shell(kind), [style.floor_object()])
    world.agents = []  # furniture may stand anywhere; the agent comes last
    room = RoomBuilder(world, style, kind, generator)
    RECIPES[kind](room)
    world.agents = [Agent()]
    world.agents = [start_place(world, style)]
    return world


def start_place(world: World, style: RoomStyle) -> Agent:
    """Return an agent on the largest free stretch of floor, near its middle, looking at the most things."""
    space = WalkSpace(world, Physics(world), 0)
    best: list[Point] = []
    seen: set[Point] = set()
    for cell in space.free_cells(style.outline(), GRID):
        if cell not in seen:
            region = space.reachable(cell, GRID, 0.0, None)
            seen.update((round(x / GRID) * GRID, round(z / GRID) * GRID) for x, z in region)
            best = max(best, region, key=len)
    if not best:
        return Agent()
    middle = np.mean(best, axis=0)
    x, z = min(best, key=lambda p: (p[0] - middle[0]) ** 2 + (p[1] - middle[1]) ** 2)
    things = [o.position for o in world.objects.values() if o.movable]
    views = {yaw: sum(_in_view((x, z), yaw, at) for at in things) for yaw in (0.0, 90.0, 180.0, 270.0)}
    return Agent((float(x), AGENT_CENTER_Y, float(z)), max(views, key=lambda yaw: views[yaw]))


def _in_view(eye: Point, yaw: float, at: Vector) -> bool:
    """Return whether a thing is before an agent that looks along `yaw`, not under its eyes."""
    ahead_x, _, ahead_z = forward(yaw)
    dx, dz = at[0] - eye[0], at[2] - eye[1]
    ahead, aside = dx * ahead_x + dz * ahead_z, abs(dx * ahead_z - dz * ahead_x)
    return ahead > NEAREST and aside < 0.7 * ahead


def _good(world: World) -> bool:
    x, _, z = world.agents[0].position
    positions = WalkSpace(world, Physics(world), 0).reachable((x, z), GRID, 0.0, None)
    things = [o for o in world.objects.values() if o.movable]
    middle = {o.type.name for o in things if sorted(o.model.size)[1] >= MIDDLE_SIZE}
    fits = MIN_OBJECTS <= len(world.objects) <= MAX_OBJECTS
    return fits and len(positions) >= MIN_POSITIONS and len(middle) >= MIN_MOVABLE
