"""What a Korean sentence says in figures: amounts, periods, bases and directions, and where they stand.

One reading serves drafts and sources alike, so that both sides of a comparison are read the same way.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.rag.language.spoken import SCALES

_SCALES = SCALES | {"백": Decimal(100)}
_ONE = Decimal(1)
_WELL_GROUPED = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_PIECE = re.compile(rf"(\d[\d,]*(?:\.\d+)?)\s?({'|'.join(_SCALES)})?")
_UNIT = re.compile(
    r"\s?(%\s?(?:p(?![a-z])|포인트)|퍼센트\s?포인트|[%％]|퍼센트|프로(?![가-힣])|포인트"
    r"|원/(?:톤|kg|kWh|㎡|ℓ|대|개|평|배럴)|원|(?:홍콩|싱가포르|호주|캐나다|뉴질랜드)?달러|유로|엔화?|위안|파운드|(?:tCO2-eq|TJ|GJ|[kMG]Wh?|DR)(?![A-Za-z])"
    r"|주(?![당일년간요])|명|배(?![당정우])|개월|개년|개사|개(?![월년])|건|년|회|곳|척|사(?!업)|시간|일|호|층|톤|㎡|대(?![비])|세(?![전후]))"
)
_UNITS = {"퍼센트": "%", "프로": "%", "％": "%", "엔화": "엔"}
_LABEL_UNIT = re.compile(r"\(\s*(원|%|주|명|배|천원|백만원|억원)\s*(?:/\s*주\s*)?\)")
_LABEL_SCALE = {
    "천원": ("원", Decimal(1000)),
    "백만원": ("원", Decimal(10) ** 6),
    "억원": ("원", Decimal(10) ** 8),
}
_CURRENCY = re.compile(  # USD 70억 is no 70억원
    r"(?<![A-Za-z])(US\$|[$€¥£]|USD|EUR|JPY|CNY|RMB|GBP|HKD|SGD|VND|CHF|AUD|CAD|INR|IDR|TWD)\s?$",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"(?:(?<![\d가-힣~])[-−–]|[△▲]|마이너스)\s*$")
_MAX_DIGITS = 30

_BASES = (
    ("별도", re.compile(r"별도|개별|본체만|회사 하나만|자회사.{0,4}(?:빼|제외)")),
    (
        "연결",
        re.compile(
            r"연결|자회사.{0,6}(?:합|까지|포함)|종속(?:회사|기업).{0,4}(?:합|까지|포함)|딸린 회사.{0,4}합"
        ),
    ),
)
_DIRECTIONS = (
    (
        1,
        re.compile(
            r"(?<![가-힣])(?:늘|오르|오른|오를|오름|오릅|올랐|올라|높아|커졌|커져|뛰었|뛰어)|증가|상승|확대|급증|급등"
        ),
    ),
    (
        -1,
        re.compile(
            r"(?<![가-힣])(?:줄[어었면고인]|떨어|내렸|내려|내린|내립|낮아|작아졌)|감소|하락|축소|급감|급락|반토막"
        ),
    ),
)
_TURNS = (
    (1, re.compile(r"흑자(?:로|를)?\s*(?:전환|돌아|바뀌)|흑전")),
    (-1, re.compile(r"적자(?:로|를)?\s*(?:전환|돌아|바뀌)|적전")),
)
_NEGATION = re.compile(
    r"[지진]\s*(?:않|못|아니)|(?<![가-힣])(?:안|못)\s|없[다었습고는어이으]|아닙|아니|그대로"
)

# Numbers in words say figures that no cell can be compared with.
_FREE = r"(?<![가-힣\d(])(?<!\d\s)"
_NO_LONGER = r"(?:(?![가-힣]{2})|(?=입니|이에|이었|이며|이나|이다|이고|까지|보다|으로|이상|이하|정도))"
_WORDED = re.compile(
    rf"{_FREE}(?:몇|수|[일이삼사오육칠팔구십백천만])(?:[일이삼사오육칠팔구십백천만]|\s)*억"
    rf"|{_FREE}(?:몇|수|[일이삼사오육칠팔구십백천])+\s?조(?=\s?원|\s[일이삼사오육칠팔구십백천]|를|에\s|가\s|대|\s?정도|\s?넘)"
    rf"|{_FREE}(?:몇|수|[일이삼사오육칠팔구])*[십백천만][일이삼사오육칠팔구십백천만\s]*(?:원|주|명|퍼센트|프로|배|개){_NO_LONGER}"
    rf"|{_FREE}[일이삼사오육칠팔구십영공]{{1,4}}\s?(?:점\s?[일이삼사오육칠팔구영공]+\s?)?(?:퍼센트|프로)(?![가-힣])"
    rf"|{_FREE}(?:한|두|세|네|서너|너댓|다섯|여섯|일곱|여덟|아홉|열|스무|수십|수백|수천|몇)\s?(?:배|곱절|조|억|만|명|주|퍼센트|프로){_NO_LONGER}"
    r"|절반|반토막|갑절|곱절|두\s?자릿수|세\s?자릿수"
)
_CJK_NUMBER = re.compile(r"[一二三四五六七八九十百千萬万億亿兆]{2,}")


@dataclass(frozen=True, slots=True)
class Amount:
    """`value` in the base of `unit` and without sign; `step` is the size of its last digit.

    `unit` is None for a bare number and `?` for one whose digits are grouped as no amount is.
    """

    value: Decimal
    unit: str | None
    step: Decimal
    negative: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class When:
    """A period named. `year` None: that of the sentence before, `shift` years away.

    `kind`: '' (a whole year), 말, 초, 누적, 3개월, 월, 분기, 반기, 하반기, 동기 or 일 (a day).
    `base`: compared with, not spoken of.
    `inside` is the place of the brackets that follow it: `2023년(2조원)`.
    """

    year: int | None
    month: int | None
    kind: str
    start: int
    end: int
    day: int | None = None
    shift: int = 0
    same: bool = False
    base: bool = False
    inside: tuple[int, int] = (-1, -1)


@dataclass(frozen=True, slots=True)
class Mark:
    """A word of a class at a place: a basis (`연결`) or a direction (1, -1)."""

    value: str | int
    start: int
    end: int
    turn: bool = False


def plain(text: str) -> str:
    """Full-width letters and digits as usual ones, invisible characters away."""
    shifted = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    return "".join(c for c in shifted.replace(" ", " ") if unicodedata.category(c) not in ("Cf", "Cc", "Co"))


def strange_number(text: str) -> bool:
    """Whether it says a number in other signs than digits: `삼조`, `세 배`, `③`, `½`, `三兆`."""
    if _WORDED.search(text) or _CJK_NUMBER.search(text):
        return True
    return any(not c.isascii() and unicodedata.category(c) in ("Nd", "Nl", "No") for c in text)


def amounts(text: str, skip: Sequence[tuple[int, int]] = ()) -> list[Amount]:
    """Every number outside `skip` with its unit; parts of falling scale (`4억 5천만원`) are one."""
    found: list[Amount] = []
    at = 0
    for piece in _PIECE.finditer(text):
        if piece.start() < at or any(a < piece.end() and piece.start() < b for a, b in skip):
            continue
        made = _amount(text, piece, skip)
        found.append(made)
        at = made.end
    return found


def _amount(text: str, first: re.Match[str], skip: Sequence[tuple[int, int]]) -> Amount:
    value, step, scale, end, well = Decimal(0), _ONE, None, first.start(), True
    piece: re.Match[str] | None = first
    while piece:
        of = _SCALES.get(piece[2] or "", _ONE)
        if scale is not None and of >= scale:
            break
        digits = piece[1].rstrip(",")
        well = well and bool(_WELL_GROUPED.fullmatch(digits)) and len(digits) <= _MAX_DIGITS
        bare = digits.replace(",", "")[:_MAX_DIGITS]
        value += Decimal(bare) * of
        step = of.scaleb(-len(bare.partition(".")[2]))
        scale, end = of, piece.start() + len(digits) if not piece[2] else piece.end()
        if of == _ONE:
            break
        piece = re.compile(r"\s?" + _PIECE.pattern).match(text, end)
        if piece and any(a < piece.end() and piece.start() < b for a, b in skip):
            break
    unit = _UNIT.match(text, end)
    name: str | None = None
    if unit:
        name, end = re.sub(r"\s", "", unit[1]), unit.end()
        name = "%p" if "포인트" in name or name == "%p" else _UNITS.get(name, name)
    elif currency := _CURRENCY.search(text[: first.start()]):
        name = currency[1].upper()
    elif (
        scale is not None
        and scale >= _SCALES["만"]
        and not re.match(r"\s?[가-힣]*(?:달러|엔|유로)", text[end:])
    ):
        name = "원"
    elif (label := _LABEL_UNIT.search(text[: first.start()])) and re.fullmatch(
        r"\s*[:：|]?\s*", text[label.end() : first.start()]
    ):
        name, times = _LABEL_SCALE.get(label[1], (label[1], _ONE))
        value, step = value * times, step * times
    negative = bool(_NEGATIVE.search(text[: first.start()]))
    return Amount(value, name if well else "?", step, negative, first.start(), end)


# Of one hand: `2024년 7.7%` is a year and a rate.
_DATE = (
    r"(?<!\d)(?P<dy>(?:19|20)\d{2})\s*(?:년\s*(?P<dm>\d{1,2})\s*월\s*(?P<dd>\d{1,2})(?!\d)\s*일?"
    r"|[-./]\s*(?P<em>\d{1,2})\s*[-./]\s*(?P<ed>\d{1,2})(?!\d)\s*일?)"
)
_YEAR = (
    r"(?<![\d.,])(?P<y>(?:19|20)\d{2})\s*(?:년도?|사업\s*연도|회계\s*연도)(?!\s*간)"
    r"|(?<![\d.,])(?P<dot>(?:19|20)\d{2})(?=\.\d{2}(?!\d)|\s*(?:연결|별도)\b|\)|$)"
    r"|FY\s*(?P<fy>(?:20)?\d{2})(?!\d)|(?<![\d.,])['‘’]?(?P<yy>[0-3]\d)년(?!\s*(?:간|동안|만|이|물))"
    r"|(?P<rel>재작년|작년|지난해|올해|금년|내년|전년도?|직전\s*연도|(?<![가-힣])전기(?![가-힣㈜])|같은\s*해|이듬해)"
)
_SPAN = (
    r"(?:(?P<a>\d{1,2})\s*월?\s*[~∼～\-–]\s*(?P<b>\d{1,2})\s*월|(?P<m>(?<!\d)\d{1,2})\s*월(?!\s*\d{1,2}\s*일)"
    r"|(?P<q>[1-4])\s*분기|(?P<h>상반기|하반기|반기)|\.(?P<dotm>\d{2})(?!\d)|(?P<same>같은\s*기간|동기(?![가-힣])|동기(?=보다|대비|에)))"
)
_KIND = r"(?P<kind>말|초(?!과)|기초|누적|3\s*개월|석\s*달|세\s*달)"
_WHEN = re.compile(
    rf"(?:{_DATE})|(?:{_YEAR})(?:의)?\s*(?:{_SPAN})?\s*(?:{_KIND})?|(?<![\d가-힣])(?:"
    rf"{_SPAN.replace('?P<', '?P<s_')})\s*(?:{_KIND.replace('?P<', '?P<s_')})?"
)
_RELATIVE = {"재작년": -2, "작년": -1, "지난해": -1, "올해": 0, "금년": 0, "내년": 1}
_BASE_AFTER = re.compile(
    r"\s*(?:의|에)?\s*(?:연결|별도)?\s*(\([^()]*\)|[-−–△▲]?\d[\d,.조억만천백\s]*[원%주명]p?)?\s*"
    r"(?:보다|대비|에\s*비(?:해|하여)|[과와]\s*비교|에\s*견|[과와]\s*견|에서(?!\s*는))"
)
_BRACKET_AFTER = re.compile(r"\s?(\([^()]*\))")


def whens(text: str, this_year: int | None) -> list[When]:
    """The periods and days named; `this_year` is what 작년 counts from."""
    found = []
    for match in _WHEN.finditer(text):
        made = _when(match, this_year)
        if made is None:
            continue
        base = _BASE_AFTER.match(text, made.end)
        bracket = _BRACKET_AFTER.match(text, made.end)
        inside = bracket.span(1) if bracket else base.span(1) if base and base[1] else (-1, -1)
        found.append(replace(made, base=bool(base), inside=inside))
    return found


def _when(match: re.Match[str], this_year: int | None) -> When | None:
    group = match.groupdict()
    if group["dy"]:
        day = (int(group["dy"]), int(group["dm"] or group["em"] or 0), int(group["dd"] or group["ed"] or 0))
        return When(day[0], day[1], "일", *match.span(), day=day[2])
    year, shift = _year(group, this_year)
    part = "" if year is not None or shift or group["rel"] else "s_"
    kind = re.sub(r"\s|세", "", group[f"{part}kind"] or "").replace("석달", "3개월").replace("달", "3개월")
    month, kind = _month(group, part, kind)
    if part and not kind:
        return None
    same = bool(group[f"{part}same"])
    return When(year, month, kind, *match.span(), shift=shift, same=same)


def _year(group: dict[str, str | None], this_year: int | None) -> tuple[int | None, int]:
    """(year, None for that of the sentence; years away from it)."""
    if full := group["y"] or group["dot"]:
        return int(full), 0
    if short := group["fy"] or group["yy"]:
        return int(short) % 100 + 2000, 0
    relative = re.sub(r"\s", "", group["rel"] or "")
    if relative in _RELATIVE:
        return (this_year + _RELATIVE[relative], 0) if this_year else (0, 0)
    return None, {"": 0, "같은해": 0, "이듬해": 1}.get(relative, -1)


def _month(group: dict[str, str | None], part: str, kind: str) -> tuple[int | None, str]:
    def at(name: str) -> int:
        return int(group[part + name] or 0)

    if at("b"):
        if at("a") == 1:
            return at("b"), kind or "누적"
        return at("b"), "3개월" if at("b") - at("a") == 2 else "?"
    if month := at("m") or at("dotm"):
        return month, kind or "월"
    if quarter := at("q"):
        return quarter * 3, kind or "분기"
    if half := group[part + "h"]:
        return (12, "하반기") if half == "하반기" else (6, kind or "반기")
    if group[part + "same"]:
        return None, kind or "동기"
    return None, kind


def bases(text: str, skip: Sequence[tuple[int, int]] = ()) -> list[Mark]:
    """연결 and 별도, in order."""
    marks = [Mark(name, *m.span()) for name, words in _BASES for m in words.finditer(text)]
    return _clear(marks, skip)


def directions(text: str, skip: Sequence[tuple[int, int]] = ()) -> list[Mark]:
    """Rises (1) and falls (-1), and turns to profit or loss, in order."""
    turns = [Mark(way, *m.span(), turn=True) for way, words in _TURNS for m in words.finditer(text)]
    moves = [Mark(way, *m.span()) for way, words in _DIRECTIONS for m in words.finditer(text)]
    return _clear([*turns, *moves], skip)


def negations(text: str) -> int:
    return sum(1 for _ in _NEGATION.finditer(text))


def _clear(marks: Sequence[Mark], skip: Sequence[tuple[int, int]]) -> list[Mark]:
    free = [m for m in marks if not any(a < m.end and m.start < b for a, b in skip)]
    return sorted(free, key=lambda mark: mark.start)


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """The stretches between commas and connective endings; `4,512` is not cut."""
    start = 0
    for cut in re.finditer(
        r"(?<!\d),|,(?!\d)|(?<=[가-힣])(?:며|[었았였이하]고|지만|으나|면서)(?=\s)|[;·›|]", text
    ):
        yield start, cut.end()
        start = cut.end()
    yield start, len(text)
