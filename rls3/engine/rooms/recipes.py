"""What stands in each kind of room, and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rls3.engine.rooms.builder import WALLS, RoomBuilder
from rls3.engine.world import SceneObject

Recipe = Callable[[RoomBuilder], None]

CLUTTER = {
    "kitchen": (
        *("Kettle", "Pot", "Pan", "Bowl", "Mug", "Cup", "Plate", "Bread", "Apple", "Tomato", "Lettuce", "Potato"),
        *("PepperShaker", "SaltShaker", "SoapBottle", "PaperTowelRoll", "WineBottle", "Knife", "Spatula", "DishSponge"),
        *("Egg", "Bottle", "Ladle"),
    ),
    "living_room": (
        *("RemoteControl", "Book", "Newspaper", "Candle", "Mug", "CellPhone", "KeyChain", "CreditCard", "Pencil"),
        *("TissueBox", "Watch", "Bowl"),
    ),
    "bedroom": (
        *("AlarmClock", "Book", "CellPhone", "Pen", "Pencil", "CD", "KeyChain", "Mug", "CreditCard", "Watch"),
        *("RemoteControl", "TissueBox"),
    ),
    "bathroom": (
        *("SoapBar", "SoapBottle", "SprayBottle", "Candle", "Cloth", "TissueBox", "ToiletPaper", "PaperTowelRoll"),
        "Cup",
    ),
}
MIDDLE_SIZED = {
    "kitchen": ("Box", "Vase", "Laptop", "Statue", "HousePlant", "WateringCan", "TableTopDecor"),
    "living_room": (
        *("Laptop", "Vase", "Statue", "Box", "TeddyBear", "TableTopDecor", "DeskLamp", "WateringCan"),
        "Kettle",
    ),
    "bedroom": ("Laptop", "Vase", "Statue", "Box", "TeddyBear", "DeskLamp", "TableTopDecor"),
    "bathroom": ("Box", "Vase", "Statue", "WateringCan", "TableTopDecor", "TeddyBear", "Kettle"),
}
ON_THE_FLOOR = {
    "kitchen": ("GarbageCan", "HousePlant", "Stool", "Box", "GarbageBag", "BasketBall", "VacuumCleaner"),
    "living_room": (
        *("HousePlant", "BasketBall", "Box", "GarbageCan", "TeddyBear", "Footstool", "DogBed", "Stool"),
        "FloorLamp",
    ),
    "bedroom": (
        *("LaundryHamper", "BasketBall", "Box", "GarbageCan", "HousePlant", "TeddyBear", "Boots", "Dumbbell"),
        *("FloorLamp", "Stool"),
    ),
    "bathroom": (
        *("GarbageCan", "LaundryHamper", "HousePlant", "Plunger", "ScrubBrush", "Stool", "Box", "BasketBall"),
        "Footstool",
    ),
}
AT_THE_WALL = frozenset({"HousePlant", "GarbageCan", "LaundryHamper", "FloorLamp", "Plunger", "ScrubBrush"})


def kitchen(room: RoomBuilder) -> None:
    """A row of counters with sink and stove, a fridge, and a table with chairs."""
    wall = _wall(room)
    row = _counter_row(room, wall)
    fridge = room.at_wall(room.make("Fridge"), front=0.5)
    if room.chance(0.6):
        shelf = room.at_wall(room.make("ShelvingUnit"), front=0.4)
        _scatter(room, ["Vase", "Bowl", "Box", "Book", "Pot", "Bottle"], [shelf], 4)
    table = room.on_floor(room.make("DiningTable", (0.85, 1.0)), (0.0, 0.0), 0.8)
    if table is not None:
        room.chairs_around(table, int(room.random.integers(2, 5)))
    elif (table := room.at_wall(room.make("SideTable", (1.1, 1.3)))) is not None:
        room.before(room.make("Chair"), table, 0.02)
    counters = [o for o in row if o.type.name == "CounterTop"]
    for appliance in room.pick(("Microwave", "CoffeeMachine", "Toaster"), 2):
        _scatter(room, [appliance], counters, 1)
    _scatter(room, room.pick(MIDDLE_SIZED["kitchen"], 4), [table, *counters], 4)
    _scatter(room, room.pick(CLUTTER["kitchen"], 11), [*counters, table], 11)
    _finish(room, "kitchen", avoid=wall if fridge is None else None)


def living_room(room: RoomBuilder) -> None:
    """A sofa before a television, a coffee table between them, shelves and chairs."""
    wall = _wall(room)
    sofa = room.at_wall(room.make("Sofa"), wall, float(room.random.uniform(-0.5, 0.5)))
    table = room.before(room.make("CoffeeTable"), sofa, float(room.random.uniform(0.3, 0.45))) if sofa else None
    stand = room.at_wall(room.make("TVStand"), _opposite(wall), front=0.4) or room.at_wall(room.make("TVStand"))
    if stand is not None:
        room.on(room.make("Television", (0.75, 0.9)), stand, (-0.1, 0.1, -0.2, 0.2))
    if sofa is not None:
        for side in room.pick(("1", "-1"), 2):
            lamp_table = room.beside(room.make("SideTable"), sofa, int(side), 0.08)
            _scatter(room, ["DeskLamp", "Book"], [lamp_table], 1)
        for _ in range(int(room.random.integers(1, 3))):
            room.on(room.make("Pillow"), sofa)
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
    _scatter(room, room.pick(MIDDLE_SIZED["living_room"], 6), bases, 6)
    _scatter(room, room.pick(CLUTTER["living_room"], 7), bases, 7)
    _finish(room, "living_room")


def bedroom(room: RoomBuilder) -> None:
    """A bed with side tables, a desk with a chair, a dresser."""
    wall = _wall(room)
    bed = room.at_wall(room.make("Bed", (0.92, 1.0)), wall, float(room.random.uniform(-0.6, 0.6)))
    nights: list[SceneObject | None] = []
    if bed is not None:
        nights = [room.beside(room.make("SideTable"), bed, side, 0.05) for side in (1, -1)]
        for share in (-0.45, 0.45):
            room.on(room.make("Pillow"), bed, (share - 0.1, share + 0.1, -0.95, -0.75))
    desk = room.at_wall(room.make("Desk"), front=0.75)
    if desk is not None:
        room.before(room.make("Chair"), desk, -0.1)
    dresser = room.at_wall(room.make("Dresser"), front=0.55)
    if room.chance(0.5):
        nights.append(room.at_wall(room.make("ShelvingUnit"), front=0.4))
    if room.chance(0.4):
        room.at_wall(room.make("ArmChair"), front=0.4)
    bases = [desk, dresser, *nights]
    _scatter(room, room.pick(MIDDLE_SIZED["bedroom"], 5), bases, 5)
    _scatter(room, room.pick(CLUTTER["bedroom"], 7), bases, 7)
    if bed is not None and room.chance(0.5):
        room.on(room.make("TeddyBear"), bed, (-0.6, 0.6, 0.0, 0.8))
    _finish(room, "bedroom")


def bathroom(room: RoomBuilder) -> None:
    """A toilet, a sink, a tub, and small furniture for what is needed there."""
    room.at_wall(room.make("Bathtub"), front=0.5)
    sink = room.at_wall(room.make("Sink"), front=0.6)
    toilet = room.at_wall(room.make("Toilet"), front=0.6)
    dresser = room.at_wall(room.make("Dresser", (0.7, 0.85)), front=0.5)
    shelf = room.at_wall(room.make("ShelvingUnit", (0.75, 0.95)), front=0.4)
    cart = room.at_wall(room.make("Cart")) if room.chance(0.6) else room.at_wall(room.make("SideTable"))
    if sink is not None:
        x, _, z = sink.position
        wall = next(k for k, yaw in WALLS.items() if yaw == sink.rotation[1])
        room.at_wall(room.make("Mirror"), wall, x if wall in ("north", "south") else z, height=1.6)
    room.at_wall(room.make("TowelHolder"), height=1.35)
    if toilet is not None:
        room.at_wall(room.make("HandTowelHolder"), height=1.2)
    bases = [dresser, shelf, cart]
    _scatter(room, room.pick(MIDDLE_SIZED["bathroom"], 5), bases, 5)
    _scatter(room, room.pick(CLUTTER["bathroom"], 7), [*bases, sink], 7)
    _finish(room, "bathroom", things=5)


RECIPES: dict[str, Recipe] = {
    "kitchen": kitchen,
    "living_room": living_room,
    "bedroom": bedroom,
    "bathroom": bathroom,
}


def _wall(room: RoomBuilder) -> str:
    return list(WALLS)[int(room.random.integers(len(WALLS)))]


def _opposite(wall: str) -> str:
    return {"north": "south", "south": "north", "east": "west", "west": "east"}[wall]


def _counter_row(room: RoomBuilder, wall: str) -> list[SceneObject]:
    """Stand counters, sink and stove side by side along a wall."""
    length = room.style.width if wall in ("north", "south") else room.style.depth
    kinds = ["CounterTop", "Sink", "CounterTop", "StoveBurner"]
    if room.chance(0.5):
        kinds.reverse()
    fixed = sum(0.65 if k == "Sink" else 0.6 for k in kinds if k != "CounterTop")
    counter = min(1.5, (length - fixed - 0.15) / 2)
    depth = 0.62
    start = -length / 2 + 0.02 + float(room.random.uniform(0, max(0.0, length - fixed - 2 * counter - 0.12)))
    placed: list[SceneObject] = []
    for kind in kinds:
        width = {"CounterTop": counter, "Sink": 0.65}.get(kind, 0.6)
        item = room.make(kind, size=(width, 0.92, depth))
        # Along the north and the east wall the row runs the other way round as seen from inside; either is fine.
        added = room.at_wall(item, wall, start + width / 2)
        if added is not None:
            placed.append(added)
        start += width + 0.01
    return placed


def _scatter(room: RoomBuilder, names: Sequence[str], bases: Sequence[SceneObject | None], count: int) -> None:
    """Stand objects of the given types on any of the bases."""
    usable = [b for b in bases if b is not None]
    for name in list(names)[:count]:
        item = room.make(name)
        for index in room.random.permutation(len(usable)):
            if room.on(item, usable[index]) is not None:
                break


def _finish(room: RoomBuilder, kind: str, avoid: str | None = None, things: int = 6) -> None:
    """Add what hangs on the walls and what stands about on the floor."""
    room.at_wall(room.make("Doorway"), front=0.6)
    for _ in range(2):
        room.at_wall(room.make("Window"), height=1.5)
    for _ in range(int(room.random.integers(1, 3))):
        room.at_wall(room.make("Painting"), height=float(room.random.uniform(1.45, 1.65)))
    room.at_wall(room.make("LightSwitch"), None if avoid is None else _opposite(avoid), height=1.2)
    present = {o.type.name for o in room.world.objects.values()}
    choice = [n for n in ON_THE_FLOOR[kind] if n not in present]
    for name in room.pick(choice, things):
        item = room.make(name)
        if name in AT_THE_WALL and room.at_wall(item) is not None:
            continue
        room.on_floor(item)
