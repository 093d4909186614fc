"""What several kinds of rooms have: doors and windows, rugs, shelves, and what hangs on walls or stands about."""

from __future__ import annotations

from rls3.assets.material_names import material_for
from rls3.assets.materials import FABRICS, LINENS
from rls3.engine.rooms.arranging import scatter
from rls3.engine.rooms.builder import WALLS, RoomBuilder
from rls3.engine.rooms.construction import fit_opening, lay_carpet
from rls3.engine.rooms.contents import AT_THE_WALL, ON_THE_FLOOR
from rls3.engine.world.objects import SceneObject

RUGS = (*FABRICS, *LINENS, material_for("BeigeCarpet"), material_for("RedCarpet"), material_for("NavyCarpet"))
#: Share of lamps that are lit at first.
LIT_LAMPS = 0.8


def any_wall(room: RoomBuilder) -> str:
    """Return the name of a wall, drawn at random."""
    return WALLS[int(room.random.integers(len(WALLS)))]


def wall_of(item: SceneObject) -> str:
    """Return the name of the wall at which an object stands with its back."""
    return {180.0: "north", 0.0: "south", 270.0: "east", 90.0: "west"}[item.rotation[1]]


def place_along(room: RoomBuilder, item: SceneObject) -> float:
    """Return where along its wall an object stands, metres from the wall's middle."""
    x, _, z = item.position
    north_or_south = wall_of(item) in ("north", "south")
    return x - room.style.center[0] if north_or_south else z - room.style.center[1]


def add_door(room: RoomBuilder, avoid: str | None = None) -> None:
    """Cut a door into a wall, with a light switch beside it."""
    for wall in room.pick([w for w in WALLS if w != avoid], len(WALLS)):
        door = room.make("Doorway", size=(0.95, 2.08, 0.14))
        slack = room.style.length(wall) / 2 - 0.75
        along = float(room.random.uniform(-slack, slack))
        if fit_opening(room, door, wall, along, 0.0) is not None:
            side = -1 if along > 0 else 1
            room.at_wall(room.make("LightSwitch"), wall, along + side * 0.68, height=1.2, margin=0.0)
            return


def add_windows(room: RoomBuilder, count: int, size: tuple[float, float] = (1.3, 1.2), sill: float = 0.9) -> None:
    """Cut windows into the walls where there is place, some with curtains or blinds."""
    for wall in room.pick(WALLS, len(WALLS)):
        if count == 0:
            return
        wide, tall = (float(room.random.uniform(0.85, 1.1)) * length for length in size)
        window = room.make("Window", size=(wide, tall, 0.12))
        slack = room.style.length(wall) / 2 - wide / 2 - 0.2
        for along in room.random.uniform(-slack, slack, 4):
            added = fit_opening(room, window, wall, float(along), sill)
            if added is not None:
                count -= 1
                _dress(room, added)
                break


def _dress(room: RoomBuilder, window: SceneObject) -> None:
    """Hang curtains or blinds before a window."""
    wide, tall, deep = window.model.size
    choice = int(room.random.integers(3))
    if choice == 0 and tall > 1.0:
        curtains = room.make("Curtains", size=(wide + 0.5, tall + 0.25, 0.12))
        room.fix(curtains, window, (0.0, 0.1, deep / 2 + 0.1))
    elif choice == 1:
        blinds = room.make("Blinds", size=(wide - 0.04, tall - 0.06, 0.05))
        opened = blinds.changed(openness=float(room.random.choice((0.0, 0.6, 1.0))))
        room.fix(opened, window, (0.0, 0.0, deep / 2 + 0.03))


def add_rug(room: RoomBuilder, before: SceneObject) -> None:
    """Lay a rug before a piece of furniture, partly under it."""
    x, _, z = before.pose[:3, 2] * (before.model.size[2] / 2 + 0.35) + before.position
    size = (float(room.random.uniform(1.7, 2.4)), float(room.random.uniform(1.2, 1.6)))
    lay_carpet(room, size, (float(x), float(z)), before.rotation[1], RUGS[int(room.random.integers(len(RUGS)))])


def add_shower(room: RoomBuilder, tub: SceneObject) -> None:
    """Hang a shower head over a tub, and a curtain that is half drawn."""
    head = room.make("ShowerHead")
    _, tall, deep = tub.model.size
    room.fix(head, tub, (0.35 * tub.model.size[0], 2.0 - tall / 2, head.model.size[2] / 2 - deep / 2))
    if room.chance(0.4):
        curtain = room.make("ShowerCurtain", size=(tub.model.size[0], 1.5, 0.12)).changed(openness=1.0)
        room.fix(curtain, tub, (0.0, 1.25, deep / 2 - 0.06))


def add_wall_shelf(room: RoomBuilder, names: tuple[str, ...]) -> None:
    """Hang a shelf on a wall and put things on it."""
    shelf = room.at_wall(room.make("Shelf"), height=float(room.random.uniform(1.35, 1.55)))
    scatter(room, room.pick(names, 2), [shelf], 2)


def finish(room: RoomBuilder, things: int, pictures: int) -> None:
    """Add what hangs on the walls and what stands about on the floor, and light the lamps."""
    for _ in range(pictures):
        kind = "Poster" if room.kind == "bedroom" and room.chance(0.5) else "Painting"
        room.at_wall(room.make(kind), height=float(room.random.uniform(1.45, 1.65)))
    present = {o.type.name for o in room.world.objects.values()}
    choice = [n for n in ON_THE_FLOOR[room.kind] if n not in present]
    for name in room.pick(choice, things):
        item = room.make(name)
        if name in AT_THE_WALL and room.at_wall(item) is not None:
            continue
        room.on_floor(item)
    for lamp in [o for o in room.world.objects.values() if o.type.name in ("DeskLamp", "FloorLamp")]:
        if room.chance(LIT_LAMPS):
            room.world.put(lamp.changed(toggled=True))
