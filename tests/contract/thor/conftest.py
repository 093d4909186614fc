"""One controller per transport for the whole suite; every test finds FloorPlan28 as it is at first."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import pytest

pytest.importorskip("ai2thor")

from ai2thor.fifo_server import FifoServer
from ai2thor.wsgi_server import WsgiServer

from tests.contract.thor.client import SCENE, Client, start


def _started(server_class: type) -> Iterator[tuple[Client, dict]]:
    controller = start(server_class=server_class)
    parameters = copy.deepcopy(controller.initialization_parameters)
    yield controller, parameters
    controller.stop()


@pytest.fixture(scope="session")
def fifo() -> Iterator[tuple[Client, dict]]:
    yield from _started(FifoServer)


@pytest.fixture(scope="session")
def wsgi() -> Iterator[tuple[Client, dict]]:
    yield from _started(WsgiServer)


def _fresh(started: tuple[Client, dict]) -> Client:
    controller, parameters = started
    controller.initialization_parameters = copy.deepcopy(parameters)
    controller.reset(SCENE, width=300, height=300)
    return controller


@pytest.fixture
def thor(fifo: tuple[Client, dict]) -> Client:
    """A controller over FIFO in the scene as it is at first."""
    return _fresh(fifo)


@pytest.fixture(params=["fifo", "wsgi"])
def either(request: pytest.FixtureRequest) -> Client:
    """The same over each transport."""
    return _fresh(request.getfixturevalue(request.param))
