"""What the labels of a row and the header of a column say, found once, not at every crossing of the two."""

import re
from dataclasses import dataclass
from functools import lru_cache

from core.etl.fiscal import Calendar
from core.etl.labels import clean_account, is_no_measure, measure_of
from core.etl.periods import period_of
from core.etl.place import basis_in
from core.etl.scales import unit_named
from core.etl.units import UnitWords, unit_words
from core.totals import is_total

_NO_NAME = frozenset(
    ("", "구분", "과목", "항목", "내용", "금액", "계정과목", "사업부문", "부문", "품목", "계", "합계")
)
_MOVED = ("증감", "변동", "변동내역", "증가", "감소")  # a heading over 취득, 감가상각, 처분
# Every branch of these begins with a letter of its own: `re` then skips to where one of them stands.
_BALANCE_ACCOUNT = re.compile(
    r"누계액$|자산$|부채$|자본$|산총계$|채총계$|본총계$|미지급|선급|선수금|미수|예수금|자본금|잉여금$|채권$|채무$|차입금$|사채$|현금및현금성자산$|예금$|재고|지분$|직원수|주식수|장부[가금]액$|부채비율|유동비율|잔액|총액\(말\)"
)
_FLOW_ACCOUNT = re.compile(
    r"급여(?!채무|부채|지급액)|매출|이익(?!소각|잉여|준비)|비용|(?<!미실현)손익(?!-|인식)|(?<!취득)원가|배당금|투자액|지출|취득액|가중평균"
)
_CHANGE = re.compile(r"(?:증가|감소|증감|(?<!자본)변동|환입|취득|처분|대체)액?(?:\([가-힣]{2}\))?등?$")
_CHANGED = re.compile(_CHANGE.pattern + r"|상각비$|손상차손(?:인식액)?$")  # 유형자산 > 손상환입
# 기초자산 is an underlying asset, 기초소재 a product.
_FOLLOWS = (
    r"(?=$|의|\(|잔액|잔고|잔여|수량|금액|장부|순장부|현금|자본|평가|이연|대손|손실충당|충당|재고|이월)"
)
_OPENING = re.compile(r"(?:당?(?:기|반기|분기)|보고기간)초" + _FOLLOWS)
_BEGUN = re.compile(r"(?<![가-힣])(?:[당전](?:기|반기|분기)|기)\s?초(?![가-힣])")
_CLOSES = re.compile(r"(?<![가-힣])기\s?말(?![가-힣])")
_CLOSING = re.compile(r"(?:당?(?:기|반기|분기)|보고기간)말" + _FOLLOWS)
_MEASURE = re.compile(
    r"매출|이익|손익|손실|비용|수익(?!증권)|상각비|환입|차손|증감|증가|감소|대체|급여|자산|부채|자본|금액|(?<!^총)액$|한도|(?<=.)총액|수합계$|(?<![인양접])수$|수량|비중|비율|율$|율\(|률|단가|가액|장부|원가|투자|배당|잔액|취득|실적|능력|인원|근속"
)
# What a column of a list measures, where its rows are no measures themselves: 채권 등, 시장가치, 감사시간.
_LISTED = re.compile(
    rf"{_MEASURE.pattern}|가치|매입|매도|매출|처분|채권|채무|시간|보수|현금흐름|지분|주식|의\s?수"
)
_OF_COMPANY = re.compile(
    r"주식회사|유한회사|\(주\)|㈜|투자신탁|투자회사|투자조합|\b(?:Inc|Ltd|LLC|Corp|GmbH|B\.V|S\.A|Co)\b",
    re.IGNORECASE,
)
_LIST = 3  # labels to the left of a value: whose, what, where it stands in a list of things
# Years of their own, which neither a caption nor the day of the report tells.
_OWN_TIME = re.compile(r"최근\s?(?:사업연도|회계연도|결산기)|최초\s?취득")
_LEAF = re.compile(rf"{_MEASURE.pattern}|(?:예수|보증|충당|선급|선수|미수|미지급|대여|차입)금$")
_WHEN = re.compile(
    r"제\s*\d{1,3}\s*기\s*(?:[1-3]?분기|반기)?말?(?:\s*\([당전]+(?:기|반기|분기)말?\))?"
    r"|[당전]{1,2}(?:기|반기|분기)말?|\d{4}[.년]\s*\d{1,2}월?\s*[~∼～-]\s*\d{4}[.년]\s*\d{1,2}월?"
)
_NAMELESS = re.compile(
    r"-|[\d.,]{1,12}\s?%?\s?[~∼～-]\s?[\d.,]{1,12}\s?%?|\d{4}\s?[.\-/년]\s?\d{1,2}\s?[.\-/월]\s?\d{1,2}일?"
)
_DAY = re.compile(r"\d{4}\s?[.\-/년]\s?\d{1,2}\s?[.\-/월]\s?\d{1,2}")
_UNTIL = re.compile(r"[~∼～]|부터|까지")
# `증가(감소) > 취득(처분) > 수량`: so many were bought or sold.
_CHANGED_BY = re.compile(r"(?:\(감소\)|\(처분\)|증감|변동)(?:수량|금액|주식수)$")
_THREE_MONTHS = re.compile(r"3\s*개\s*월(?!\s*(?:이내|초과|이하|미만|이상|[~∼～]))")  # 3개월 이내 falls due
_TO_DATE = re.compile(r"누\s*적(?!\s?[가-힣]*(?:지분|차이|결손))")  # 누적 비지배지분 is of a day


@dataclass(frozen=True, slots=True)
class Row:
    """What the labels of a row say; the last of them names the account, the others of which `part`."""

    name: str
    account: str
    part: str
    when: str  # the label that is a period: `제54기반기말`, `2022.01~2022.06`
    basis: str | None
    unit: UnitWords
    no_measure: bool
    end: str  # the label that opens or closes: 기초 > 취득원가
    listed: bool  # of a company, or one of a list of things: a column says what is measured


@lru_cache(maxsize=8192)
def row_of(labels: tuple[str, ...]) -> Row:
    # A 만기일 names nothing, nor does a unit beside what is counted in it: 최저 > US$.
    named = [said for said in labels if not _NAMELESS.fullmatch(said)]
    label = next((said for said in reversed(named) if unit_named(said) is None), named[-1] if named else "")
    account = clean_account(label)
    no_measure = is_no_measure(account)
    when = next((said for said in labels[:-1] if _WHEN.fullmatch(said)), "")
    others = [clean_account(said) for said in labels[:-1] if said != when]
    part = " ".join(o for o in others if o not in _NO_NAME and o != account)
    if part not in _MOVED and _LEAF.search(part) and not _LEAF.search(account):  # 주당 현금배당금 > 보통주
        account, part = part, account
    return Row(
        " > ".join(labels),
        account,
        part,
        when,
        basis_in(label),
        unit_words(*labels),
        no_measure,
        next((said for said in map(clean_account, reversed(named)) if any(nature(said)[2:])), ""),
        names_company(label) or (len(labels) >= _LIST and not any(nature(account))),
    )


@lru_cache(maxsize=8192)
def account_and_segment(
    account: str,
    part: str,
    measure: str,
    titled: str | None,
    of_column: bool = False,
    listed: bool = False,
) -> tuple[str, str | None]:
    """Which of row, column (`measure`) and title names the measure, and which the part of the company.

    `of_column`: the rows are of companies or persons, or the column states its unit. `listed`: of a list.
    """
    if measure in _NO_NAME:
        if titled and not _MEASURE.search(
            account
        ):  # `나. 부문별 영업이익 현황`, `< 스마트폰 시장점유율 추이 >`
            named = " ".join(p for p in (part, "" if is_total(account, whole=True) else account) if p)
            return titled, named or None
        return account, part or None
    if not account or is_total(account, whole=True):
        return measure, part or None
    of_column = of_column or listed
    if (_LISTED if listed else _MEASURE).search(measure) and (of_column or not _MEASURE.search(account)):
        return measure, " ".join(p for p in (part, account) if p) or None
    if is_total(measure, whole=True):
        return account, part or None
    return account, " ".join(p for p in (part, measure) if p) or None


class Column:
    """What a header says: `head` over the whole column, `sub` since the last row of sub-headers.

    `inner` is the lowest line of `head`, which tells the unit: 주식수 under 소유주식수 및 지분율.
    """

    def __init__(self, head: str, sub: str, caption: str, calendar: Calendar, inner: str = "") -> None:
        self.name = " ".join(filter(None, (head, sub)))
        lowest = unit_words(inner) if inner else unit_words(head)
        self.unit = unit_words(head) if lowest.silent else lowest
        self.measure = measure_of(head)
        self.no_measure = is_no_measure(self.measure)
        words = head + sub
        self._at_end = "말" in words
        self.at_day = self._at_end or "현재" in words
        self._three = bool(_THREE_MONTHS.search(words))
        self.running = self._three or bool(_TO_DATE.search(words))
        said = [self.measure.replace(" ", ""), inner.replace(" ", "")]
        self._opens = any(map(_OPENING.match, said)) or bool(_BEGUN.search(head))
        self.changes = bool(_CHANGED.search(said[0]) or _CHANGED_BY.search(said[0]))
        self._own_time = bool(_OWN_TIME.search(words))
        self._closes = bool(_CLOSES.search(head) or _CLOSING.match(said[1]))
        # 요약 포괄손익계산서(전반기) below 전기 has a period of its own; 누적 has that of what is above.
        whole = f"{head} {sub}" if sub else head
        self._said = (sub, whole, caption) if sub and _period_named(sub, calendar) else (whole, sub, caption)
        self.of_day = bool(_DAY.search(head)) and not _UNTIL.search(head)
        self._calendar = calendar
        self._periods: dict[bool | None, str | None] = {}
        self._of: dict[str, str | None] = {}

    @property
    def dated(self) -> bool:
        """Whether the header itself names a period, not the caption alone."""
        return any(period_of(said, self._calendar, balance=None) is not None for said in self._said[:2])

    def period(self, account: str, *, balance: bool | None) -> str | None:
        """Of an account in this column; `balance` is what its table says of all of them, if it does."""
        if account not in self._of:
            self._of[account] = self._period(account, balance)
        return self._of[account]

    def _period(self, account: str, balance: bool | None) -> str | None:
        if (self._own_time or _OWN_TIME.search(account)) and not self.dated:
            return None
        at_day, over_time, opens, closes = nature(account)
        if not (at_day or over_time):  # 누적 비지배지분 of a company, 평가손익 of 일반투자
            column_at_day, column_over_time = nature(self.measure)[:2]
            at_day = column_at_day and not _MEASURE.search(account)
            over_time = column_over_time and not column_at_day and not self.of_day
        if self.changes:
            at_day, over_time = False, True
        if opens or self._opens:
            flow = self._named(False)
            return self._calendar.before_opening(flow) if flow else None
        if closes or self._closes:
            return self._named(True)
        if balance is None:
            if at_day and not self._at_end and not self.running:
                balance = True
            elif over_time and not self.at_day:
                balance = False
        return self._named(balance)

    def _named(self, balance: bool | None) -> str | None:
        """The first that header with sub-header, sub-header and caption name, placed or not."""
        if balance not in self._periods:
            found = (
                period_of(said, self._calendar, balance=balance, three=self._three)
                for said in self._said
                if said
            )
            self._periods[balance] = next((period for period in found if period is not None), None) or None
        return self._periods[balance]


def counts(head: str) -> bool:
    """Whether a header stands over numbers of its own: `인원수`, `이사의 수`, `지분율(%)`."""
    words = unit_words(head)
    return bool(words.stated) or not words.silent or bool(re.search(r"(?:액|총액|금액)$", measure_of(head)))


def _period_named(sub: str, calendar: Calendar) -> bool:
    return period_of(sub, calendar, balance=None) is not None


@lru_cache(maxsize=8192)
def names_company(label: str) -> bool:
    """`(주)` included, which a cleaned label has lost; the others of a matrix are no measure either."""
    return bool(_OF_COMPANY.search(label))


@lru_cache(maxsize=8192)
def nature(account: str) -> tuple[bool, bool, bool, bool]:
    """(usually an amount at a day, usually one over a time, the opening one, the closing one)."""
    squeezed = account.replace(" ", "")
    changes = bool(_CHANGE.search(squeezed))
    return (
        not changes and "가중평균" not in squeezed and bool(_BALANCE_ACCOUNT.search(squeezed)),
        changes or bool(_FLOW_ACCOUNT.search(account)),
        bool(_OPENING.match(squeezed)),
        bool(_CLOSING.match(squeezed)),
    )
