"""The target price a report's first page names. When in doubt, none.

Two different prices give none and a warning: a report without its target price is useful, one with a
wrong target price is not.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from core.etl.reports.line import CHANGE, EARLIER, LABELS, SAID_AFTER, Line, change_word, with_values_below
from core.report import TargetPrice

_LABEL = LABELS["target"]
_NUMBER = r"(?>\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d{1,4})?)"
# `85,000원`, `8.5만원`, `8만5천원`, `8만 5,000원`, `85천원`, `₩85,000`, `KRW 85,000`
_PRICE = (
    rf"(?P<won>[₩￦]|KRW|W(?=\s*\d))?\s*(?P<number>{_NUMBER})"
    rf"\s*(?:(?P<man>만)\s*(?:(?P<rest>{_NUMBER})\s*(?P<cheon>천)?)?|(?P<thousand>천))?+\s*+(?P<unit>원)?+"
    r"(?!\s*(?:[~∼–-]|에서)\s*\d)"  # a range has no one price
    r"(?(unit)(?!대)|(?!\s*(?:[%％배년월일주억조개십백천만.,\d]|달러|위안|엔|유로|홍콩|USD|HKD|JPY|CNY|EUR|p\b)))"
)
# Between label and price may stand its unit, its horizon, what became of it and a particle: no other word.
_HORIZON = r"1?\d\s*(?:개월|M\b|months?)"
_FILLER = (
    rf"(?:\s|[:：|·▲△▼▽↑↓]|[은는을를도로]\s|\([^()\d]{{0,10}}(?:{_HORIZON})?[^()\d]{{0,10}}\)|{_HORIZON}"
    rf"|{CHANGE}){{0,12}}+"  # possessive: nothing it takes can start a price
)
_TARGET = re.compile(rf"{_LABEL}(?P<filler>{_FILLER}){_PRICE}{SAID_AFTER}", re.IGNORECASE)
_RAISED = re.compile(
    rf"{_LABEL}{_FILLER}(?:{EARLIER}\s*)?(?P<old>{_NUMBER}\s*(?:만\s*(?:{_NUMBER}\s*천?)?|천)?\s*원?)"
    rf"\s*(?:→|->|⇒|▶|에서)\s*{_PRICE}(?!\s*(?:사이|까지))",
    re.IGNORECASE,
)
_PREVIOUS = re.compile(rf"{EARLIER}\s*(?:의\s*)?(?P<label>{_LABEL})?{_FILLER}{_PRICE}", re.IGNORECASE)
_ONLY_PRICE = re.compile(_PRICE, re.IGNORECASE)
_HAS_LABEL = re.compile(_LABEL, re.IGNORECASE)
_BEFORE_LABEL = re.compile(rf"{EARLIER}\s*(?:의\s*)?$", re.IGNORECASE)
# Prices of another case, another share or another house
_ASIDE = re.compile(
    r"(?:bull|bear|base|낙관|비관|강세|약세|시나리오|상단|하단|최고|최저|평균|컨센서스|consensus|타사|업종|경쟁사"
    r"|우선주)[^.,|]{0,12}$",
    re.IGNORECASE,
)
_SCALE = re.compile(r"\(\s*(?:단위\s*[:：]?\s*)?(?P<scale>천|만)\s*원\s*\)")
_WEAK_LABEL = re.compile(r"적정|fair", re.IGNORECASE)  # also a step on the way to the target price
_LOWEST, _HIGHEST = 10, 100_000_000
_YEARS_END = 2_100  # a bare number below may be a year


def read_target(lines: Sequence[Line]) -> tuple[TargetPrice | None, TargetPrice | None, list[str]]:
    """(target price, the one before, warnings)."""
    targets: list[TargetPrice] = []
    earlier: list[TargetPrice] = []
    for line in with_values_below(lines):
        for target, old in _prices_of(line):
            targets += [target] if target else []
            earlier += [old] if old else []
    named = [target for target in targets if not _WEAK_LABEL.match(target.quote)]
    target = _agreed(named or targets)
    if target:
        return target, _agreed(earlier), []
    if not targets:
        return None, None, []
    said = ", ".join(f"{won:,}원" for won in sorted({t.won for t in named or targets}))
    return None, None, [f"목표주가가 서로 다르게 읽혀({said}) 넣지 않았습니다."]


def _agreed(found: Sequence[TargetPrice]) -> TargetPrice | None:
    if len({t.won for t in found}) != 1:
        return None
    return next((t for t in found if t.change), found[0])


def _prices_of(line: Line) -> Iterator[tuple[TargetPrice | None, TargetPrice | None]]:
    """(target, earlier target) for each mention; one of the two may be missing."""
    text = line.text
    taken: list[tuple[int, int]] = []
    for found in _RAISED.finditer(text):
        taken.append(found.span())
        was = _ONLY_PRICE.match(found["old"])
        new = won_of(found.groupdict(), text)
        old = won_of(was.groupdict(), text) if was else None
        if new and old and not _ASIDE.search(text[: found.start()]):
            moved = "상향" if new > old else "하향" if new < old else "유지"
            quote = found[0].strip()
            yield TargetPrice(new, moved, quote, line.page), TargetPrice(old, None, quote, line.page)
    for found in _PREVIOUS.finditer(text):
        if _overlaps(found, taken) or not (found["label"] or _HAS_LABEL.search(text)):
            continue
        taken.append(found.span())
        if won := won_of(found.groupdict(), text):
            yield None, TargetPrice(won, None, found[0].strip(), line.page)
    for found in _TARGET.finditer(text):
        before = text[: found.start()]
        if _overlaps(found, taken) or _BEFORE_LABEL.search(before) or _ASIDE.search(before):
            continue
        if won := won_of(found.groupdict(), text):
            said = re.search(CHANGE, found["filler"], re.IGNORECASE)
            change = change_word(found["change"]) or change_word(said[0] if said else None)
            yield TargetPrice(won, change, found[0].strip(), line.page), None


def _overlaps(found: re.Match[str], taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < found.end() and found.start() < end for start, end in taken)


def won_of(price: Mapping[str, str | None], text: str) -> int | None:
    """The groups of a price in 원. A bare number counts with commas or from 2,100 on: it may be a year."""
    number = price["number"] or ""
    value = float(number.replace(",", ""))
    scale = 10_000 if price["man"] else 1_000 if price["thousand"] else 1
    if scale == 1 and (stated := _SCALE.search(text)):
        scale = 1_000 if stated["scale"] == "천" else 10_000
    marked = price["won"] or price["unit"] or scale > 1
    if not marked and "," not in number and (value < _YEARS_END or "." in number):
        return None
    won = value * scale
    if price["rest"]:
        won += float(price["rest"].replace(",", "")) * (1_000 if price["cheon"] else 1)
    whole = round(won)
    return whole if _LOWEST <= whole <= _HIGHEST and abs(won - whole) < 1e-6 else None
