"""Bars as SVG: enough for a card and a page, without a library of plots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

COLORS = ("#9ecae1", "#08519c", "#fdae6b")
_LEFT, _TOP, _ROW, _WIDE = 150, 34, 18, 420


@dataclass(frozen=True, slots=True)
class Bars:
    """`rows`: label → a value of each series. `most` is the full width; `percent`: how they are shown."""

    title: str
    series: Sequence[str]
    rows: Mapping[str, Sequence[float]]
    percent: bool = False

    @property
    def height(self) -> int:
        return _TOP + len(self.rows) * (_ROW * len(self.series) + 6) + 16


def svg(charts: Sequence[Bars]) -> str:
    """One under the other."""
    width, height = _LEFT + _WIDE + 90, sum(chart.height for chart in charts)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    top = 0
    for chart in charts:
        parts += _chart(chart, top)
        top += chart.height
    return "\n".join([*parts, "</svg>"]) + "\n"


def _chart(chart: Bars, top: int) -> list[str]:
    most = (
        1.0 if chart.percent else max((v for values in chart.rows.values() for v in values), default=1) or 1
    )
    parts = [_text(10, top + 20, chart.title, 14)]
    if len(chart.series) > 1:
        for n, name in enumerate(chart.series):
            x = _LEFT + 190 + n * 120
            parts += [_box(x, top + 10, 11, 11, COLORS[n]), _text(x + 15, top + 20, name, 12)]
    y = top + _TOP
    for label, values in chart.rows.items():
        parts.append(_text(10, y + 13, label, 12))
        for n, value in enumerate(values):
            wide = _WIDE * min(value / most, 1)
            shown = f"{value:.1%}" if chart.percent else f"{value:,.0f}"
            parts += [_box(_LEFT, y, wide, _ROW - 3, COLORS[n]), _text(_LEFT + wide + 5, y + 12, shown, 11)]
            y += _ROW
        y += 6
    return parts


def _box(x: float, y: float, width: float, height: float, color: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" fill="{color}"/>'


def _text(x: float, y: float, words: str, size: int) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}">{escape(words)}</text>'
