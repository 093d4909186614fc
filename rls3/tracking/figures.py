"""Figures as a person reads them: durations, shares, intervals."""

from __future__ import annotations

import math

from rls3.samples.scores import Tally

FILE_COLUMNS = 110
"""Width of tables where nobody's terminal sets one, characters."""


def interval_text(tally: Tally) -> str:
    """The 95 % Wilson interval in percent, such as "48-61"; a dash without questions."""
    if not tally.total:
        return "–"
    low, high = tally.interval()
    return f"{100 * low:.0f}-{100 * high:.0f}"


def duration(seconds: float) -> str:
    """Seconds as "42 s", "3 min 05 s" or "2 h 10 min"; an ellipsis when unknown."""
    if not math.isfinite(seconds):
        return "…"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def percent(share: float) -> str:
    """A share as "61.3 %"; a dash when unknown."""
    return f"{100 * share:.1f} %" if math.isfinite(share) else "–"


def number(value: float, form: str) -> str:
    """A number in a format such as ".1f"; a dash when unknown."""
    return format(value, form) if math.isfinite(value) else "–"
