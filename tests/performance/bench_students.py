"""Samples a second that a ViT-B/32-sized student trains on and scores, with random weights, as a run does both.

CLIP as openai/clip-vit-base-patch32 is made (224 pixels, 151 M parameters), ViLT as dandelin/vilt-b32-finetuned-vqa
(384 pixels, 113 M). On a GPU with bf16 and its utilisation; without one, float32 on one thread, and the line says so.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from transformers import (
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    CLIPProcessor,
    ViltConfig,
    ViltForQuestionAnswering,
    ViltImageProcessorPil,
    ViltProcessor,
)

sys.path.insert(0, str(Path(__file__).parents[2]))

from rls3.config import VlmConfig
from rls3.samples.record import Sample
from rls3.vlm.quiet import quiet_transformers
from rls3.vlm.tokenizer import build_tokenizer
from rls3.vlm.trainer import VLMTrainer
from rls3.vlm.vilt import term_labels
from tests.factories import make_sample

PIXELS = 224


def save_clip(folder: Path) -> None:
    """CLIP ViT-B/32, words by the project's tokenizer."""
    tokenizer = build_tokenizer()
    config = CLIPConfig()
    config.text_config.eos_token_id = tokenizer.sep_token_id
    CLIPModel(config).save_pretrained(folder)
    CLIPProcessor(image_processor=CLIPImageProcessorPil(), tokenizer=tokenizer).save_pretrained(folder)


def save_vilt(folder: Path) -> None:
    """ViLT-B/32, words by the project's tokenizer."""
    ViltForQuestionAnswering(ViltConfig(**term_labels())).save_pretrained(folder)
    pictures = ViltImageProcessorPil(size={"shortest_edge": 384}, size_divisor=32)
    ViltProcessor(image_processor=pictures, tokenizer=build_tokenizer()).save_pretrained(folder)


def pictures(count: int) -> list[Sample]:
    """Noise of a run's usual size; what it shows does not change how long it takes."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (count, PIXELS, PIXELS, 3), dtype=np.uint8)
    return [make_sample(sample_id=f"s{i}", image=image, mask=None) for i, image in enumerate(images)]


def measure(name: str, save: Callable[[Path], None], *, gpu: bool) -> str:
    """One student's line; a GPU first gets a batch that only warms it up."""
    batch, batches = (64, 16) if gpu else (4, 2)
    with tempfile.TemporaryDirectory() as place:
        with quiet_transformers():
            save(Path(place))
        config = VlmConfig(
            base=place, batch_size=batch, epochs=1, replay_share=0.0, accelerator="gpu" if gpu else "cpu",
            precision="bf16-mixed" if gpu else "32-true",
        )  # fmt: skip
        trainer = VLMTrainer(config, seed=0)
    asked = pictures(batch * batches)
    if gpu:
        trainer.fit(asked[:batch])
    with watched(gpu) as used_training:
        trained_s = trainer.fit(asked).seconds
    with watched(gpu) as used_scoring:
        started = time.perf_counter()
        trainer.score(asked)
        scored_s = time.perf_counter() - started
    where = f"bf16, {torch.cuda.get_device_name()}" if gpu else "float32, one CPU thread, no GPU here"
    return (
        f"{name}: trains {len(asked) / trained_s:.1f} samples/s{mean_text(used_training)}, scores "
        f"{len(asked) / scored_s:.1f} samples/s{mean_text(used_scoring)} (batches of {batch}, {where})"
    )


@contextmanager
def watched(gpu: bool) -> Iterator[list[float]]:
    """The GPU's utilisation in percent, asked of the driver five times a second; nothing without a GPU."""
    seen: list[float] = []
    done = threading.Event()
    query = ["nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits", "--id=0"]

    def watch() -> None:
        while not done.wait(0.2):
            seen.append(float(subprocess.run(query, capture_output=True, text=True, check=True).stdout))

    watcher = threading.Thread(target=watch)
    if gpu:
        watcher.start()
    yield seen
    done.set()
    if gpu:
        watcher.join()


def mean_text(percents: list[float]) -> str:
    """The mean as text, nothing when none was seen."""
    return f" at {sum(percents) / len(percents):.0f} % of the GPU" if percents else ""


if __name__ == "__main__":
    torch.manual_seed(0)
    for name, save in (("CLIP ViT-B/32", save_clip), ("ViLT-B/32", save_vilt)):
        print(measure(name, save, gpu=torch.cuda.is_available()), flush=True)  # noqa: T201
