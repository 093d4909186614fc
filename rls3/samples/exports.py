"""Samples in the layouts that other people's trainers and scorers read.

Each export is written beside its folder and renamed at the end: a folder that is there is whole. Only valid samples
are exported; the same samples give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import math
import shutil
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from rls3.errors import SampleStoreError
from rls3.samples.pictures import encode_png
from rls3.samples.record import Sample

Layout = Literal["llava", "webdataset", "whatsup"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
TAR_SAMPLES = 1000
LETTERS = "ABCDEFGH"


def export(samples: Iterable[Sample], layout: Layout, out: Path, *, overwrite: bool = False) -> int:
    """Write the valid ones of `samples` to a new folder; returns how many the layout could hold.

    - "llava": `conversations.json`, a list of {id, image, conversations}, and `images/`. `image` is a list of two for
      questions on a change. Choices are lettered and answered by letter.
    - "webdataset": `000000.tar` ... of `TAR_SAMPLES` samples, members `<sample id>.png`, `.before.png` (questions on a
      change) and `.json` (question, options, answer and whatever else the record says in plain values).
    - "whatsup": `captions.json`, a list of {image_path, caption_options} with the true caption first as What'sUp has
      it, and `images/`; caption choices on one picture only, the other samples are left out.

    Args:
        samples: read once, one after another.
        layout: which.
        out: the new folder.
        overwrite: whether an earlier export in `out` may be replaced; other files there are never touched.

    Raises:
        SampleStoreError: `out` is not empty, or no sample suits the layout.
    """
    write: Callable[[Iterable[Sample], Path], int] = {"llava": _llava, "webdataset": _tars, "whatsup": _whatsup}[layout]
    _check_free(out, overwrite)
    hidden = out.with_name(f".{out.name}.part")
    shutil.rmtree(hidden, ignore_errors=True)
    hidden.mkdir(parents=True)
    count = write((sample for sample in samples if sample.valid and sample.image is not None), hidden)
    if not count:
        shutil.rmtree(hidden)
        hint = ": it takes caption choices; generate some with questions.kinds=[caption_choice]"
        raise SampleStoreError(f"no sample suits the layout '{layout}'" + (hint if layout == "whatsup" else ""))
    if out.exists():
        shutil.rmtree(out)
    hidden.replace(out)
    return count


def _check_free(out: Path, overwrite: bool) -> None:
    if not out.exists():
        return
    names = [path.name for path in out.iterdir()] if out.is_dir() else [out.name]
    foreign = [n for n in names if n not in ("conversations.json", "captions.json", "images") and n[-4:] != ".tar"]
    if foreign or not out.is_dir():
        raise SampleStoreError(f"'{out}' is no export's folder (it holds '{foreign[0]}'); choose another --out")
    if names and not overwrite:
        raise SampleStoreError(f"'{out}' is not empty; choose another --out, or replace the export with --overwrite")


def _llava(samples: Iterable[Sample], folder: Path) -> int:
    with _json_list(folder / "conversations.json") as put:
        count = 0
        for sample in samples:
            images = [_saved(pixels, folder) for pixels in _pictures(sample)]
            put(
                {
                    "id": sample.sample_id,
                    "image": images[0] if len(images) == 1 else images,
                    "conversations": [
                        {"from": "human", "value": "<image>\n" * len(images) + prompt(sample)},
                        {"from": "gpt", "value": reply(sample)},
                    ],
                }
            )
            count += 1
    return count


def prompt(sample: Sample) -> str:
    """The question as a chat turn: choices lettered, one per line, and how to answer."""
    if sample.kind in ("multiple_choice", "caption_choice"):
        choices = "\n".join(f"{letter}. {text}" for letter, text in zip(LETTERS, sample.options, strict=False))
        return f"{sample.question}\n{choices}\nAnswer with the option's letter from the given choices directly."
    return f"{sample.question}\nAnswer the question using a single word or phrase."


def reply(sample: Sample) -> str:
    """The right answer to `prompt`: a letter, "yes" or "no", or the canonical short answer."""
    lettered = sample.kind in ("multiple_choice", "caption_choice")
    return LETTERS[sample.answer] if lettered else sample.options[sample.answer]


def _whatsup(samples: Iterable[Sample], folder: Path) -> int:
    with _json_list(folder / "captions.json") as put:
        count = 0
        for sample in samples:
            if sample.kind != "caption_choice" or sample.before is not None:
                continue
            (image,) = (_saved(pixels, folder) for pixels in _pictures(sample))
            others = [text for i, text in enumerate(sample.options) if i != sample.answer]
            put({"image_path": image, "caption_options": [sample.options[sample.answer], *others]})
            count += 1
    return count


def _tars(samples: Iterable[Sample], folder: Path) -> int:
    rest, count = iter(samples), 0
    while (first := next(rest, None)) is not None:
        with tarfile.open(folder / f"{count // TAR_SAMPLES:06d}.tar", "w") as tar:
            for sample in itertools.chain([first], itertools.islice(rest, TAR_SAMPLES - 1)):
                key = sample.sample_id.replace(".", "_")  # WebDataset ends a key at its first dot
                for name, pixels in zip(("png", "before.png"), reversed(_pictures(sample)), strict=False):
                    _add(tar, f"{key}.{name}", encode_png(pixels))
                _add(tar, f"{key}.json", json.dumps(plain_values(sample)).encode())
                count += 1
    return count


def plain_values(sample: Sample) -> dict[str, Any]:
    """What a record says in numbers, texts and lists of them: all but pictures and scenes; NaN becomes None."""
    scenes = ("objects", "before_objects")
    kept = {name: value for name, value in vars(sample).items() if isinstance(value, str | int | float | tuple)}
    return {name: _plain(value) for name, value in kept.items() if name not in scenes}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _pictures(sample: Sample) -> list[NDArray[np.uint8]]:
    return [pixels for pixels in (sample.before, sample.image) if pixels is not None]


def _saved(pixels: NDArray[np.uint8], folder: Path) -> str:
    """Save a picture under the name of its content, once; returns its path within the folder."""
    data = encode_png(pixels)
    path = folder / "images" / f"{hashlib.sha256(data).hexdigest()[:20]}.png"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return str(path.relative_to(folder))


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))


@contextmanager
def _json_list(path: Path) -> Iterator[Callable[[Any], None]]:
    """A JSON list that is written element by element."""
    separator = "\n"

    def put(value: Any) -> None:
        nonlocal separator
        file.write(separator + json.dumps(value))
        separator = ",\n"

    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        yield put
        file.write("\n]\n")
