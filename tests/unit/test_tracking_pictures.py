"""Contact sheets, charts and the report."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rls3.config import Config
from rls3.tracking.report import write_report
from rls3.tracking.sheets import REFERENCE_COLOR, SUBJECT_COLOR, choices, contact_sheet, curves
from tests.factories import make_sample
from tests.unit.tracking_factory import make_evaluation, make_round, make_summary


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def test_contact_sheet_outlines_each_object_in_its_color(tmp_path: Path) -> None:
    contact_sheet([make_sample()], tmp_path / "sheet.png", columns=1)
    cell = pixels(tmp_path / "sheet.png")[44:268, 14:238]  # the one picture, 64 px drawn at 224 px
    subject = np.argwhere((cell == SUBJECT_COLOR).all(axis=2))
    reference = np.argwhere((cell == REFERENCE_COLOR).all(axis=2))
    assert np.abs(subject.mean(axis=0) - (32 * 3.5, 16 * 3.5)).max() < 2  # around the left square
    assert np.abs(reference.mean(axis=0) - (32 * 3.5, 48 * 3.5)).max() < 2  # around the right square
    assert cell[112, 56].tolist() == [200, 40, 40]  # the object itself stays to be seen


def test_contact_sheet_grows_by_rows_and_shows_refused_edits(tmp_path: Path) -> None:
    refused = make_sample(image=None, mask=None, invalid=("simulator_refused",))
    contact_sheet([make_sample()] * 6 + [refused], tmp_path / "seven.png")
    contact_sheet([make_sample()] * 6, tmp_path / "six.png")
    seven, six = pixels(tmp_path / "seven.png"), pixels(tmp_path / "six.png")
    assert seven.shape[0] > six.shape[0]
    assert seven.shape[1] == six.shape[1]


def test_same_samples_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        contact_sheet([make_sample()], tmp_path / f"{name}.png")
        curves(make_evaluation(accuracy=0.5), [make_round()], tmp_path / f"{name}-curves.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "a-curves.png").read_bytes() == (tmp_path / "b-curves.png").read_bytes()


class _Links(HTMLParser):
    """Collects addresses and the open elements at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    summary = make_summary(engine_name="Unity <2019>", rounds=(make_round(0), make_round(1, restarts=3)))
    curves(summary.before, summary.rounds, folder / "curves.png")
    choices(summary.rounds, folder / "choices.png")
    contact_sheet([make_sample()], folder / "samples.png")
    pictures = {name: folder / f"{name}.png" for name in ("curves", "choices", "samples")}
    write_report(summary, Config(), folder / "out" / "report.html", **pictures)
    return (folder / "out" / "report.html").read_text(encoding="utf-8")


def test_report_is_whole_and_needs_nothing_from_outside(report: str) -> None:
    parser = _Links()
    parser.feed(report)
    assert parser.open == []
    assert len(parser.addresses) == 3
    assert all(address.startswith("data:image/png;base64,") for address in parser.addresses)
    assert "url(" not in report
    assert "@import" not in report


def test_report_says_where_its_figures_come_from(report: str) -> None:
    assert "<b>Unity &lt;2019&gt; 0.1.0</b>" in report
    assert "<b>rls3-vilt-base</b>" in report
    text = re.sub(r"<[^>]+>", " ", report)
    assert re.search(r"all\s+240\s+50\.0 %\s+44-56\s+60\.0 %\s+54-66\s+\+10\.0\s+192", text)
    assert re.search(r"floating\s+24\s+9\.4 %", text)
    assert re.search(r"\b3\s+simulator restarts", text)
    assert "samples_per_round: 128" in report
