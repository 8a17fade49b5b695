"""What the remarks of a form say of what it compares with: `상기 최근매출액은 2024년말 연결 재무제표 기준임`.

The form asks for 최근매출액 and 자기자본 of the last business year and has no cell that says which one, or
whether 연결: companies write it under `기타 투자판단에 참고할 사항`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.model import Figure

_ACCOUNT = r"(?:최근\s?매출액|자기자본|총자산|자산총액)"
_COMPARED = re.compile(rf"^[\s-]*(?P<account>{_ACCOUNT})(?:\([A-D]\))?$")
_REMARK = re.compile(
    r"(?:(?P<item>\d)\s?(?:번|항)?\.?\s?(?:[가-힣]{2}(?:내역|상대방?|금액))?[\"'”’]?\s?[의중-]?\s?)?"
    rf"[\"'“‘]?(?P<accounts>{_ACCOUNT}(?:[\"'”’]?\s?(?:및|[과와,ㆍ·])\s?[\"'“‘]?{_ACCOUNT})*)(?:\(원\))?[\"'”’]?[은는]\s?"
    r"(?P<said>[^.]{0,90})"
)
_YEAR = re.compile(
    r"(?<!\d)(?P<year>(?:20)?\d{2})\s?(?:년도?|(?:사업|회계)\s?연도)(?:\s?(?P<month>\d{1,2})월(?:\s?\d{1,2}일)?)?"
    r"\s?(?P<end>말)?"
)
_BASIS = re.compile(r"연결|별도|개별")
_OF_A_YEAR = "매출액"
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Remark:
    """`item` is the number of the item that it names, None where it names none."""

    account: str
    item: str | None
    period: str | None
    basis: str | None

    def of(self, figure: Figure, account: str) -> bool:
        """Whether it is of a figure: of the company's own, where it names no item."""
        number = figure.row.lstrip()[:1]
        return self.account == account and (number == self.item if self.item else "상대" not in figure.row)


def remarked(figures: Sequence[Figure], texts: Iterable[str]) -> list[Figure]:
    """With the period and the basis that one remark says; two that differ say nothing."""
    remarks = [one for text in texts for one in _remarks(text)]
    return [_remarked(figure, remarks) for figure in figures] if remarks else list(figures)


def _remarked(figure: Figure, remarks: Sequence[Remark]) -> Figure:
    found = _COMPARED.match(figure.account)
    if found is None or figure.period:
        return figure
    account = "".join(found["account"].split())
    said = {(one.period, one.basis) for one in remarks if one.of(figure, account)}
    if len(said) != 1:
        return figure
    ((period, basis),) = said
    return figure._replace(period=period, basis=figure.basis or basis)


def _remarks(text: str) -> Iterable[Remark]:
    for found in _REMARK.finditer(text):
        bases = set(_BASIS.findall(found["said"]))
        basis = ("연결" if "연결" in bases else "별도") if len(bases) == 1 else None
        for said in re.findall(_ACCOUNT, found["accounts"]):
            account = "".join(said.split())
            period = _period(account, found["said"])
            if period or basis:
                yield Remark(account, found["item"], period, basis)


def _period(account: str, said: str) -> str | None:
    """A year of sales, the day of a balance; the year alone where a balance's day is not said."""
    years = list(_YEAR.finditer(said))
    if len(years) != 1:
        return None
    year = years[0]["year"][-2:]
    month = int(years[0]["month"] or _DECEMBER)
    if account.endswith(_OF_A_YEAR):
        return f"20{year}" if month == _DECEMBER else None
    told = years[0]["month"] or years[0]["end"]
    return f"20{year}.{month:02d} 말" if told else f"20{year}"
