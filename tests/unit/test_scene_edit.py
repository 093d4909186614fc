"""An edit in words, and which term a placement leads to."""

from rls3.scene.edit import OPPOSITES, PLACEMENTS, TERMS, Edit, implied


def test_the_usual_is_not_said() -> None:
    assert Edit("Pot|1", "Sink|1", "left", 1).words == "left"
    assert (
        Edit("Pot|1", "Sink|1", "on", 1, "reference", "far", 90, "light").words
        == "on, reference asked, far, turn 90, light"
    )
    assert Edit("Pot|1", "Sink|1", "between", 1, turn=180).words == "between, turn 180"


def test_placements_lead_to_terms() -> None:
    assert PLACEMENTS[: len(TERMS)] == TERMS
    assert {placement: implied(placement) for placement in PLACEMENTS[len(TERMS) :]} == {
        "on": "above",
        "under": "below",
        "between": None,
    }
    assert all(implied(term) == term for term in TERMS)


def test_asked_from_the_other_side_a_placement_leads_to_the_opposite() -> None:
    assert Edit("Pot|1", "Sink|1", "left", 1).about == ("Pot|1", "Sink|1")
    assert Edit("Pot|1", "Sink|1", "left", 1, "reference").about == ("Sink|1", "Pot|1")
    assert all(OPPOSITES[OPPOSITES[term]] == term != OPPOSITES[term] == implied(term, "reference") for term in TERMS)
    assert implied("on", "reference") == "below" and implied("between", "reference") is None
