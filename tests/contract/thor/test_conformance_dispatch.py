"""How actions and their arguments are told from each other, and what comes back when they are wrong."""

from __future__ import annotations

import random
import string

import pytest


@pytest.mark.parametrize(
    ("action", "arguments", "answer"),
    [
        ("TestActionDispatchNoop", {}, "emptyargs"),
        ("TestActionDispatchNoop", {"param1": True}, "param1"),
        ("TestActionDispatchNoop", {"param1": True, "param2": False}, "param1 param2"),
        ("TestActionDispatchNoop2", {"param3": True, "param4": "foobar"}, "param3 param4/default foobar"),
        ("TestActionDispatchNoop2", {"param3": True}, "param3 param4/default foo"),
        ("TestActionDispatchNoopServerAction", {}, "serveraction"),
        ("TestActionDispatchNoopServerAction", {"objectId": "candle|1|2|3"}, "serveraction"),
        ("TestActionDispatchNoopAllDefault", {}, "alldefault"),
        ("TestActionDispatchNoopAllDefault2", {"param12": 9.0}, "somedefault"),
    ],
)
def test_arguments_choose_what_is_called(thor, action, arguments, answer):
    assert thor.step(action, **arguments).metadata["actionReturn"] == answer


@pytest.mark.parametrize(
    ("action", "arguments", "code"),
    [
        ("TestActionDispatchNoop", {"param6": "foo"}, "MissingArguments"),
        ("TestActionDispatchNoopFoo", {}, "InvalidAction"),
        ("Pass", {"speed": 1}, "InvalidArgument"),
        ("ChangeResolution", {"x": "wide", "y": 3}, "InvalidArgument"),
    ],
)
def test_a_wrong_call_raises_and_leaves_its_code(thor, action, arguments, code):
    with pytest.raises(ValueError, match=action):
        thor.step(action, **arguments)
    assert thor.last_event.metadata["errorCode"] == code
    assert not thor.last_event.metadata["lastActionSuccess"]


def test_an_argument_too_many_is_refused(either):
    with pytest.raises(ValueError, match="PutObject"):
        either.step("PutObject", x=0.0, y=0.0, z=1.0, forceAction=False, placeStationary=True)
    assert not either.last_event.metadata["lastActionSuccess"]
    assert either.last_event.metadata["errorMessage"]


def test_the_callers_arguments_are_not_touched(either):
    action = {"action": "RotateLook", "rotation": 0, "horizon": 0}
    either.step(action)
    assert action == {"action": "RotateLook", "rotation": 0, "horizon": 0}


def test_long_texts_come_back_whole(thor):
    text = "".join(random.Random(0).choices(string.ascii_letters, k=1 << 14))
    assert thor.step("TestActionReflectParam", rvalue=text).metadata["actionReturn"] == text


def test_a_place_outside_the_picture_fails_without_an_exception(either):
    event = either.step("OpenObject", x=1.5, y=0.5)
    assert not event
    assert event.metadata["errorMessage"]


def test_queries_are_answered_without_a_new_event_body(thor):
    turned = thor.step("RotateRight")
    query = thor.step("TestFastEmit", rvalue="foo")
    looked = thor.step("LookUp")
    again = thor.step("RotateRight")
    assert (turned.metadata["actionReturn"], query.metadata["actionReturn"]) == (None, "foo")
    assert query.metadata["objects"] is turned.metadata["objects"]
    assert looked.metadata["objects"] is not query.metadata["objects"]
    assert again.metadata["objects"] is not looked.metadata["objects"]
    assert (query.frame == turned.frame).all()


def test_queries_get_whole_events_on_request(thor):
    thor.reset(fastActionEmit=False)
    turned = thor.step("RotateRight")
    query = thor.step("TestFastEmit", rvalue="foo")
    assert query.metadata["actionReturn"] == "foo"
    assert query.metadata["objects"] is not turned.metadata["objects"]
