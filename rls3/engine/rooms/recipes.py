"""What stands in each kind of room, and where."""

from __future__ import annotations

from collections.abc import Callable

from rls3.engine.rooms.arranging import before, beside, chairs_around, scatter
from rls3.engine.rooms.builder import RoomBuilder
from rls3.engine.rooms.contents import CLUTTER, MIDDLE_SIZED
from rls3.engine.rooms.features import (
    add_door,
    add_rug,
    add_shower,
    add_wall_shelf,
    add_windows,
    any_wall,
    finish,
    place_along,
    wall_of,
)
from rls3.engine.rooms.kitchen import ORDERS, SINK_WIDTH, STOVE_WIDTH, KitchenRow, fit_basin, fit_tap
from rls3.engine.world.objects import SceneObject

Recipe = Callable[[RoomBuilder], None]
OPPOSITE = {"north": "south", "south": "north", "east": "west", "west": "east"}


def kitchen(room: RoomBuilder) -> None:
    """A fitted row with sink and stove, a fridge, and a table with chairs."""
    wall = any_wall(room)
    row = _row(room, wall)
    add_door(room, wall)
    fridge = room.at_wall(room.make("Fridge"), front=0.6)
    if fridge is not None:
        scatter(room, room.pick(("Potato", "Egg", "Lettuce", "Tomato", "Bottle", "Bowl"), 2), [fridge], 2, inside=True)
    add_windows(room, int(room.random.integers(0, 2)))
    shelf = room.at_wall(room.make("ShelvingUnit"), front=0.4) if room.chance(0.4) else None
    scatter(room, room.pick(("Vase", "Bowl", "Box", "Book", "Pot", "Bottle"), 4), [shelf], 4)
    table = room.on_floor(room.make("DiningTable", (0.85, 1.0)), (0.0, 0.0), 0.8)
    if table is not None:
        chairs_around(room, table, int(room.random.integers(2, 5)))
    elif (table := room.at_wall(room.make("SideTable", (1.1, 1.3)))) is not None:
        before(room, room.make("Chair"), table, 0.02)
    for appliance in room.pick(("Microwave", "CoffeeMachine", "Toaster"), 2):
        scatter(room, [appliance], row.counters, 1)
    scatter(room, room.pick(MIDDLE_SIZED["kitchen"], 3), [table, *row.counters], 3)
    scatter(room, room.pick(CLUTTER["kitchen"], 10), [*row.counters, table], 10)
    scatter(room, room.pick(("DishSponge", "Spoon", "Cup"), 1), [row.sink], 1)
    finish(room, things=4, pictures=1)


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
    wall = any_wall(room)
    add_door(room)
    sofa = room.at_wall(room.make("Sofa"), wall, float(room.random.uniform(-0.5, 0.5))) or room.at_wall(
        room.make("Sofa", (0.85, 0.95))
    )
    table = before(room, room.make("CoffeeTable"), sofa, float(room.random.uniform(0.3, 0.45))) if sofa else None
    stand = room.at_wall(room.make("TVStand"), OPPOSITE[wall], front=0.4) or room.at_wall(room.make("TVStand"))
    if stand is not None:
        room.on(room.make("Television", (0.75, 0.9)), stand, (-0.1, 0.1, -0.2, 0.2))
    if sofa is not None:
        add_rug(room, sofa)
        for side in room.pick(("1", "-1"), 2):
            lamp_table = beside(room, room.make("SideTable"), sofa, int(side), 0.08)
            scatter(room, ["DeskLamp", "Book"], [lamp_table], 2)
        for _ in range(int(room.random.integers(1, 4))):
            room.on(room.make("Pillow"), sofa)
    add_windows(room, 2)
    shelf = room.at_wall(room.make("ShelvingUnit"), front=0.5)
    if room.chance(0.7):
        room.at_wall(room.make("ArmChair"), front=0.4)
    if room.chance(0.5):
        desk = room.at_wall(room.make("Desk"), front=0.7)
        if desk is not None:
            before(room, room.make("Chair"), desk, -0.1)
    else:
        desk = room.at_wall(room.make("Dresser"), front=0.5)
    bases = [table, shelf, desk, stand]
    scatter(room, room.pick(MIDDLE_SIZED["living_room"], 6), bases, 6)
    scatter(room, room.pick(CLUTTER["living_room"], 8), bases, 8)
    add_wall_shelf(room, ("Book", "Vase", "Statue", "Candle", "TableTopDecor"))
    finish(room, things=6, pictures=2)


def bedroom(room: RoomBuilder) -> None:
    """A bed with side tables, a desk with a chair, a dresser."""
    wall = any_wall(room)
    add_door(room)
    bed = room.at_wall(room.make("Bed", (0.92, 1.0)), wall, float(room.random.uniform(-0.6, 0.6))) or room.at_wall(
        room.make("Bed", (0.88, 0.94))
    )
    nights: list[SceneObject | None] = []
    if bed is not None:
        nights = [beside(room, room.make("SideTable"), bed, side, 0.05) for side in (1, -1)]
        add_rug(room, bed)
        for share in (-0.45, 0.45):
            room.on(room.make("Pillow"), bed, (share - 0.1, share + 0.1, -0.95, -0.75))
    scatter(room, ["DeskLamp", "AlarmClock"], nights, 2)
    add_windows(room, 1 + int(room.random.integers(2)))
    desk = room.at_wall(room.make("Desk"), front=0.75)
    if desk is not None:
        before(room, room.make("Chair"), desk, -0.1)
    dresser = room.at_wall(room.make("Dresser"), front=0.55)
    if room.chance(0.5):
        nights.append(room.at_wall(room.make("ShelvingUnit"), front=0.4))
    if room.chance(0.4):
        room.at_wall(room.make("ArmChair"), front=0.4)
    if room.chance(0.4):
        scatter(room, ["Television"], [dresser], 1)
    bases = [desk, dresser, *nights]
    scatter(room, room.pick(MIDDLE_SIZED["bedroom"], 5), bases, 5)
    scatter(room, room.pick(CLUTTER["bedroom"], 8), bases, 8)
    if bed is not None and room.chance(0.5):
        room.on(room.make("TeddyBear"), bed, (-0.6, 0.6, 0.0, 0.8))
    if room.chance(0.5):
        room.at_wall(room.make("Mirror"), height=1.5)
    add_wall_shelf(room, ("Book", "Vase", "TeddyBear", "Candle", "Statue"))
    finish(room, things=6, pictures=1 + int(room.random.integers(2)))


def bathroom(room: RoomBuilder) -> None:
    """A toilet, a sink, a tub, and small furniture for what is needed there."""
    add_door(room)
    tub = room.at_wall(room.make("Bathtub"), front=0.5)
    if tub is not None:
        fit_basin(room, tub)
        add_shower(room, tub)
    sink = room.at_wall(room.make("Sink", size=(0.65, 0.88, 0.56)), front=0.6)
    if sink is not None:
        fit_basin(room, sink)
        fit_tap(room, sink)
        wall = wall_of(sink)
        room.at_wall(room.make("Mirror", size=(0.6, 0.8, 0.05)), wall, place_along(room, sink), height=1.68)
    toilet = room.at_wall(room.make("Toilet"), front=0.6)
    if toilet is not None:
        for name, side in (("ToiletPaperHanger", 1), ("HandTowelHolder", -1)):
            item = room.make(name)
            along = place_along(room, toilet) + side * 0.5
            room.at_wall(item, wall_of(toilet), along, height=0.75 if side > 0 else 1.25)
        scatter(room, ["ToiletPaper"], [toilet], 1)
    add_windows(room, 1, size=(0.8, 0.7), sill=1.45)
    dresser = room.at_wall(room.make("Dresser", (0.7, 0.85)), front=0.5)
    shelf = room.at_wall(room.make("ShelvingUnit", (0.75, 0.95)), front=0.4)
    cart = room.at_wall(room.make("Cart")) if room.chance(0.6) else room.at_wall(room.make("SideTable"))
    if room.chance(0.5):
        cabinet = room.at_wall(room.make("Cabinet", size=(0.6, 0.7, 0.26)), height=1.6)
        scatter(room, ["SoapBottle"], [cabinet], 1, inside=True)
    room.at_wall(room.make("TowelHolder"), height=1.35)
    for name in room.pick(("Towel", "HandTowel"), 1 + int(room.random.integers(2))):
        room.at_wall(room.make(name), height=1.3)
    bases = [dresser, shelf, cart]
    scatter(room, room.pick(MIDDLE_SIZED["bathroom"], 5), bases, 5)
    scatter(room, room.pick(CLUTTER["bathroom"], 7), [*bases, sink], 7)
    finish(room, things=5, pictures=1)


RECIPES: dict[str, Recipe] = {
    "kitchen": kitchen,
    "living_room": living_room,
    "bedroom": bedroom,
    "bathroom": bathroom,
}
