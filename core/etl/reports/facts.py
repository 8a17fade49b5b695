"""What the first page of a report claims: rating, target price, date, broker. When in doubt, nothing.

Every fact keeps the words it was read from. Two different values for one fact give none and a warning:
a report without its target price is useful, one with a wrong target price is not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.model import Rating, TargetPrice

_CHANGE_WORDS = {
    "유지": r"유지|maintain(?:ed)?|reiterated?|unchanged|no\s*change",
    "상향": r"상향(?:\s*조정)?|인상|upgraded?|raised?|up",
    "하향": r"하향(?:\s*조정)?|인하|downgraded?|cut|lowered|down",
    "신규": r"신규(?:\s*(?:편입|제시|커버리지))?|재개|initiated?|new|resumed?",
}
_CHANGE = "|".join(f"(?:{words})" for words in _CHANGE_WORDS.values())
_OPENING = rf"\s*(?:[(\[（]\s*)?(?P<change>{_CHANGE})(?![가-힣A-Za-z])[)\]）]?"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d{1,4})?)"
_PRICE = rf"(?P<won>[₩￦]|KRW|W(?=\s*\d))?\s*(?P<number>{_NUMBER})\s*(?:(?P<man>만)\s*(?:(?P<rest>{_NUMBER})\s*(?P<cheon>천)?)?|(?P<thousand>천))?\s*(?P<unit>원)?"
_NOT_A_PRICE = r"(?!\s*(?:[%％배년월일주억조개십백천만.,\d]|달러|위안|엔|유로|홍콩|USD|HKD|JPY|CNY|EUR|p\b))"
_LABEL = r"(?:목표\s*주가|적정\s*주가|목표\s*가격?|target\s*price|price\s*target|fair\s*value|\bT/?P\b)"
# Between label and price may stand its unit, its horizon, what became of it and a particle: no other word.
_FILLER = (
    rf"(?:\s|[:：|·]|[은는을를도로]\s|\((?:[^()\d]{{0,12}}|1?\d\s*(?:개월|M|months?)[^()]{{0,6}})\)|1?\d\s*(?:개월|M\b)"
    rf"|(?:{_CHANGE})(?![가-힣A-Za-z]))*"
)
_TARGET = re.compile(rf"(?P<label>{_LABEL})(?P<filler>{_FILLER}){_PRICE}{_NOT_A_PRICE}(?:{_OPENING})?", re.IGNORECASE)
_ARROW = re.compile(
    rf"(?P<label>{_LABEL}){_FILLER}(?:(?:기존|종전|직전|이전)\s*)?(?P<old>{_PRICE.replace('?P<', '?P<old_')})\s*(?:→|->|⇒|▶|에서)\s*"
    rf"(?P<new>{_PRICE}){_NOT_A_PRICE}",
    re.IGNORECASE,
)
_PREVIOUS = re.compile(
    rf"(?:기존|종전|직전|이전|변경\s*전|previous|prior|old)\s*(?:의\s*)?(?P<label>{_LABEL})?{_FILLER}{_PRICE}{_NOT_A_PRICE}",
    re.IGNORECASE,
)
_BEFORE_LABEL = re.compile(r"(?:기존|종전|직전|이전|변경\s*전|previous|prior|old)\s*(?:의\s*)?$", re.IGNORECASE)
_ASIDE = re.compile(
    r"(?:bull|bear|base|낙관|비관|강세|약세|시나리오|상단|하단|최고|최저|평균|컨센서스|consensus|타사|업종|경쟁사|우선주)[^.,|]{0,12}$",
    re.IGNORECASE,
)
_SCALE = re.compile(r"\(\s*(?:단위\s*[:：]?\s*)?(?P<scale>천|만)\s*원\s*\)")

_RATING_WORDS = {
    "buy": r"적극\s*매수|강력\s*매수|단기\s*매수|매수|strong\s*buy|trading\s*buy|buy|outperform|overweight|비중\s*확대",
    "hold": r"중립|보유|시장\s*수익률|hold|neutral|market\s*perform|marketperform|관망",
    "sell": r"매도|비중\s*축소|sell|reduce|underperform|underweight",
    "none": r"not\s*rated|n\.?r\.?(?![a-z])|투자\s*의견\s*없음",
}
_WORD = "|".join(f"(?P<{kind}>{words})" for kind, words in _RATING_WORDS.items())
_RATED = re.compile(
    rf"(?:투자\s*의견|투자\s*등급|\brating\b|recommendation)(?:\s|[:：|·]|[은는을를]\s|\([^()\d]{{0,12}}\)|(?:{_CHANGE})(?![가-힣A-Za-z]))*"
    rf"(?P<word>{_WORD})(?![가-힣A-Za-z]{{2,}})(?:{_OPENING})?",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"^\W*(?P<word>{_WORD})(?:{_OPENING})?\W*$", re.IGNORECASE)
_BESIDE_CODE = re.compile(
    rf"\d{{5}}[0-9A-Z]\s*[/|)]?\s*\)?\s*(?P<word>{_WORD})(?:{_OPENING})?(?![가-힣A-Za-z])", re.IGNORECASE
)
_LEGEND = re.compile(r"이상|이하|미만|초과|~|±")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATES = (
    re.compile(
        r"(?<![\d.])(?P<y>20\d\d)\s*[.\-/년]\s*(?P<m>\d{1,2})\s*[.\-/월]\s*(?P<d>\d{1,2})(?!\d|\s*[.\-/]?\d)"
    ),
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)"),
    re.compile(r"(?P<d>\d{1,2})\s+(?P<mon>[A-Z][a-z]{2})[a-z]*\.?,?\s+(?P<y>20\d\d)"),
    re.compile(r"(?P<mon>[A-Z][a-z]{2})[a-z]*\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>20\d\d)"),
)
_DATE_LABEL = re.compile(
    r"발간|발행\s*일|작성\s*일|공표\s*일|게시\s*일|^\W*date\b|published|일자\s*[:：]", re.IGNORECASE
)
_OTHER_DATE = re.compile(
    r"주가|종가|기준|시세|현재|자료|설립|상장|결산|배당|발표|예정|as\s*of|source|close", re.IGNORECASE
)

_BROKER = re.compile(
    r"(?<![가-힣A-Za-z&])(?P<name>(?:[가-힣A-Za-z&]{1,10}?)(?:투자증권|금융투자|증권)|[A-Z][A-Za-z&]*(?:\s[A-Z][A-Za-z&]*)?\sSecurities)"
    r"(?=(?:은|는|이|가|의|을|를|에서|과|와|에)?(?:리서치|[^가-힣A-Za-z]|$))"
)
_BROKER_LABEL = re.compile(
    r"^\W*(?:증권사|발행사|작성\s*기관|broker)\s*[:：|]\s*(?P<name>[^|:：\n]{2,30}?)\s*$", re.IGNORECASE
)
_NO_BROKER = frozenset(
    {
        "유가증권",
        "지분증권",
        "채무증권",
        "수익증권",
        "파생결합증권",
        "결합증권",
        "투자증권",
        "전자증권",
        "금융투자",
    }
)
_RESEARCH = re.compile(r"리서치\s*(?:센터|본부)|기업\s*분석|research", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, or a table's row with its cells joined by ` | `; `size` is its font's."""

    text: str
    page: int | None = 1
    size: float = 0.0


def read_target(lines: Sequence[Line]) -> tuple[TargetPrice | None, TargetPrice | None, list[str]]:
    """(target price, the one before, warnings)."""
    targets: list[TargetPrice] = []
    previous: list[TargetPrice] = []
    for line in _with_values_below(lines):
        for target, old in _targets_of(line):
            if target:
                targets.append(target)
            if old:
                previous.append(old)
    warnings = []
    target = _agreed(targets)
    if targets and not target:
        said = ", ".join(f"{won:,}원" for won in sorted({t.won for t in targets}))
        warnings.append(f"목표주가가 서로 다르게 읽혀({said}) 넣지 않았습니다.")
    before = _agreed(previous)
    return target, before if target else None, warnings


def _agreed(found: Sequence[TargetPrice]) -> TargetPrice | None:
    if len({t.won for t in found}) != 1:
        return None
    return next((t for t in found if t.change), found[0])


def _with_values_below(lines: Sequence[Line]) -> Iterator[Line]:
    """Labels that stand alone get the line under them, where boxes of key facts have their values."""
    for place, line in enumerate(lines):
        alone = re.fullmatch(rf"\W*(?:{_LABEL}|투자\s*의견|rating)\s*(?:\([^()]*\))?\W*", line.text, re.IGNORECASE)
        if alone and place + 1 < len(lines):
            yield Line(f"{line.text} {lines[place + 1].text}", line.page)
        else:
            yield line


def _targets_of(line: Line) -> Iterator[tuple[TargetPrice | None, TargetPrice | None]]:
    text = line.text
    taken: list[tuple[int, int]] = []
    for found in _ARROW.finditer(text):
        new, old = _won(found.groupdict(), text), _won(_unprefixed(found.groupdict()), text)
        if new and old and not _ASIDE.search(text[: found.start()]):
            change = "상향" if new > old else "하향" if new < old else "유지"
            quote = found[0].strip()
            yield TargetPrice(new, change, quote, line.page), TargetPrice(old, None, quote, line.page)
        taken.append(found.span())
    for found in _PREVIOUS.finditer(text):
        if _overlaps(found.span(), taken) or not (found["label"] or re.search(_LABEL, text, re.IGNORECASE)):
            continue
        taken.append(found.span())
        won = _won(found.groupdict(), text)
        if won:
            yield None, TargetPrice(won, None, found[0].strip(), line.page)
    for found in _TARGET.finditer(text):
        before = text[: found.start()]
        if _overlaps(found.span(), taken) or _BEFORE_LABEL.search(before) or _ASIDE.search(before):
            continue
        won = _won(found.groupdict(), text)
        if won:
            change = change_word(found["change"]) or _change_in(found["filler"])
            yield TargetPrice(won, change, found[0].strip(), line.page), None


def _overlaps(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return any(a < span[1] and span[0] < b for a, b in taken)


def _unprefixed(groups: dict[str, str | None]) -> dict[str, str | None]:
    return {name.removeprefix("old_"): value for name, value in groups.items() if name.startswith("old_")}


def _won(groups: dict[str, str | None], text: str) -> int | None:
    """`85,000원`, `8.5만원`, `8만5천원`, `₩85,000`; a bare number counts from 1,000 on, if it is no year."""
    number = groups["number"] or ""
    value = float(number.replace(",", ""))
    scale = 10_000 if groups["man"] else 1_000 if groups["thousand"] else 1
    if scale == 1 and (stated := _SCALE.search(text)):
        scale = 1_000 if stated["scale"] == "천" else 10_000
    marked = bool(groups["won"] or groups["unit"] or scale > 1)
    if not marked and ("," not in number and not (value >= 2_100 and value == int(value))):
        return None
    won = value * scale
    if groups["rest"]:
        won += float(groups["rest"].replace(",", "")) * (1_000 if groups["cheon"] else 1)
    return round(won) if 10 <= won <= 100_000_000 and abs(won - round(won)) < 1e-6 else None


def change_word(text: str | None) -> str | None:
    """유지, 상향, 하향 or 신규 for whichever word says so."""
    for word, pattern in _CHANGE_WORDS.items():
        if text and re.fullmatch(pattern, text.strip(), re.IGNORECASE):
            return word
    return None


def _change_in(filler: str) -> str | None:
    found = re.search(_CHANGE, filler, re.IGNORECASE)
    return change_word(found[0]) if found else None


def read_rating(lines: Sequence[Line]) -> tuple[Rating | None, list[str]]:
    """A rating behind its label; else one that stands alone or beside the stock code."""
    for patterns in ((_RATED,), (_ALONE, _BESIDE_CODE)):
        found = [
            (kind, rating)
            for line in _with_values_below(lines)
            if not _LEGEND.search(line.text)
            for pattern in patterns
            for kind, rating in _ratings_of(pattern, line)
        ]
        if not found:
            continue
        if len({kind for kind, _ in found}) > 1:
            said = ", ".join(dict.fromkeys(rating.word for _, rating in found))
            return None, [f"투자의견이 서로 다르게 읽혀({said}) 넣지 않았습니다."]
        return next((r for _, r in found if r.change), found[0][1]), []
    return None, []


def _ratings_of(pattern: re.Pattern[str], line: Line) -> Iterator[tuple[str, Rating]]:
    for found in pattern.finditer(line.text):
        kind = next(name for name in _RATING_WORDS if found[name])
        yield kind, Rating(found["word"], change_word(found["change"]), found[0].strip(), line.page)


def read_date(lines: Sequence[Line], file_name: str) -> date | None:
    """The day a report is of: a labelled one, else the first that stands by itself, else the file name's."""
    for labelled in (True, False):
        for line in lines:
            if labelled != bool(_DATE_LABEL.search(line.text)):
                continue
            if not labelled and (
                _OTHER_DATE.search(line.text) or len(line.text) > 80 or re.search(r"다[.\s]", line.text)
            ):
                continue
            for day in dates_in(line.text):
                return day
    return next(dates_in(file_name), None)


def dates_in(text: str) -> Iterator[date]:
    for pattern in _DATES:
        for found in pattern.finditer(text):
            groups = found.groupdict()
            name = (groups.get("mon") or "").lower()
            if "mon" in groups and name not in _MONTHS:
                continue
            month = _MONTHS.index(name) + 1 if name else int(groups["m"])
            try:
                yield date(int(groups["y"]), month, int(groups["d"]))
            except ValueError:
                continue


def read_broker(lines: Sequence[Line], file_name: str, company: str) -> str | None:
    """A labelled name; else the one beside 리서치센터; else the one named most; else the file name's."""
    for line in lines:
        if labelled := _BROKER_LABEL.match(line.text):
            return labelled["name"]
    names = [(name, line.text) for line in lines for name in _brokers_in(line.text) if name != company]
    beside = [name for name, text in names if _RESEARCH.search(text)]
    for found in (beside, [name for name, _ in names], [*_brokers_in(file_name.replace("_", " "))]):
        if found:
            return max(dict.fromkeys(found), key=found.count)
    return None


def _brokers_in(text: str) -> Iterator[str]:
    for found in _BROKER.finditer(text):
        if found["name"] not in _NO_BROKER and found["name"] != "증권":
            yield found["name"]
