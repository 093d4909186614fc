"""A policy's weights in a file of their own, by which another run can start where this one ended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from rls3.errors import ConfigError

POLICY_FILE = "policy.safetensors"
_IN_RUN = Path("checkpoint") / "policy"
_PACKAGED = Path(__file__).parent / "policies"

Weights = Mapping[str, NDArray[np.float32]]


def save_policy(weights: Weights, folder: Path) -> None:
    """Write the weights into a folder that exists."""
    save_file({name: np.ascontiguousarray(values) for name, values in weights.items()}, folder / POLICY_FILE)


def load_policy(start: Path, like: Weights) -> Weights:
    """The weights that a packaged policy, a run, a practice or a checkpoint's policy folder holds.

    Args:
        start: as `ppo.start` says.
        like: weights of the policy that shall begin with them.

    Raises:
        ConfigError: there are none, they are damaged, or they belong to a policy of another shape.
    """
    files = [folder / POLICY_FILE for folder in (start / _IN_RUN, start, _PACKAGED / start)]
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        raise ConfigError(
            f"ppo.start='{start}' holds no policy ({_IN_RUN / POLICY_FILE} or {POLICY_FILE}); give 'rls3-policy', the "
            "folder of a run whose sampler was ppo and that finished a round, or null for fresh weights"
        )
    try:
        found: Weights = load_file(file)
    except (OSError, SafetensorError) as error:
        raise ConfigError(f"ppo.start: '{file}' is damaged ({error}); give another run, or null") from None
    shapes, wanted = ({name: values.shape for name, values in each.items()} for each in (found, like))
    if shapes != wanted:
        other = sorted(name for name in shapes.keys() | wanted.keys() if shapes.get(name) != wanted.get(name))
        raise ConfigError(
            f"ppo.start: '{file}' is a policy of another shape ({', '.join(other[:3])}); sampler.max_subjects, "
            "sampler.max_references and ppo.hidden must be those it was trained with, and so must the version of rls3"
        )
    return found
