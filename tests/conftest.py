"""What holds for every test."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_SLOW_TO_MAKE = ("matplotlib", "warp")


@pytest.fixture(autouse=True, scope="session")
def no_questions_in_the_users_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], None]]:
    """Keep what tests generate apart from what the user did; the fixture's value makes a folder the cache."""
    users = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    with pytest.MonkeyPatch.context() as patch:

        def use(cache: Path) -> None:
            cache.mkdir(parents=True, exist_ok=True)
            for name in _SLOW_TO_MAKE:  # compiled kernels and lists of fonts are as good as new
                (users / name).mkdir(parents=True, exist_ok=True)
                if not (cache / name).exists():
                    (cache / name).symlink_to(users / name)
            patch.setenv("XDG_CACHE_HOME", str(cache))

        use(tmp_path_factory.mktemp("cache"))
        yield use


@pytest.fixture(autouse=True, scope="module")
def no_ray_left_behind() -> Iterator[None]:
    """End the Ray that a module's tests started in this process, so that whole runs find the machine free."""
    yield
    ray = sys.modules.get("ray")
    if ray is not None and ray.is_initialized():
        ray.shutdown()
