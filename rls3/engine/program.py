"""The engine process: reads the command line and serves one client until it goes away."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from rls3.engine.server import Server
from rls3.engine.session import Session
from rls3.engine.transport import ClientGoneError, FifoTransport, Transport
from rls3.engine.wsgi import WsgiTransport


def parse_arguments(argv: list[str]) -> argparse.Namespace:
    """Read the engine's options; flags of the Unity player that mean nothing here are ignored."""
    parser = argparse.ArgumentParser(prog="rls3-engine", allow_abbrev=False, description="The embedded scene engine.")
    parser.add_argument("-screen-width", type=int, default=300, help="picture width, pixels")
    parser.add_argument("-screen-height", type=int, default=300, help="picture height, pixels")
    parser.add_argument("--asset-database", type=Path, help="ProcTHOR asset database (JSON) with true asset sizes")
    parser.add_argument("--device", default="cpu", help="Warp device that renders: cpu or cuda:N")
    return parser.parse_known_args(argv)[0]


def main(argv: list[str] | None = None) -> int:
    """Serve the client named by the AI2THOR_* environment variables.

    Returns:
        0 when the client went away, 2 when the engine was not started by a client.
    """
    options = parse_arguments(sys.argv[1:] if argv is None else argv)
    try:
        transport = _transport(os.environ)
    except KeyError as error:
        sys.stderr.write(
            f"rls3-engine: the environment lacks {error}; this program is started by ai2thor's Controller "
            "(local_executable_path='rls3-engine')\n"
        )
        return 2
    session = Session(
        width=options.screen_width,
        height=options.screen_height,
        asset_database=options.asset_database,
        device=options.device,
    )
    try:
        Server(session, transport).serve()
    except ClientGoneError:
        return 0
    return 0


def _transport(environment: Mapping[str, str]) -> Transport:
    """Return the transport the client asks for.

    Raises:
        KeyError: a variable of the client's is absent.
    """
    if environment["AI2THOR_SERVER_TYPE"] == "WSGI":
        host = environment.get("AI2THOR_HOST", "127.0.0.1")
        return WsgiTransport(host, int(environment["AI2THOR_PORT"]), environment["AI2THOR_CLIENT_TOKEN"])
    return FifoTransport(environment["AI2THOR_FIFO_SERVER_PIPE_PATH"], environment["AI2THOR_FIFO_CLIENT_PIPE_PATH"])


if __name__ == "__main__":
    sys.exit(main())
