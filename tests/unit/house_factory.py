"""Houses made up for the engine's tests: rooms in a row, joined by doors, with windows, lamps and furniture."""

from random import Random

WALL_HEIGHT = 2.7
WALL_PAINTS = ("WhiteDrywall", "BlueDrywall", "RedBrick")
FLOORS = ("OakPlanks", "GreyTile", "BeigeCarpet")


def vector(x=0.0, y=0.0, z=0.0):
    return {"x": x, "y": y, "z": z}


def wall(name, room, start, end, material="WhiteDrywall"):
    points = [vector(x, y, z) for y in (0.0, WALL_HEIGHT) for x, z in (start, end)]
    return {"id": name, "roomId": room, "material": {"name": material}, "polygon": points}


def opening(name, asset, wall0, wall1, rooms, hole, openness=0.0):
    u0, v0, u1, v1 = hole
    return {
        "id": name,
        "assetId": asset,
        "wall0": wall0,
        "wall1": wall1,
        "room0": rooms[0],
        "room1": rooms[1],
        "holePolygon": [vector(u0, v0), vector(u1, v1)],
        "openness": openness,
    }


def thing(name, asset, position, yaw=0.0, children=()):
    record = {"id": name, "assetId": asset, "position": vector(*position), "rotation": vector(0, yaw, 0)}
    return {**record, "kinematic": not children, "children": list(children)}


def make_house(seed, sizes):
    """A house of two or three rooms; `sizes` gives the box of each asset of `FURNITURE` it may hold."""
    random = Random(seed)
    rooms, walls, doors, windows, objects = [], [], [], [], []
    x = 0.0
    depth = random.choice((4.0, 4.5))
    for number in range(random.choice((2, 3))):
        room, wide = f"room|{number}", random.choice((3.5, 4.0, 5.0))
        corners = [(x, 0.0), (x, depth), (x + wide, depth), (x + wide, 0.0)]
        floor = {"name": random.choice(FLOORS)}
        polygon = [vector(cx, 0.0, cz) for cx, cz in corners]
        rooms.append({"id": room, "roomType": "Bedroom", "floorMaterial": floor, "floorPolygon": polygon})
        paint = random.choice(WALL_PAINTS)
        sides = zip(["west", "north", "east", "south"], corners, [*corners[1:], corners[0]], strict=True)
        walls += [wall(f"wall|{number}|{side}", room, a, b, paint) for side, a, b in sides]
        windows.append(
            opening(
                f"window|{number}", "Window_1", f"wall|{number}|north", "wall|exterior", (room, room), (1, 1, 2.2, 2)
            )
        )
        if number:
            names = (f"wall|{number}|west", f"wall|{number - 1}|east")
            doors.append(
                opening(f"door|{number}", "Doorway_1", *names, (room, f"room|{number - 1}"), (1.5, 0, 2.5, 2.1), 1.0)
            )
        objects += furniture(random, number, (x, wide, depth), sizes)
        x += wide
    return {
        "rooms": rooms,
        "walls": walls,
        "doors": doors,
        "windows": windows,
        "objects": objects,
        "proceduralParameters": {"lights": [], "ceilingMaterial": {"name": "WhiteCeiling"}},
        "metadata": {"schema": "1.0.0"},
    }


def furniture(random, number, place, sizes):
    """A table with things on it in the south of a room, a chest with a vase in its north-east."""
    x, wide, depth = place
    table, chest, mug, book = (random.choice(sizes[kind]) for kind in ("DiningTable", "Dresser", "Mug", "Book"))
    top, middle = table[1][1], (x + wide / 2, table[1][2] / 2 + 0.05)
    on_table = [
        thing(f"Mug|{number}|1", mug[0], (middle[0] - 0.2, top + mug[1][1] / 2, middle[1])),
        thing(f"Book|{number}|2", book[0], (middle[0] + 0.2, top + book[1][1] / 2, middle[1]), 90.0),
    ]
    return [
        thing(f"DiningTable|{number}|0", table[0], (middle[0], top / 2, middle[1]), 0.0, on_table),
        thing(f"Dresser|{number}|3", chest[0], (x + wide / 2, chest[1][1] / 2, depth - chest[1][2] / 2 - 0.01), 180.0),
    ]
