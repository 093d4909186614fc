"""Pictures of a run: a contact sheet of samples, learning curves, and what the sampler chose."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from rls3.samples.record import Sample
from rls3.samples.scores import Evaluation
from rls3.scene.edit import TERMS
from rls3.tracking.records import RoundRecord

SUBJECT_COLOR: Final = (255, 140, 0)
REFERENCE_COLOR: Final = (0, 176, 240)
ABOUT_COLORS: Final = (SUBJECT_COLOR, REFERENCE_COLOR, (214, 60, 200), (90, 200, 60))
"""Outlines of the objects of a question in their order; those beyond the fourth look like it."""
TERM_COLORS: Final[dict[str, str]] = dict(
    zip(TERMS, ("#d1495b", "#00798c", "#edae49", "#5b5f97", "#2e933c", "#8f5d3b"), strict=True)
)
CHART_DENSITY: Final = 1.6
"""Pixels of a chart's PNG per pixel of a page, so that it is crisp on dense screens."""
_INK, _GRAY, _GREEN, _RED = (32, 33, 36), (110, 112, 118), (22, 122, 60), (190, 40, 40)
_NOTHING = (240, 241, 243)
_EDGE, _GAP, _LINE, _TEXT = 224, 14, 16, 12
_BOLD_WIDTH = 29
"""Characters of bold text in a line of a cell."""


Line = tuple[str, tuple[int, int, int], bool]
"""Text, colour, and whether it is bold."""


def contact_sheet(samples: Sequence[Sample], path: Path, columns: int = 6) -> None:
    """Write a PNG of pictures with outlines of what is asked about, and what was asked and is true below each.

    A question on a change has the picture before it in a cell of its own.

    Args:
        samples: those to show; one without picture shows its reasons alone.
        path: the PNG; its folder is made.
        columns: pictures per row.
    """
    cells = [cell for sample in samples for cell in _cells(sample)]
    rows = max(1, -(-len(cells) // columns))
    most_lines = max((len(lines) for _, lines in cells), default=0)
    cell_height = _EDGE + most_lines * _LINE + 2 * _GAP
    size = (columns * (_EDGE + _GAP) + _GAP, rows * cell_height + 2 * _GAP + _LINE)
    sheet = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(sheet)
    regular, bold = _font("DejaVuSans.ttf"), _font("DejaVuSans-Bold.ttf")
    _legend(pen, bold, most=max((len(sample.about) for sample in samples), default=0))
    for index, (picture, lines) in enumerate(cells):
        row, column = divmod(index, columns)
        left, top = _GAP + column * (_EDGE + _GAP), 2 * _GAP + _LINE + row * cell_height
        if picture is not None:
            sheet.paste(picture, (left, top))
        else:
            pen.rectangle((left, top, left + _EDGE - 1, top + _EDGE - 1), fill=_NOTHING)
            pen.text((left + _EDGE / 2, top + _EDGE / 2), "no picture", fill=_GRAY, font=regular, anchor="mm")
        for line, (text, color, heavy) in enumerate(lines):
            place = (left, top + _EDGE + 4 + line * _LINE)
            pen.text(place, text, fill=color, font=bold if heavy else regular)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, format="PNG")


def _cells(sample: Sample) -> Iterator[tuple[Image.Image | None, list[Line]]]:
    if sample.before is not None:
        yield _outlined(sample.before, None), [("before; the picture after it follows", _GRAY, False)]
    yield None if sample.image is None else _outlined(sample.image, sample.mask), _lines(sample)


def _legend(pen: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, most: int) -> None:
    left = _GAP
    entries = zip(("subject", "reference", "third", "fourth"), ABOUT_COLORS, strict=True)
    for name, color in itertools.islice(entries, max(2, most)):
        pen.rectangle((left, _GAP, left + 11, _GAP + 11), fill=color)
        pen.text((left + 17, _GAP - 1), name, fill=_INK, font=font)
        left += 110


def _lines(sample: Sample) -> list[Line]:
    lines = [(text, _INK, False) for text in _wrapped(sample.question, 3)]
    if sample.options:
        lines += [(text, _GREEN, True) for text in _wrapped("> " + sample.options[sample.answer], 3, _BOLD_WIDTH)]
        others = " / ".join(option for i, option in enumerate(sample.options) if i != sample.answer)
        role = "also right" if sample.kind == "open" else "not"
        lines += [(text, _GRAY, False) for text in _wrapped(f"{role}: {others}" if others else "", 2)]
    lines += [(text, _INK, False) for text in _wrapped(sample.caption, 3)]
    if sample.invalid:
        lines.append((_wrapped("invalid: " + ", ".join(sample.invalid), 1)[0], _RED, True))
    else:
        scored = sample.success_probability == sample.success_probability
        chance = f"   p {sample.success_probability:.2f}" if scored else ""
        lines.append((f"margin {_margin(sample)}   {sample.scene_id}{chance}"[:34], _GRAY, False))
    return lines


def _wrapped(text: str, most: int, width: int = 33) -> list[str]:
    return textwrap.wrap(text, width=width, max_lines=most, placeholder=" …")


def _margin(sample: Sample) -> str:
    return {
        "deg": f"{sample.margin:.0f}°",
        "m": f"{sample.margin:.2f} m",
        "ratio": f"{100 * sample.margin:.0f} %",
    }.get(sample.margin_unit, "none")


def _outlined(image: NDArray[np.uint8], mask: NDArray[np.uint8] | None) -> Image.Image:
    """The picture at cell size with two-pixel outlines of what is asked about; masks are scaled without smoothing."""
    height, width = image.shape[:2]
    scale = _EDGE / max(height, width)
    size = (round(width * scale), round(height * scale))
    pixels = np.array(Image.fromarray(image).resize(size, Image.Resampling.LANCZOS))
    if mask is None:
        return Image.fromarray(pixels)
    shown = np.asarray(Image.fromarray(mask).resize(size, Image.Resampling.NEAREST))
    for number in range(int(shown.max()), 1, -1):
        pixels[_outline(shown == number, shown != 0)] = ABOUT_COLORS[min(number, len(ABOUT_COLORS)) - 1]
    pixels[_outline(shown == 1, shown == 1)] = SUBJECT_COLOR  # over the others: it may stand before or on them
    return Image.fromarray(pixels)


def _outline(region: NDArray[np.bool_], kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels at most two outside `region`, except those of `kept`, which stay to be seen."""
    grown = region.copy()
    for _ in range(2):
        padded = np.pad(grown, 1)
        grown = padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]
    return grown & ~kept


def _font(name: str) -> ImageFont.FreeTypeFont:
    """A font that matplotlib ships, so that sheets look alike everywhere."""
    return ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name), _TEXT)


def curves(before: Evaluation, rounds: Sequence[RoundRecord], path: Path) -> None:
    """Write a PNG: held-out accuracy overall and per term, valid share, mean reward, all over rounds.

    Args:
        before: accuracy on the report pool before the first round.
        rounds: finished rounds in order.
        path: the PNG; its folder is made.
    """
    with figure(path, (12.0, 3.6)) as drawn:
        accuracy, valid, reward = drawn.subplots(1, 3, width_ratios=(2, 1, 1))
        _accuracy_axes(accuracy, before, rounds)
        steps = [record.round + 1 for record in rounds]
        valid.plot(steps, [100 * record.valid_share for record in rounds], "o-", color="#00798c", markersize=4)
        valid.set(title="Valid edits, %", xlabel="round", ylim=(0, 102))
        reward.plot(steps, [record.reward_mean for record in rounds], "o-", color="#5b5f97", markersize=4)
        reward.set(title="Mean reward per edit", xlabel="round")
        for axes in (accuracy, valid, reward):
            plain(axes)


def _accuracy_axes(axes: Axes, before: Evaluation, rounds: Sequence[RoundRecord]) -> None:
    evaluations = [before, *(record.report for record in rounds)]
    steps = [0, *(record.round + 1 for record in rounds)]
    for term in before.by_term:
        share = [100 * evaluation.by_term[term].accuracy for evaluation in evaluations]
        axes.plot(steps, share, color=TERM_COLORS.get(term, "gray"), linewidth=1.2, alpha=0.9, label=term)
    low, high = np.array([evaluation.overall.interval() for evaluation in evaluations]).T * 100
    axes.fill_between(steps, low, high, color="black", alpha=0.1, linewidth=0)
    overall = [100 * evaluation.overall.accuracy for evaluation in evaluations]
    axes.plot(steps, overall, "o-", color="black", linewidth=2.2, markersize=4, label="all (95 %)")
    axes.set(title="Held-out accuracy, %", xlabel="round (0 = before)")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=8)


def choices(rounds: Sequence[RoundRecord], path: Path) -> None:
    """Write a PNG: how many valid samples of each relation term every round brought.

    Args:
        rounds: finished rounds in order, at least one.
        path: the PNG; its folder is made.
    """
    counts = np.array([[record.terms.get(term, 0) for record in rounds] for term in TERMS])
    with figure(path, (max(4.2, 2.4 + 0.5 * len(rounds)), 3.0)) as drawn:
        axes = drawn.subplots()
        axes.imshow(counts, cmap="Blues", aspect="auto", vmin=0, vmax=max(1, int(counts.max())))
        axes.set(title="Valid samples by relation", xlabel="round")
        axes.set_yticks(range(len(TERMS)), labels=list(TERMS))
        every = -(-len(rounds) // 20)
        shown = range(0, len(rounds), every)
        axes.set_xticks(list(shown), labels=[str(rounds[i].round + 1) for i in shown])
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        for (row, column), count in np.ndenumerate(counts):
            if every == 1:
                color = "white" if count > 0.55 * counts.max() else "#202124"
                axes.text(column, row, str(count), ha="center", va="center", fontsize=8, color=color)


def plain(axes: Axes) -> None:
    """A chart's axes without frame, on light horizontal lines."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e6e6e6", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


@contextmanager
def figure(path: Path, size: tuple[float, float]) -> Iterator[Figure]:
    """A figure of `size` inches that is written to `path` at the end; no pyplot, hence no global state."""
    drawn = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(drawn)
    yield drawn
    path.parent.mkdir(parents=True, exist_ok=True)
    drawn.savefig(path, dpi=100 * CHART_DENSITY, metadata={"Software": None})
