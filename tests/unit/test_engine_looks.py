import pytest
from engine_factory import block, session_of, thing

from rls3.engine.pictures.lighting import scene_lighting
from rls3.engine.protocol.server import handle
from rls3.engine.render.scene import DirectionalLight, Lighting, PointLight
from rls3.engine.world.paint import painted_parts

SUNNY = Lighting((PointLight((0.0, 2.2, 0.0)), PointLight((1.0, 2.2, 0.0))), DirectionalLight((0.0, -1.0, 0.0)))


def step(session, action, **arguments):
    return handle(session, {"action": action, "sequenceId": 1, "renderImage": False, **arguments}).body["agents"][0]


def furnished(name="FloorPlan5_physics"):
    session = session_of(thing("Sofa|1", (0.0, 0.0, 0.0)), thing("Mug|1", (1.0, 0.0, 1.0)))
    session.world.scene_name = name
    session.world.relight(SUNNY)
    return session


def colors(session):
    """All materials as they are drawn now, of walls, floor and objects."""
    world = session.world
    drawn = [painted_parts(p.parts, p.paint, p.name) for p in world.shell.pieces]
    drawn += [painted_parts(o.model.parts, o.state.paint, o.type.name) for o in world.objects.values()]
    return [part.material for parts in drawn for part in parts]


@pytest.mark.parametrize(
    ("scene", "used"),
    [
        ("FloorPlan20_physics", {"Train", "External"}),
        ("FloorPlan221_physics", {"Val"}),
        ("FloorPlan325_physics", {"Val"}),
        ("FloorPlan426_physics", {"Test"}),
    ],
)
def test_the_scene_decides_which_materials_are_used(scene, used):
    said = step(furnished(scene), "RandomizeMaterials")["actionReturn"]
    assert {k for k in ("Train", "Val", "Test", "External") if said[f"use{k}Materials"]} == used
    assert set(said["chosenRoomTypes"]) == {"bedroom", "bathroom", "livingroom", "kitchen", "robothor"}


def test_more_room_types_mean_more_materials():
    session = furnished()
    counts = [
        step(session, "RandomizeMaterials", inRoomTypes=kinds)["actionReturn"]["totalMaterialsConsidered"]
        for kinds in (["Kitchen"], ["Kitchen", "LivingRoom"], None)
    ]
    assert counts == sorted(set(counts))


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"useTrainMaterials": False}, "cannot set useTrainMaterials=false inside of a train scene"),
        ({"inRoomTypes": ["LivingRoom"]}, 'inRoomTypes must include "kitchen" inside of a kitchen scene'),
        (
            {"inRoomTypes": ["Cellar"]},
            "inRoomTypes contains unknown room type: Cellar. Valid room types include Bedroom",
        ),
    ],
)
def test_wrong_materials_are_refused(arguments, text):
    assert text in step(furnished(), "RandomizeMaterials", **arguments)["errorMessage"]


@pytest.mark.parametrize("change", ["Materials", "Colors"])
def test_looks_follow_the_seed_and_go_back(change):
    results = []
    for seed in (41, 42, 41):
        session = furnished()
        before = colors(session)
        step(session, "SetRandomSeed", seed=seed)
        step(session, f"Randomize{change}")
        results.append(colors(session))
        changed = sum(a != b for a, b in zip(before, results[-1], strict=True))
        assert changed > len(before) / 2
        step(session, f"Reset{change}")
        assert colors(session) == before
    assert results[0] == results[2] != results[1]


def test_colors_and_materials_are_reset_apart_and_states_keep_them():
    session = furnished()
    own = colors(session)
    step(session, "RandomizeMaterials")
    materials = colors(session)
    step(session, "RandomizeColors")
    step(session, "DirtyObject", objectId="Mug|1", forceAction=True)
    step(session, "CleanObject", objectId="Mug|1", forceAction=True)
    step(session, "ResetColors")
    assert colors(session) == materials
    step(session, "ResetMaterials")
    assert colors(session) == own


def test_light_changes_together_or_apart_and_goes_back():
    session = session_of()
    session.world.shell = type(session.world.shell)(session.world.shell.pieces, session.world.shell.rooms, SUNNY)
    step(session, "RandomizeLighting", synchronized=True)
    first, second = scene_lighting(session.world).points
    assert (first.color, first.intensity) == (second.color, second.intensity)
    assert first.color != SUNNY.points[0].color
    step(session, "RandomizeLighting", randomizeColor=False, brightness=[2.0, 3.0])
    light = scene_lighting(session.world)
    assert [p.color for p in light.points] == [p.color for p in SUNNY.points]
    factors = [p.intensity / q.intensity for p, q in zip(light.points, SUNNY.points, strict=True)]
    factors.append(light.sun.intensity / SUNNY.sun.intensity)
    assert all(2 <= f <= 3 for f in factors)
    assert len(set(factors)) == 3
    step(session, "ResetLighting")
    assert scene_lighting(session.world) == SUNNY


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"brightness": [-1, 1]}, "Each brightness must be >= 0, not brightness=[-1.0, 1.0]."),
        ({"hue": [0, 2]}, "hue range must be in [0:1], not hue=[0.0, 2.0]."),
        ({"saturation": [0.5]}, "must each have 2 values. You gave saturation=[0.5]."),
        ({"randomizeColor": False, "hue": [0, 1]}, "Cannot pass in randomizeColor=False while also providing hue="),
    ],
)
def test_wrong_light_is_refused(arguments, text):
    assert text in step(session_of(), "RandomizeLighting", **arguments)["errorMessage"]


def test_time_passes_only_when_it_is_stepped():
    session = session_of(block("Mug|1", (0.1, 0.1, 0.1), (0.0, 0.05, 0.0)))
    before = step(session, "Pass")
    assert "Use PausePhysicsAutoSim first" in step(session, "AdvancePhysicsStep")["errorMessage"]
    step(session, "PausePhysicsAutoSim")
    seconds = session.seconds
    after = step(session, "AdvancePhysicsStep", timeStep=0.02, simSeconds=1.0)
    assert after["objects"] == before["objects"]
    assert session.seconds >= seconds + 1.0
    assert "timeStep must be in (0, 0.05]" in step(session, "AdvancePhysicsStep", timeStep=0.2)["errorMessage"]
    assert "simSeconds must not be below 0" in step(session, "AdvancePhysicsStep", simSeconds=-1)["errorMessage"]
    step(session, "UnpausePhysicsAutoSim")
    assert not step(session, "AdvancePhysicsStep")["lastActionSuccess"]
