"""People say where small things are by large ones."""

from __future__ import annotations

from rls3.scene.figure import is_figure, volume
from tests.unit.scene_factory import thing


def test_a_mug_is_located_by_the_table_and_not_the_other_way_round():
    mug, table = thing("Mug", (0, 1, 0), (0.1, 0.1, 0.1)), thing("DiningTable", (0, 0.4, 0), (1.6, 0.8, 1.0))
    assert is_figure(mug, table) and not is_figure(table, mug)


def test_of_things_alike_neither_is_the_figure():
    chair, stool = thing("Chair", (0, 0, 0), (0.5, 0.9, 0.5)), thing("Stool", (1, 0, 0), (0.5, 0.5, 0.5))
    assert not is_figure(chair, stool) and not is_figure(stool, chair)


def test_the_ground_has_at_least_ten_times_the_volume():
    box, nine, ten = (thing("Box", (i, 0, 0), (float(size), 1.0, 1.0)) for i, size in enumerate((1, 9, 10)))
    assert volume(ten) == 10.0
    assert is_figure(box, ten) and not is_figure(box, nine)
