"""Parts of HTML reports: one file without outside assets, pictures inside."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Final

from PIL import Image

_STYLE: Final = """
:root { color-scheme: light; --ink: #202124; --soft: #6a6d73; --line: #e3e5e8; --accent: #00798c; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 40px 28px 80px; color: var(--ink); background: #fff;
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 26px; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 17px; margin: 44px 0 12px; padding-top: 18px; border-top: 1px solid var(--line); }
p { margin: 6px 0; max-width: 78ch; }
.soft { color: var(--soft); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin: 26px 0 4px; }
.figure { border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
.figure b { display: block; font-size: 24px; font-weight: 600; font-variant-numeric: tabular-nums; }
.figure span { color: var(--soft); font-size: 13px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; }
th, td { padding: 6px 16px 6px 0; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 500; font-size: 13px; }
th:first-child, td:first-child { text-align: left; }
tr.all td { font-weight: 600; }
img { max-width: 100%; height: auto; display: block; }
pre { background: #f6f7f8; border-radius: 8px; padding: 14px 16px; overflow-x: auto;
  font-size: 13px; line-height: 1.45; }
summary { cursor: pointer; color: var(--accent); }
"""


def write_page(path: Path, title: str, sections: Iterable[str]) -> None:
    """Write the file; its folder is made.

    Args:
        path: the HTML file.
        title: as text.
        sections: as HTML.
    """
    page = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n" + "\n".join(sections) + "\n</body></html>\n"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def figure_boxes(figures: Iterable[tuple[str, str]]) -> str:
    """Large figures side by side, each (value, what it is)."""
    boxes = "".join(
        f'<div class="figure"><b>{escape(value)}</b><span>{escape(name)}</span></div>' for value, name in figures
    )
    return f'<div class="figures">{boxes}</div>'


def section(title: str, *parts: str) -> str:
    """Parts, as HTML, under a heading."""
    return f"<h2>{escape(title)}</h2>\n" + "\n".join(parts)


def picture(path: Path, alternative: str, density: float = 1.0) -> str:
    """The picture itself in the page; `density` = its pixels per pixel of the page."""
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    with Image.open(path) as image:
        width = round(image.width / density)
    source = f"data:image/png;base64,{data}"
    return f'<p style="max-width:none"><img alt="{escape(alternative)}" width="{width}" src="{source}"></p>'


def table(names: Sequence[str], rows: Iterable[Sequence[str]], first_class: str = "") -> str:
    """A table of texts; `first_class` = CSS class of the first row."""
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = []
    for index, row in enumerate(rows):
        kind = f' class="{first_class}"' if first_class and index == 0 else ""
        body.append(f"<tr{kind}>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>")
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table></div>'
