"""Houses: templates, building, and the truth of their geometry."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.contract.thor.client import close

PLAIN = {"material": {"unlit": False, "color": {"r": 1.0, "g": 0.2, "b": 0.2, "a": 1.0}}}
PARAMETERS = {
    "floorColliderThickness": 1.0,
    "receptacleHeight": 0.7,
    "skyboxId": "Sky1",
    "ceilingMaterial": {"name": "ps_mat"},
}


def template(layout: str, *plans: str, **things: Any) -> dict[str, Any]:
    """A template with a room for each digit of the layout."""
    return {
        "id": "house_0",
        "layout": layout,
        "objectsLayouts": list(plans),
        "rooms": {
            name: {
                "wallTemplate": PLAIN,
                "floorTemplate": {"roomType": "Bedroom", "floorMaterial": {"name": "DarkWoodFloors"}},
                "floorYPosition": 0.0,
                "wallHeight": 3.0,
            }
            for name in sorted(set(layout.split()) - {"0"})
        },
        "holes": {"=": {"room0": "1", "openness": 1.0, "assetId": "Doorway_1"}} if "=" in "".join(plans) else {},
        "objects": things,
        "proceduralParameters": PARAMETERS,
        "metadata": {"schema": "1.0.0"},
    }


ONE_ROOM = template("""
    0 0 0 0 0 0
    0 1 1 1 1 0
    0 1 1 1 1 0
    0 1 1 1 1 0
    0 1 1 1 1 0
    0 0 0 0 0 0
""")
TWO_ROOMS = template(
    """
    0 0 0 0 0 0
    0 2 2 2 2 0
    0 2 2 2 2 0
    0 1 1 1 1 0
    0 1 1 1 1 0
    0 0 0 0 0 0
    """,
    """
    0 0 0 0 0 0
    0 2 2 2 2 0
    0 2 2 2 = 0
    0 1 1 1 = 0
    0 1 1 1 + 0
    0 0 0 0 0 0
    """,
    """
    0 0 0 0 0 0
    0 2 2 2 2 0
    0 2 2 2 = 0
    0 1 1 1 = 0
    0 1 * 1 $ 0
    0 0 0 0 0 0
    """,
    **{
        "+": {"kinematic": False, "assetId": "Chair_007_1"},
        "$": {"kinematic": False, "assetId": "Apple_4", "position": {"x": 0, "y": 2, "z": 0}},
        "*": {
            "kinematic": False,
            "assetId": "Dining_Table_16_2",
            "rotation": {"axis": {"x": 0, "y": 1, "z": 0}, "degrees": 90},
        },
    },
)


def built(thor, plan):
    """The house of a template and the event after it was built."""
    house = thor.step("GetHouseFromTemplate", template=plan, raise_for_failure=True).metadata["actionReturn"]
    return house, thor.step("CreateHouse", house=house, raise_for_failure=True)


def test_the_same_template_gives_the_same_house(thor):
    thor.reset("Procedural")
    poses = []
    for _ in range(6):
        _, event = built(thor, TWO_ROOMS)
        found = {o["name"]: (o["position"], o["rotation"]) for o in event.metadata["objects"] if o["name"] in "+$*"}
        assert found.keys() == {"+", "$", "*"}
        poses.append(found)
    for other in poses[1:]:
        assert all(close(a, b, 1e-5) for name in other for a, b in zip(other[name], poses[0][name], strict=True))


def test_the_depth_of_an_empty_room_is_that_of_its_walls(thor):
    thor.reset("Procedural", renderDepthImage=True, fieldOfView=90)
    house, _ = built(thor, ONE_ROOM)
    corners = np.array([[p["x"], p["z"]] for p in house["rooms"][0]["floorPolygon"]])
    low, high = corners.min(axis=0), corners.max(axis=0)
    x, z = (low + high) / 2
    event = thor.step(
        "TeleportFull", x=x, y=0.901, z=z, rotation={"x": 0, "y": 0, "z": 0}, horizon=0, standing=True, forceAction=True
    )
    eye = event.metadata["cameraPosition"]["y"]
    steps = (2 * np.arange(300) + 1 - 300) / 300
    across, up = np.meshgrid(steps, -steps)
    with np.errstate(divide="ignore"):
        sides = (high[0] - x) / np.abs(across)
        levels = np.where(up > 0, 3.0 - eye, eye) / np.abs(up)
    expected = np.minimum(np.minimum(sides, levels), high[1] - z)
    assert np.abs(event.depth_frame - expected).mean() <= 0.1
