"""The engine process: reads the command line and serves one client until it goes away."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from rls3.engine.mesh_pack import MeshPack
    from rls3.engine.protocol.transport import Transport

#: Exit statuses: started wrongly, or spoken to wrongly. Both are explained on stderr.
BAD_START, BAD_REQUEST = 2, 3


class _Parser(argparse.ArgumentParser):
    """Reports a bad command line in one line."""

    def error(self, message: str) -> NoReturn:
        _complain(message)
        sys.exit(BAD_START)


def parse_arguments(argv: list[str]) -> argparse.Namespace:
    """Read the engine's options; flags of the Unity player that mean nothing here are ignored."""
    parser = _Parser(prog="rls3-engine", allow_abbrev=False, description="The embedded scene engine.")
    parser.add_argument("-screen-width", type=int, default=300, help="picture width, pixels")
    parser.add_argument("-screen-height", type=int, default=300, help="picture height, pixels")
    parser.add_argument("--asset-database", type=Path, help="ProcTHOR asset database (JSON) with true asset sizes")
    parser.add_argument("--mesh-pack", type=Path, help="folder of OBJ or GLB files with meshes.json")
    parser.add_argument("--device", default="cpu", help="Warp device that renders: cpu or cuda:N")
    return parser.parse_known_args(argv)[0]


def main(argv: list[str] | None = None) -> int:
    """Serve the client named by the AI2THOR_* environment variables.

    Returns:
        0 when the client went away, 2 when the engine was not started by a client, 3 when the client sent something
        that is no request.
    """
    options = parse_arguments(sys.argv[1:] if argv is None else argv)
    missing = [name for name in _needed(os.environ) if name not in os.environ]
    if missing:
        _complain(
            f"the environment lacks {', '.join(missing)}; this program is started by ai2thor's Controller "
            "(local_executable_path='rls3-engine')"
        )
        return BAD_START
    # Loaded only now: a wrong command line is reported at once.
    from rls3.engine.errors import ActionError, RequestError
    from rls3.engine.protocol.server import Server
    from rls3.engine.protocol.transport import ClientGoneError
    from rls3.engine.session import Session

    try:
        meshes = _meshes(options.mesh_pack)
    except ActionError as error:
        _complain(str(error))
        return BAD_START
    session = Session(
        width=options.screen_width,
        height=options.screen_height,
        asset_database=options.asset_database,
        meshes=meshes,
        device=options.device,
    )
    try:
        Server(session, _transport(os.environ)).serve()
    except ClientGoneError:
        return 0
    except RequestError as error:
        _complain(str(error))
        return BAD_REQUEST
    return 0


def _meshes(folder: Path | None) -> MeshPack | None:
    if folder is None:
        return None
    from rls3.engine.mesh_pack import MeshPack

    return MeshPack.load(folder)


def _needed(environment: Mapping[str, str]) -> list[str]:
    kind = environment.get("AI2THOR_SERVER_TYPE")
    if kind is None:
        return ["AI2THOR_SERVER_TYPE"]
    if kind == "WSGI":
        return ["AI2THOR_PORT", "AI2THOR_CLIENT_TOKEN"]
    return ["AI2THOR_FIFO_SERVER_PIPE_PATH", "AI2THOR_FIFO_CLIENT_PIPE_PATH"]


def _transport(environment: Mapping[str, str]) -> Transport:
    if environment["AI2THOR_SERVER_TYPE"] == "WSGI":
        from rls3.engine.protocol.wsgi import WsgiTransport

        host = environment.get("AI2THOR_HOST", "127.0.0.1")
        return WsgiTransport(host, int(environment["AI2THOR_PORT"]), environment["AI2THOR_CLIENT_TOKEN"])
    from rls3.engine.protocol.fifo import FifoTransport

    return FifoTransport(environment["AI2THOR_FIFO_SERVER_PIPE_PATH"], environment["AI2THOR_FIFO_CLIENT_PIPE_PATH"])


def _complain(message: str) -> None:
    sys.stderr.write(f"rls3-engine: {message}\n")


if __name__ == "__main__":
    sys.exit(main())
