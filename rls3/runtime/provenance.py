"""What a model was trained on, as far as files tell: the samples of its run, and those of what that run began with."""

from __future__ import annotations

from pathlib import Path

from rls3.benchmarks.leaks import Provenance
from rls3.config import load_config
from rls3.samples.ledger import MANIFEST, Ledger
from rls3.samples.shard import shard_batches
from rls3.scene.split import TRAIN_SCENES
from rls3.vlm.student import packaged_models

_SAMPLES, _CONFIG = "samples", "config.yaml"


def provenance_of_model(model: str) -> Provenance | None:
    """The provenance of a packaged model, or of one in the folder of a run; None where no file tells it.

    Args:
        model: as in `vlm.base`.
    """
    if model in packaged_models():
        return Provenance.of_scenes(TRAIN_SCENES)
    run = next((path for path in Path(model).resolve().parents if (path / _SAMPLES / MANIFEST).is_file()), None)
    return None if run is None else provenance_of_samples(run)


def provenance_of_samples(folder: Path) -> Provenance:
    """The scenes in a run's folder or a data set's; of a run also what its base model was trained on.

    Raises:
        SampleStoreError: it is neither.
    """
    samples = folder / _SAMPLES if (folder / _SAMPLES / MANIFEST).is_file() else folder
    ledger = Ledger.existing(samples)
    files = [samples / shard.file for shard in ledger.shards]
    batches = (batch for path in files for batch in shard_batches(path, columns=["scene_id"]))
    found = Provenance.of_scenes(scene for batch in batches for scene in batch.column("scene_id").to_pylist())
    if samples == folder or not (folder / _CONFIG).is_file():
        return found
    return found | (provenance_of_model(load_config([folder / _CONFIG]).vlm.base) or Provenance())
