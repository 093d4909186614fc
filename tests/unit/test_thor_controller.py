"""Starting programs that are no engine, and an engine that falls silent or dies, behind the real client."""

import stat
import sys
import time
from pathlib import Path

import ai2thor.platform
import pytest

from rls3.config import SimConfig
from rls3.errors import ConfigError, EngineLostError, EngineStartError
from rls3.thor.controller import EngineController, engine_command, start_controller, start_parameters

FAKE_ENGINE = """#!{python}
import json, os, struct, sys, time
import msgpack

def frame(kind, body=b""):
    return struct.pack("!BI", kind, len(body)) + body

out = open(os.environ["AI2THOR_FIFO_SERVER_PIPE_PATH"], "wb", buffering=0)
source = None
action, sequence = "", 0
while True:
    agent = dict(screenWidth=64, screenHeight=64, thirdPartyCameras=[], lastActionSuccess=True, errorCode=None,
                 errorMessage="", actionReturn=None, lastAction=action, sceneName="FloorPlan1_physics", colors=None)
    if action == "GetScenesInBuild":
        agent["actionReturn"] = ["FloorPlan1_physics", "FloorPlan2_physics"]
    body = msgpack.dumps(dict(sequenceId=sequence, agents=[agent], thirdPartyCameras=[], activeAgentId=0))
    out.write(frame(1, body) + frame(255))
    if source is None:
        source = open(os.environ["AI2THOR_FIFO_CLIENT_PIPE_PATH"], "rb")
    kind, length = struct.unpack("!BI", source.read(5))
    message = json.loads(source.read(length))
    source.read(5)
    action, sequence = message["action"], message["sequenceId"]
    if action == "Die":
        sys.exit(3)
    if action == "Hang":
        time.sleep(60)
    if action == "Fatal":
        out.write(frame(255))
"""


@pytest.fixture
def fake_engine(tmp_path):
    path = tmp_path / "folder with blanks" / "engine"
    path.parent.mkdir()
    path.write_text(FAKE_ENGINE.format(python=sys.executable))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def sim_of(path, **changes):
    return SimConfig(executable=path, width=64, height=64, **{"start_timeout_s": 20, "step_timeout_s": 1, **changes})


@pytest.fixture
def controller(fake_engine, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    monkeypatch.delenv("DISPLAY", raising=False)
    running = start_controller(sim_of(fake_engine), "FloorPlan1")
    yield running
    running.stop()


def test_starts_without_display_with_a_cuda_device_and_a_path_with_blanks(controller):
    assert isinstance(controller, EngineController)
    assert controller.step("Pass").metadata["sceneName"] == "FloorPlan1_physics"


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ("Die", r"closed its reply pipe.* during Die"),
        ("Hang", r"did not answer within 1 s \(sim.step_timeout_s\).* during Hang"),
        ("Fatal", r"reported that it ended.* during Fatal"),
    ],
)
def test_a_dead_or_silent_engine_is_lost_at_once(controller, action, message):
    begin = time.perf_counter()
    with pytest.raises(EngineLostError, match=message):
        controller.step(action)
    assert time.perf_counter() - begin < 2.5
    with pytest.raises(EngineLostError, match="was lost in an earlier step"):
        controller.step("Pass")
    assert controller.server.unity_proc.wait(2) is not None


def test_a_request_larger_than_the_pipe_does_not_block_for_ever(controller):
    controller.server._send_message(2, b'{"action": "Hang", "sequenceId": 1}')
    with pytest.raises(EngineLostError, match=r"did not take a request within 1 s"):
        controller.step("Pass", filler="x" * 300_000)


def test_a_scene_the_engine_lacks(fake_engine):
    with pytest.raises(
        ConfigError,
        match=r"the engine has no scene 'FloorPlan3' \(did you mean 'FloorPlan\d'\?\); it has 2, .*sim.scenes",
    ):
        start_controller(sim_of(fake_engine), "FloorPlan3")


def test_a_program_that_ends_is_no_engine(tmp_path):
    with pytest.raises(
        EngineStartError, match=r"/bin/true did not start as an AI2-THOR engine: the engine ended.*sim.executable"
    ):
        start_controller(sim_of("/bin/true"), "FloorPlan1")


def test_a_program_that_never_answers_is_stopped(tmp_path):
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\necho not an engine\nexec sleep 30\n")
    sleeper.chmod(0o755)
    begin = time.perf_counter()
    with pytest.raises(
        EngineStartError, match=r"did not answer within 1 s.*sim.executable.*the engine said: not an engine"
    ):
        start_controller(sim_of(sleeper, start_timeout_s=1), "FloorPlan1")
    assert time.perf_counter() - begin < 5


def test_files_that_cannot_be_started(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    with pytest.raises(EngineStartError, match=r"notes.txt' is not executable \(chmod \+x, or set sim.executable\)"):
        engine_command(sim_of(text))
    with pytest.raises(EngineStartError, match=r"nowhere' does not exist; set sim.executable"):
        engine_command(sim_of(tmp_path / "nowhere"))
    text.chmod(0o755)
    with pytest.raises(EngineStartError, match=r"did not start as an AI2-THOR engine: .*Exec format error"):
        start_controller(sim_of(text), "FloorPlan1")


def test_the_embedded_engine_gets_its_asset_table(tmp_path):
    table = tmp_path / "asset table.json"
    with pytest.raises(ConfigError, match=r"sim\.asset_database .* does not exist"):
        engine_command(SimConfig(asset_database=table))
    table.write_text("{}")
    assert engine_command(SimConfig(asset_database=table)).endswith(f"rls3-engine --asset-database '{table}'")
    assert engine_command(SimConfig(engine="unity", commit_id="abc")) is None


def test_a_home_that_cannot_be_written_is_replaced(fake_engine, monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("HOME", str(blocked))
    running = start_controller(sim_of(fake_engine), "FloorPlan1")
    running.stop()
    assert not running.base_dir.startswith(str(blocked))


def test_a_unity_build_is_asked_for_as_the_client_wants_it():
    parameters = start_parameters(SimConfig(engine="unity", commit_id="abc"))
    assert parameters["platform"] is ai2thor.platform.CloudRendering
    assert parameters["commit_id"] == "abc"
    own = start_parameters(SimConfig(engine="unity", executable=Path("/some/build")))
    assert "platform" not in own
