"""Of which reports and of which of their cells a question can be: by its period, its basis, what it wants."""

import re
from collections.abc import Mapping

from core.model import Figure, Filing, Question
from core.rag.figures.selection import fits_period
from core.rag.language.bands import band_asked, of_band
from core.rag.language.labels import is_left_out, leaves_out, of_another_number, sexes_asked
from core.rag.language.periods import three_months_said
from core.rag.language.sides import contradicts

_MOST_REPORTS = 2
_SHOWN_BACK = 2  # years that a report shows before its own
_DAY = re.compile(r"(\d{4})\s?[.\-/년]\s?(\d{1,2})\s?[.\-/월]\s?\d{1,2}")
_YEAR = 4  # characters
_OPENS = re.compile(r"(?<![가-힣])[당전]?기\s?초|기초")


def reports_of(question: Question, filings: Mapping[str, Filing]) -> list[str]:
    """Receipt numbers of the two reports that tell best of the period asked: that of the period itself, then
    those after it, which compare with it; the newest where none is asked."""
    asked = question.period
    codes = [company.corp_code for company in question.companies]
    found = [
        (filing.period, filing.rcept_no)
        for filing in filings.values()
        if filing.period
        and not (filing.superseded_by or filing.withdrawn)
        and filing.corp_code in codes
        and (asked is None or 0 <= int(filing.period[:4]) - int(asked[:4]) <= _SHOWN_BACK)
    ]
    found.sort(reverse=asked is None)
    if asked:
        found.sort(key=lambda report: report[0] != asked[:7])
    return [rcept_no for _, rcept_no in found[:_MOST_REPORTS]]


def fits(question: Question, figure: Figure, filing: Filing) -> bool:
    """Whether a cell is of the period, the basis and the sex asked; what costs least is asked first."""
    text = question.text
    sexes = sexes_asked(text)
    return (
        not figure.disputed
        and _of_basis_asked(question, figure, filing)
        and _of_time_asked(question, figure, filing)
        and not (len(sexes) == 1 and ({"남", "여"} - sexes) & set(figure.row.split(" > ")))
        and of_band(band_asked(text), figure)
        and not of_another_number(text, figure)
        and is_wanted(text, figure)
    )


def is_wanted(text: str, figure: Figure) -> bool:
    """Whether nothing of its labels is what a text leaves out, or the other side of what it asks for."""
    return not (is_left_out(text, figure) or leaves_out(text, figure) or contradicts(text, figure))


def _of_time_asked(question: Question, figure: Figure, filing: Filing) -> bool:
    asked = question.period
    closing = asked is not None and asked.endswith("말") and figure.period != asked
    if closing and _OPENS.search(f"{figure.row} {figure.column}"):
        return False
    three = bool(asked and asked.endswith("3개월"))
    if figure.period is None:  # a table without periods is of its report's
        same = bool(filing.period) and asked is not None and asked[:4] == str(filing.period)[:4]
        return asked is None or (same and not three) or _dated(figure.row, asked)
    if figure.period.endswith("3개월") and not three and not three_months_said(question.text):
        return False
    return fits_period(asked, figure.period)


def _dated(row: str, asked: str) -> bool:
    """Whether a row is of a day of the month or year asked: `2021.08.27. > 공정거래위원회`."""
    year, month = asked[:4], asked[5:7]
    days = _DAY.findall(row)
    return any(day[0] == year and (len(asked) == _YEAR or int(day[1]) == int(month or 0)) for day in days)


def _of_basis_asked(question: Question, figure: Figure, filing: Filing) -> bool:
    """A table of a report that tells no basis is 연결 where the company has subsidiaries: never 별도."""
    unsaid = None if question.basis == "연결" or filing.period is None else question.basis
    return question.basis is None or figure.basis in (unsaid, question.basis)
