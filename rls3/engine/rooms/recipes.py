"""What stands in each kind of room, and where."""

from __future__ import annotations

from collections.abc import Callable

from rls3.assets.material_names import material_for
from rls3.assets.materials import FABRICS, LINENS
from rls3.engine.rooms.builder import WALLS, RoomBuilder
from rls3.engine.rooms.contents import AT_THE_WALL, CLUTTER, MIDDLE_SIZED, ON_THE_FLOOR
from rls3.engine.rooms.kitchen import ORDERS, SINK_WIDTH, STOVE_WIDTH, KitchenRow, fit_basin, fit_tap
from rls3.engine.world.objects import SceneObject

Recipe = Callable[[RoomBuilder], None]
OPPOSITE = {"north": "south", "south": "north", "east": "west", "west": "east"}
RUGS = (*FABRICS, *LINENS, material_for("BeigeCarpet"), material_for("RedCarpet"), material_for("NavyCarpet"))
#: Share of lamps that are lit at first.
LIT_LAMPS = 0.8


def kitchen(room: RoomBuilder) -> None:
    """A fitted row with sink and stove, a fridge, and a table with chairs."""
    wall = _wall(room)
    row = _row(room, wall)
    _door(room, wall)
    fridge = room.at_wall(room.make("Fridge"), front=0.6)
    if fridge is not None:
        room.scatter(room.pick(("Potato", "Egg", "Lettuce", "Tomato", "Bottle", "Bowl"), 2), [fridge], 2, inside=True)
    _windows(room, int(room.random.integers(0, 2)))
    shelf = room.at_wall(room.make("ShelvingUnit"), front=0.4) if room.chance(0.4) else None
    room.scatter(room.pick(("Vase", "Bowl", "Box", "Book", "Pot", "Bottle"), 4), [shelf], 4)
    table = room.on_floor(room.make("DiningTable", (0.85, 1.0)), (0.0, 0.0), 0.8)
    if table is not None:
        room.chairs_around(table, int(room.random.integers(2, 5)))
    elif (table := room.at_wall(room.make("SideTable", (1.1, 1.3)))) is not None:
        room.before(room.make("Chair"), table, 0.02)
    for appliance in room.pick(("Microwave", "CoffeeMachine", "Toaster"), 2):
        room.scatter([appliance], row.counters, 1)
    room.scatter(room.pick(MIDDLE_SIZED["kitchen"], 3), [table, *row.counters], 3)
    room.scatter(room.pick(CLUTTER["kitchen"], 10), [*row.counters, table], 10)
    room.scatter(room.pick(("DishSponge", "Spoon", "Cup"), 1), [row.sink], 1)
    _finish(room, things=4, pictures=1)


def _row(room: RoomBuilder, wall: str) -> KitchenRow:
    """Build the fitted row, as long as the wall allows."""
    random = room.random
    row = KitchenRow(room, wall, look=int(random.integers(7)), stone=int(random.integers(4)))
    order = ORDERS[int(random.integers(len(ORDERS)))]
    cabinets = order.count("B")
    free = room.style.length(wall) - 0.06
    width = min(0.8, (free - SINK_WIDTH - STOVE_WIDTH) / cabinets)
    spare = free - SINK_WIDTH - STOVE_WIDTH - cabinets * width
    start = -free / 2 + float(random.uniform(0.0, max(spare, 0.0)))
    row.build(order, start, width)
    for counter in row.counters:
        count = max(1, round(counter.model.size[0] / width))
        x, _, z = counter.position
        middle = x if wall in ("north", "south") else z
        for number in range(count):
            row.wall_cabinet(middle + (number - (count - 1) / 2) * width, width)
    return row


def living_room(room: RoomBuilder) -> None:
    """A sofa before a television, a coffee table between them, shelves and chairs."""
    wall = _wall(room)
    _door(room)
    sofa = room.at_wall(room.make("Sofa"), wall, float(room.random.uniform(-0.5, 0.5))) or room.at_wall(
        room.make("Sofa", (0.85, 0.95))
    )
    table = room.before(room.make("CoffeeTable"), sofa, float(room.random.uniform(0.3, 0.45))) if sofa else None
    stand = room.at_wall(room.make("TVStand"), OPPOSITE[wall], front=0.4) or room.at_wall(room.make("TVStand"))
    if stand is not None:
        room.on(room.make("Television", (0.75, 0.9)), stand, (-0.1, 0.1, -0.2, 0.2))
    if sofa is not None:
        _rug(room, sofa)
        for side in room.pick(("1", "-1"), 2):
            lamp_table = room.beside(room.make("SideTable"), sofa, int(side), 0.08)
            room.scatter(["DeskLamp", "Book"], [lamp_table], 2)
        for _ in range(int(room.random.integers(1, 4))):
            room.on(room.make("Pillow"), sofa)
    _windows(room, 2)
    shelf = room.at_wall(room.make("ShelvingUnit"), front=0.5)
    if room.chance(0.7):
        room.at_wall(room.make("ArmChair"), front=0.4)
    if room.chance(0.5):
        desk = room.at_wall(room.make("Desk"), front=0.7)
        if desk is not None:
            room.before(room.make("Chair"), desk, -0.1)
    else:
        desk = room.at_wall(room.make("Dresser"), front=0.5)
    bases = [table, shelf, desk, stand]
    room.scatter(room.pick(MIDDLE_SIZED["living_room"], 6), bases, 6)
    room.scatter(room.pick(CLUTTER["living_room"], 8), bases, 8)
    _wall_shelf(room, ("Book", "Vase", "Statue", "Candle", "TableTopDecor"))
    _finish(room, things=6, pictures=2)


def bedroom(room: RoomBuilder) -> None:
    """A bed with side tables, a desk with a chair, a dresser."""
    wall = _wall(room)
    _door(room)
    bed = room.at_wall(room.make("Bed", (0.92, 1.0)), wall, float(room.random.uniform(-0.6, 0.6))) or room.at_wall(
        room.make("Bed", (0.88, 0.94))
    )
    nights: list[SceneObject | None] = []
    if bed is not None:
        nights = [room.beside(room.make("SideTable"), bed, side, 0.05) for side in (1, -1)]
        _rug(room, bed)
        for share in (-0.45, 0.45):
            room.on(room.make("Pillow"), bed, (share - 0.1, share + 0.1, -0.95, -0.75))
    room.scatter(["DeskLamp", "AlarmClock"], nights, 2)
    _windows(room, 1 + int(room.random.integers(2)))
    desk = room.at_wall(room.make("Desk"), front=0.75)
    if desk is not None:
        room.before(room.make("Chair"), desk, -0.1)
    dresser = room.at_wall(room.make("Dresser"), front=0.55)
    if room.chance(0.5):
        nights.append(room.at_wall(room.make("ShelvingUnit"), front=0.4))
    if room.chance(0.4):
        room.at_wall(room.make("ArmChair"), front=0.4)
    if room.chance(0.4):
        room.scatter(["Television"], [dresser], 1)
    bases = [desk, dresser, *nights]
    room.scatter(room.pick(MIDDLE_SIZED["bedroom"], 5), bases, 5)
    room.scatter(room.pick(CLUTTER["bedroom"], 8), bases, 8)
    if bed is not None and room.chance(0.5):
        room.on(room.make("TeddyBear"), bed, (-0.6, 0.6, 0.0, 0.8))
    if room.chance(0.5):
        room.at_wall(room.make("Mirror"), height=1.5)
    _wall_shelf(room, ("Book", "Vase", "TeddyBear", "Candle", "Statue"))
    _finish(room, things=6, pictures=1 + int(room.random.integers(2)))


def bathroom(room: RoomBuilder) -> None:
    """A toilet, a sink, a tub, and small furniture for what is needed there."""
    _door(room)
    tub = room.at_wall(room.make("Bathtub"), front=0.5)
    if tub is not None:
        fit_basin(room, tub)
        _shower(room, tub)
    sink = room.at_wall(room.make("Sink", size=(0.65, 0.88, 0.56)), front=0.6)
    if sink is not None:
        fit_basin(room, sink)
        fit_tap(room, sink)
        wall = _wall_of(sink)
        room.at_wall(room.make("Mirror", size=(0.6, 0.8, 0.05)), wall, _along(room, sink), height=1.68)
    toilet = room.at_wall(room.make("Toilet"), front=0.6)
    if toilet is not None:
        for name, side in (("ToiletPaperHanger", 1), ("HandTowelHolder", -1)):
            item = room.make(name)
            along = _along(room, toilet) + side * 0.5
            room.at_wall(item, _wall_of(toilet), along, height=0.75 if side > 0 else 1.25)
        room.scatter(["ToiletPaper"], [toilet], 1)
    _windows(room, 1, size=(0.8, 0.7), sill=1.45)
    dresser = room.at_wall(room.make("Dresser", (0.7, 0.85)), front=0.5)
    shelf = room.at_wall(room.make("ShelvingUnit", (0.75, 0.95)), front=0.4)
    cart = room.at_wall(room.make("Cart")) if room.chance(0.6) else room.at_wall(room.make("SideTable"))
    if room.chance(0.5):
        cabinet = room.at_wall(room.make("Cabinet", size=(0.6, 0.7, 0.26)), height=1.6)
        room.scatter(["SoapBottle"], [cabinet], 1, inside=True)
    room.at_wall(room.make("TowelHolder"), height=1.35)
    for name in room.pick(("Towel", "HandTowel"), 1 + int(room.random.integers(2))):
        room.at_wall(room.make(name), height=1.3)
    bases = [dresser, shelf, cart]
    room.scatter(room.pick(MIDDLE_SIZED["bathroom"], 5), bases, 5)
    room.scatter(room.pick(CLUTTER["bathroom"], 7), [*bases, sink], 7)
    _finish(room, things=5, pictures=1)


RECIPES: dict[str, Recipe] = {
    "kitchen": kitchen,
    "living_room": living_room,
    "bedroom": bedroom,
    "bathroom": bathroom,
}


def _wall(room: RoomBuilder) -> str:
    return WALLS[int(room.random.integers(len(WALLS)))]


def _wall_of(item: SceneObject) -> str:
    return {180.0: "north", 0.0: "south", 270.0: "east", 90.0: "west"}[item.rotation[1]]


def _along(room: RoomBuilder, item: SceneObject) -> float:
    x, _, z = item.position
    north_or_south = _wall_of(item) in ("north", "south")
    return x - room.style.center[0] if north_or_south else z - room.style.center[1]


def _door(room: RoomBuilder, avoid: str | None = None) -> None:
    """Cut a door into a wall, with a light switch beside it."""
    for wall in room.pick([w for w in WALLS if w != avoid], len(WALLS)):
        door = room.make("Doorway", size=(0.95, 2.08, 0.14))
        slack = room.style.length(wall) / 2 - 0.75
        along = float(room.random.uniform(-slack, slack))
        if room.opening(door, wall, along, 0.0) is not None:
            side = -1 if along > 0 else 1
            room.at_wall(room.make("LightSwitch"), wall, along + side * 0.68, height=1.2, margin=0.0)
            return


def _windows(room: RoomBuilder, count: int, size: tuple[float, float] = (1.3, 1.2), sill: float = 0.9) -> None:
    """Cut windows into the walls where there is place, some with curtains or blinds."""
    for wall in room.pick(WALLS, len(WALLS)):
        if count == 0:
            return
        wide, tall = (float(room.random.uniform(0.85, 1.1)) * length for length in size)
        window = room.make("Window", size=(wide, tall, 0.12))
        slack = room.style.length(wall) / 2 - wide / 2 - 0.2
        for along in room.random.uniform(-slack, slack, 4):
            added = room.opening(window, wall, float(along), sill)
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


def _rug(room: RoomBuilder, before: SceneObject) -> None:
    """Lay a rug before a piece of furniture, partly under it."""
    x, _, z = before.pose[:3, 2] * (before.model.size[2] / 2 + 0.35) + before.position
    size = (float(room.random.uniform(1.7, 2.4)), float(room.random.uniform(1.2, 1.6)))
    room.carpet(size, (float(x), float(z)), before.rotation[1], RUGS[int(room.random.integers(len(RUGS)))])


def _shower(room: RoomBuilder, tub: SceneObject) -> None:
    """Hang a shower head over a tub, and a curtain that is half drawn."""
    head = room.make("ShowerHead")
    _, tall, deep = tub.model.size
    room.fix(head, tub, (0.35 * tub.model.size[0], 2.0 - tall / 2, head.model.size[2] / 2 - deep / 2))
    if room.chance(0.4):
        curtain = room.make("ShowerCurtain", size=(tub.model.size[0], 1.5, 0.12)).changed(openness=1.0)
        room.fix(curtain, tub, (0.0, 1.25, deep / 2 - 0.06))


def _wall_shelf(room: RoomBuilder, names: tuple[str, ...]) -> None:
    """Hang a shelf on a wall and put things on it."""
    shelf = room.at_wall(room.make("Shelf"), height=float(room.random.uniform(1.35, 1.55)))
    room.scatter(room.pick(names, 2), [shelf], 2)


def _finish(room: RoomBuilder, things: int, pictures: int) -> None:
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
