"""Numbers that sentences say, each bound to the clause it stands in: `잔금 600억원은 1월에 지급될 예정`.

A sentence may say several numbers. What a question asks is the one in whose own clause the words stand
that tell the numbers of the sentence apart (1차 and 2차, 계약금 and 잔금).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from core.model import Figure, Filing
from core.rag.language.mentions import Amount
from core.rag.language.reading import Reading, read
from core.rag.passages.statements import Statement

UNITS = ("원", "주", "%", "명", "배")
ORDINAL = re.compile(r"(?<!\d)(\d)\s?차(?!원|량|이)")  # an instalment
_PER = re.compile(r"[가-힣]*당")
_ESTIMATE = re.compile(r"약\s*$|대략\s*$")
_MOST = (
    re.compile(r"(?:최대|최고|한도|상한)\S{0,2}\s*$"),
    re.compile(
        r"\s*(?:\([^()]*\)\s*)?(?:을|를|의)?\s*(?:이하|이내|미만|한도)|\s*(?:을|를)\s*(?:초과|넘)\S*\s*(?:수\s*없|않|못)"
    ),
)
_CAPPED = re.compile(r"한도|최대|최고|상한")
_LEAST = (
    re.compile(r"(?:최소|최저)\S{0,2}\s*$"),
    re.compile(r"\s*(?:\([^()]*\)\s*)?(?:을|를)?\s*(?:이상|초과|넘)"),
)
# `608억원은 1차 대금으로 지급된다`: a number that is what the rest of its clause tells of.
_TOPIC = re.compile(r"^\s*(?:\([^()]*\)\s*)?(?:은|는|이(?!며|고|다|라|었)|가|을|를|에|의)(?=\s)")
_WHOLE = re.compile(r"^\s*(?:\([^()]*\)\s*)?\s*(?:중|가운데|에서)(?=\s)")
_IN_BRACKETS = re.compile(r"\([^()]*$")
_AGAIN = re.compile(r"\s*\([^()]*\)")  # 8조 192억원(USD 70억)이: the brackets say it again
# Where what names a number begins: behind a topic, and behind a clause that only leads to it.
_BEGINS = re.compile(
    r"(?<=[^되하있없받지오가않많같높낮남얻르들\s][은는])\s|(?<=(?<![대관위통련])하여)\s|(?<=[다라]고)\s|(?<=따라)\s|(?<=따라서)\s"
    r"|(?<=관련하여)\s|(?<=[중며고,])\s|^[\s.,;·①-⑳)'\"-]+"
)
_OF_IT = re.compile(r"(?:에\s대한|에\s해당하는|의)\s")
_GENITIVE = re.compile(r"\s*의\s+(?!규모|범위|수준|금액)(.+?)(?:을|를|이|가|은|는|에|으로|로)(?=\s)")
_OF_EACH = re.compile(
    r"[당전](?:반|분)?기(?:말)?\s?(?:중|동안|현재)?(?:에)?\s(?!.*[당전](?:반|분)?기)(\S.*?)(?:[은는이가])?\s각각\s*$"
)
_PARTICLE = re.compile(r"^(?:을|를|은|는|이|가|의|에)\s")  # of the number before
_DESCRIBES = re.compile(r"[한된될할인는던은]$")  # 인식한 손상차손
_ADVERB = re.compile(
    r"(?:에|에서|에게|로|을|를|이|가|따라|통해|의해|대해|대하여|인해|위해|후|전|시|중|까지|부터)$"
)
_OBJECT = re.compile(r"[가-힣][을를]$")
_UNTOLD = re.compile(
    r"(?:[되하있받]는|[한된될할]|[맺받얻남넣갚쌓높낮많작같묶]은)$"
)  # 매매대금이 산정되는 168,000주
_TRAILING = re.compile(
    r"(?:\s*[:：,(]|(?<=[가-힣)])(?:(?<![맺받얻남넣갚쌓높낮많작같묶])은|(?<![되하있받])는|이|가|인|의)|(?<=\s)(?:총|약|금|각각|각|최대|합계))\s*$"
)
# How a predicate is said of a noun: 지급될 예정이며 → 지급될 예정인.
_PREDICATES = (
    (re.compile(r"예정(?:이며|이고|입니다|임|이다|으로)?$"), "예정인"),
    (re.compile(r"(?:하였|했)(?:으며|고|습니다|음|다)$"), "한"),
    (re.compile(r"(?:되었|됐)(?:으며|고|습니다|음|다)$"), "된"),
    (re.compile(r"(?:됩니다|되며|되고|된다|됨)$"), "되는"),
    (re.compile(r"(?:합니다|하며|하고|한다|함)$"), "하는"),
    (re.compile(r"(?:있습니다|있으며|있고|있다|있음)$"), "있는"),
    (re.compile(r"받았(?:으며|고|습니다|음|다)$"), "받은"),
)
_END = attrgetter("end")
_TERM = re.compile(
    r"(?:(?P<closing>보고기간\s*(?:종료일|말))|(?<![가-힣])(?:(?P<before>전)|당)\s?(?P<part>반|분)?기)(?P<end>\s?말)?(?![가-힣]*손익)"
)
_BEFORE_AGAIN = re.compile(r"\s*\(\s*전(?:반|분)?기(\s?말)?\s*[:：]?\s*\d")
_TIME = re.compile(r"(?<!\d)\d{4}년(?:\s*\d{1,2}월)?(?:\s*(?:반|분)기)?(?:\s*말)?(?:\s*현재)?\s+")
_AS_OF = re.compile(r"\s*현재")
_HEAD = {"원": "금액", "주": "주식수", "%": "비율", "명": "인원", "배": "배수"}
_NOUN = re.compile(r"[가-힣A-Za-z]{2,}")
_LONGEST, _SHORT = 60, 20  # characters of a label
# What is earned, spent or lost over a time, whatever day the sentence names.
_FLOW = re.compile(
    r"(?:손상차손|손실|이익|손익|비용|수익|매출액?|원가|급여|상각비|환입액?|지급액|취득액|처분액)$"
)
_MERELY = re.compile(r"년|개년|개월|일|회|호|층|시간")  # numbers that tell when or which, not how much


@dataclass(frozen=True, slots=True)
class Said:
    """A number of a statement. `own` are the words of the clause that tell of it alone, `label` what it is
    called by them, '' when they name nothing; `bound`: the number is the most there may be, `whole`: others
    are parts of it."""

    amount: Amount
    reading: Reading
    statement: Statement
    own: str
    label: str
    bound: bool
    whole: bool

    @property
    def cell(self) -> str:
        return self.reading.text[self.amount.start : self.amount.end]


def numbers_said(statement: Statement) -> Iterator[Said]:
    """Its amounts of money, shares, people and rates; what is only about so much is no value."""
    reading = read(statement.shown)
    for amount in reading.amounts:  # 제36조 is no amount
        before, after = reading.text[: amount.start], reading.text[amount.end :]
        if (
            amount.unit not in UNITS
            or amount.negative  # it may be a dash
            or _PER.match(after)
            or _ESTIMATE.search(before)
        ):
            continue
        most, least = (bool(b.search(before) or a.match(after)) for b, a in (_MOST, _LEAST))
        if least and not most:
            continue
        left, right = _clause(reading, amount)
        label = _label(left, right if _TOPIC.match(right) else "", str(amount.unit))
        told = bool(_TOPIC.match(right))
        own = f"{left} {right}" if told else left
        yield Said(
            amount,
            reading,
            statement,
            own,
            f"{label} 한도" if most and not _CAPPED.search(label) else label,
            most,
            bool(_WHOLE.match(after)),
        )


def _clause(reading: Reading, amount: Amount) -> tuple[str, str]:
    """What stands before and behind a number within its clause and brackets, up to the numbers beside it."""
    text = reading.text
    left, right = reading.clause(amount.start)
    if amount.end < right and (again := _AGAIN.match(text, amount.end)):
        right = max(right, reading.clause(again.end())[1])
    else:
        again = None
    end = again.end() if again else amount.end
    for other in reading.amounts:
        if other.unit is not None and not _MERELY.fullmatch(str(other.unit)):
            if other.end <= amount.start:
                of_it = other.end > left and _OF_IT.match(text, other.end)  # 168,000주에 대한 대금액
                left = max(left, other.start if of_it else other.end)
            elif other.start >= end:
                right = min(right, other.start)
    before, after = text[left : amount.start], text[end:right]
    if inside := _IN_BRACKETS.search(before):
        said = before[inside.start() + 1 :]
        return (said if _NOUN.search(said) else before[: inside.start()]), ""
    return before, after


def _label(left: str, right: str, unit: str) -> str:
    """`1차 거래대금 지급일에 지급될 예정인 금액`, `이행실적`; '' where the clause names nothing."""
    over, _, name = left.rpartition("›")[2].rpartition(":")
    if each := _OF_EACH.search(left):  # 당기와 전기 중 RSU와 관련하여 인식한 비용은 각각
        return _cut(each[1])
    if belongs := _GENITIVE.match(right):  # 810백만원의 배당이 발생
        return _cut(belongs[1])
    name, head = _named(name), _HEAD[unit]
    if not _NOUN.search(name):
        name, over = _named(over), ""
    told = _TOPIC.sub("", right).strip().rstrip(".,")
    told = next((ending.sub(says, told) for ending, says in _PREDICATES if ending.search(told)), "")
    if unit == "%" and name and left.rstrip().endswith("의"):  # 최근 매출액의 3.44%
        return _cut(f"{name} 대비 비율")
    if told and left.rstrip().endswith(f"{name}인"):  # 잔액인 600억원은 …
        return _cut(f"{told} {name}".strip())
    if name and not _ADVERB.search(name) and not _UNTOLD.search(name):
        above = "" if "›" in left else _named(over)  # the label of a whole row
        return _cut(f"{above}({name})" if _NOUN.search(above) and len(above) <= _SHORT else name)
    if not told and _OBJECT.search(name):
        return ""  # 지분을 43.2% 취득: what is done with it names no number
    return _cut(" ".join(f"{name} {told} {head}".split())) if name or told else ""


def _named(left: str) -> str:
    """The words that name what follows: `해당 영업권의 장부금액`."""
    while (bare := _TRAILING.sub("", left)) != left:
        left = bare
    name = _PARTICLE.sub("", _BEGINS.split(left)[-1]).strip()
    words = name.split()
    if not (any(map(_DESCRIBES.search, words[:-1])) or _ADVERB.search(name) or _UNTOLD.search(name)):
        ends = [at for at, word in enumerate(words[:-1]) if _ADVERB.search(word)]
        words = words[ends[-1] + 1 :] if ends else words
    return " ".join(words)


def _cut(label: str) -> str:
    while len(label) > _LONGEST and " " in label:
        label = label.split(" ", 1)[1]
    return label


def figure_of(said: Said, filing: Filing, section: str, period: str | None, basis: str | None) -> Figure:
    """Its place is the words themselves: `caption` is the sentence, `row` its clause, `cell` the number."""
    account = said.label or _HEAD[str(said.amount.unit)]
    part = said.reading.part_of(said.amount.start)
    if part:
        account = re.sub(rf"{re.escape(part)}\s*(?:사업)?\s*부문(?:의|은|이)?\s*", "", account)
    account = _TIME.sub("", account) if period else account
    if period and period.endswith("말") and _FLOW.search(account):
        # 12월 31일 현재 손상평가를 한 결과, 손상차손은
        period = period[:4] if period[5:7] == "12" else f"{period[:7]} 누적"
    return Figure(
        rcept_no=filing.rcept_no,
        corp_code=filing.corp_code,
        account=account,
        value=said.amount.value,
        unit=str(said.amount.unit),
        period=period,
        basis=basis,
        section=section,
        table=0,
        row=account,
        column="",
        row_no=0,
        column_no=said.amount.start,
        cell=said.cell,
        segment=f"{part} 부문" if part else None,
        caption=said.statement.quote,
        origin="prose",
    )


def period_of(said: Said, filing: Filing) -> str | None:
    """The period that the sentence gives the number, as Figure.period; None for one it does not settle.

    A sentence of a report without any is of the report's period: '' then, for it may be a flow or a balance.
    """
    before = said.reading.text[: said.amount.start]
    if filing.period and (term := _of_each(said)):
        return _of_term(term, filing.period)
    if any(w.base and w.inside[0] <= said.amount.start < w.inside[1] for w in said.reading.whens):
        return None  # `전년 말의 640억원보다`
    if inside := _IN_BRACKETS.search(before):
        before = before[inside.start() :]
    when = max(
        (w for w in said.reading.whens if w.end <= said.amount.start and not w.base), key=_END, default=None
    )
    if when and inside and when.start < inside.start():
        when = None
    closing = filing.period or ""
    named = max(_TERM.finditer(before), key=lambda found: found.end(), default=None) if closing else None
    if named and (when is None or named.end() > when.end):
        return _of_term(named, closing)
    if when is None:
        again = _BEFORE_AGAIN.match(said.reading.text, said.amount.end) if closing else None
        if again:  # 210,400백만원(전기말 250,000백만원)
            return _spelled(int(closing[:4]), int(closing[5:]), "말" if again[1] else "누적")
        return "" if closing else None
    if when.year is None:
        return None
    if when.kind == "일" and _AS_OF.match(said.reading.text, when.end):
        return f"{when.year}.{when.month:02d} 말"
    kind = {"반기": "누적", "": "누적"}.get(when.kind, when.kind)
    return _spelled(when.year, when.month or 12, kind) if kind in ("말", "누적", "3개월") else None


def _of_each(said: Said) -> re.Match[str] | None:
    """`당기와 전기 중 …은 각각 184백만원, 94백만원`: the term that the number is of."""
    text = said.reading.text
    at = text.rfind("각각", 0, said.amount.start)
    if at < 0:
        return None
    terms = list(_TERM.finditer(text, 0, at))
    told = [one.start for one in said.reading.amounts if one.start > at and one.unit == said.amount.unit]
    return terms[told.index(said.amount.start)] if len(terms) == len(told) > 1 else None


def _of_term(term: re.Match[str], closing: str) -> str:
    """The period of `전기말` in a report that closes with the one given."""
    year = int(closing[:4]) - bool(term["before"])
    month = "12" if term["before"] and term["end"] and not term["part"] else closing[5:]
    return _spelled(year, int(month), "말" if term["end"] or term["closing"] else "누적")


def _spelled(year: int, month: int, kind: str) -> str:
    return str(year) if (month, kind) == (12, "누적") else f"{year}.{month:02d} {kind}"
