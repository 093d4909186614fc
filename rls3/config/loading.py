"""Reading a configuration: files merged left to right, overrides on top, each mistake told in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from rls3.config.config import Config
from rls3.errors import ConfigError, nearest


def load_config(files: Sequence[Path], overrides: Sequence[str] = ()) -> Config:
    """Merge YAML files left to right, then `section.key=value` overrides, and check the result.

    Args:
        files: YAML files; later ones win.
        overrides: texts such as "loop.rounds=2"; values are parsed as YAML.

    Raises:
        ConfigError: a missing or malformed file, an unknown key, a wrong value.
    """
    merged: dict[str, Any] = {}
    for path in files:
        _merge(merged, _read_yaml(path))
    for text in overrides:
        _merge(merged, _parse_override(text))
    source = ", ".join(str(path) for path in files) or "defaults"
    return _validated(merged, source if not overrides else f"{source} and --set")


def with_settings(config: Config, settings: Mapping[str, Any], source: str) -> Config:
    """A configuration with settings on top, checked like a file.

    Args:
        config: what the settings change.
        settings: "section.key" -> value.
        source: where they come from, for errors.

    Raises:
        ConfigError: an unknown key, a wrong value.
    """
    values = config.model_dump(mode="json")
    for key, value in settings.items():
        section, _, name = key.partition(".")
        _merge(values, {section: {name: value}})
    return _validated(values, source)


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        shipped = ", ".join(sorted(str(p) for p in Path("configs").glob("*.yaml"))) or "none in ./configs"
        raise ConfigError(f"configuration file '{path}' does not exist; files here: {shipped}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"configuration file '{path}' cannot be read: {error}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"'{path}' is not YAML: {' '.join(str(error).split())}") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigError(f"'{path}' must hold sections such as 'loop:', not a {type(content).__name__}")
    return content


def _parse_override(text: str) -> dict[str, Any]:
    key, equals, value = text.partition("=")
    names = key.strip().split(".")
    if key.strip() == "seed":  # the one key everybody sets; it lives in the run section
        names = ["run", "seed"]
    if not equals or len(names) != 2 or not all(names):
        raise ConfigError(f"--set '{text}' must look like section.key=value, for example loop.rounds=2")
    try:
        parsed = yaml.safe_load(value)
    except yaml.YAMLError:
        raise ConfigError(f"--set '{text}': the value is not YAML; quote it") from None
    return {names[0]: {names[1]: parsed}}


def _merge(into: dict[str, Any], new: Mapping[str, Any]) -> None:
    for key, value in new.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = dict(value) if isinstance(value, Mapping) else value


def _validated(values: dict[str, Any], source: str) -> Config:
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError("; ".join(_explain(problem) for problem in error.errors()) + f" (in {source})") from None


def _explain(problem: Any) -> str:
    path = [str(part) for part in problem["loc"]]
    where = ".".join(path)
    if problem["type"] == "extra_forbidden":
        allowed = _keys_of(path[:-1])
        return f"unknown key '{where}'{nearest(path[-1], allowed)}; allowed: {', '.join(allowed)}"
    message = problem["msg"].removeprefix("Value error, ")
    return f"{where}={problem['input']!r}: {message}" if path and problem["type"] != "value_error" else message


def _keys_of(path: Sequence[str]) -> list[str]:
    model: type[BaseModel] = Config
    for name in path:
        annotation = model.model_fields[name].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return []
        model = annotation
    return list(model.model_fields)
