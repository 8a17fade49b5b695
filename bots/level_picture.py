"""The estimate over one conversation, as an SVG: how probable each level was at each message."""

from html import escape

from core.profile.scorecard import LEVELS, Told

_LEFT, _TOP, _STEP, _HIGH, _TEXT = 60, 60, 64, 220, 150
_COLORS = ("#9ecae1", "#4292c6", "#084594")
_NAMES = ("초급", "중급", "고급")


def picture(one: Told) -> str:
    """A stacked bar for each message; above it the level told, and the gold one where they differ."""
    width, height = max(_LEFT + len(one.levels) * _STEP + 40, 620), _TOP + _HIGH + _TEXT
    title = f"{one.row['user']}: 메시지마다 짐작한 수준"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans">',
        _box(0, 0, width, height, "white"),
        _text(_LEFT, 22, title, 15),
    ]
    for i, name in enumerate(_NAMES):
        x = _LEFT + 330 + i * 60
        parts += [_box(x, 12, 12, 12, _COLORS[i]), _text(x + 16, 22, name, 12)]
    for part in (0, 0.5, 1):
        parts.append(_text(_LEFT - 36, _TOP + _HIGH * (1 - part) + 4, f"{part:.0%}", 12))
    for at in range(len(one.levels)):
        parts += _bar(one, at)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _bar(one: Told, at: int) -> list[str]:
    x, y = _LEFT + at * _STEP, float(_TOP + _HIGH)
    parts = []
    for level, share in enumerate(one.shares[at]):
        y -= share * _HIGH
        parts.append(_box(x, y, _STEP - 10, share * _HIGH, _COLORS[level]))
    said, message = one.levels[at], one.row["messages"][at]
    mark = _NAMES[LEVELS.index(said)]
    if message["level"] != said:
        mark += f" ({_NAMES[LEVELS.index(message['level'])]})"
    short = " ".join(message["text"].split())
    short = short[:16] + ("…" if len(short) > 16 else "")
    return [*parts, _text(x, _TOP - 8, mark, 11), _text(x + 8, _TOP + _HIGH + 14, short, 11, turned=True)]


def _box(x: float, y: float, width: float, height: float, color: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{color}"/>'


def _text(x: float, y: float, words: str, size: int, *, turned: bool = False) -> str:
    turn = f' transform="rotate(40 {x:.0f} {y:.0f})"' if turned else ""
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}"{turn}>{escape(words)}</text>'
