"""A Ray of this process's own, for runs that are given no cluster."""

from __future__ import annotations

import os
from typing import Any

import ray


def start_own_ray(*, object_store_bytes: int, **options: Any) -> None:
    """Start Ray on this machine for this process and its workers.

    No other cluster here is joined. Token authentication is off: with it, the first `ray.init` leaves a token
    file in the home folder that later makes `ray start` and `ray job submit` disagree (Ray 2.59 and newer). On a
    machine that untrusted others can reach, start a cluster with a token and name it in runtime.address.

    Args:
        object_store_bytes: size of the object store.
        options: further arguments of `ray.init`.
    """
    os.environ.setdefault("RAY_AUTH_MODE", "disabled")
    ray.init(
        address="local",
        include_dashboard=False,
        object_store_memory=object_store_bytes,
        log_to_driver=False,
        logging_level="ERROR",
        **options,
    )
