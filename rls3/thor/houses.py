"""Reading ProcTHOR house files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rls3.errors import ConfigError

_REQUIRED = ("rooms", "walls", "objects", "proceduralParameters")


def load_scene(name: str) -> str | dict[str, Any]:
    """What the client's `reset` takes for a scene name or a house file (*.json).

    Raises:
        ConfigError: the house file is missing, is not JSON, or is not a house.
    """
    if not name.endswith(".json"):
        return name
    try:
        house = json.loads(Path(name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"house file '{name}' of sim.scenes does not exist") from None
    except OSError as error:
        raise ConfigError(f"house file '{name}' of sim.scenes cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ConfigError(f"house file '{name}' of sim.scenes is not JSON: {error}") from None
    missing = [key for key in _REQUIRED if not isinstance(house, dict) or key not in house]
    if missing:
        raise ConfigError(f"'{name}' of sim.scenes is not a ProcTHOR house: it lacks {', '.join(missing)}")
    return dict(house)


def scene_id_of(name: str) -> str:
    """The id under which a scene is recorded: its name, or a house file's stem."""
    return Path(name).stem if name.endswith(".json") else name.removesuffix("_physics")
