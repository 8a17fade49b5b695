"""What a Korean sentence says in figures: amounts, bases and directions, and where they stand.

One reading serves drafts and sources alike, so that both sides of a comparison are read the same way.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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

_SINGLY = r"\s?(?:취득|매입|평가|손상|검토|약정|계약|항목|종목|판매|인식)"
# One by one, as things are acquired or valued: of no statements without subsidiaries.
ONE_BY_ONE = re.compile(rf"개별(?={_SINGLY})")
_BASES = (
    ("별도", re.compile(rf"별도|개별(?!{_SINGLY})|본체만|회사 하나만|자회사.{{0,4}}(?:빼|제외)")),
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

    def may_be(self, value: Decimal) -> bool:
        """Whether it says this value, sign aside, to its last digit."""
        return abs(abs(value) - self.value) <= self.step


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
