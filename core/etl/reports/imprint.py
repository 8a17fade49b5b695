"""Who published a report, and when."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from core.etl.reports.line import Line

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_MONTH = r"(?P<mon>[A-Z][a-z]{2})[a-z]*\.?"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\d.])(?P<y>20\d\d)\s*[.\-/년]\s*(?P<m>\d{1,2})\s*[.\-/월]\s*(?P<d>\d{1,2})(?!\d|\s*[.\-/]?\d)",
        r"(?<!\d)(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)",
        rf"(?P<d>\d{{1,2}})\s+{_NAMED_MONTH},?\s+(?P<y>20\d\d)",
        rf"{_NAMED_MONTH}\s+(?P<d>\d{{1,2}}),?\s+(?P<y>20\d\d)",
    )
)
_DATE_LABEL = re.compile(
    r"발간|발행\s*일|작성\s*일|공표\s*일|게시\s*일|^\W*date\b|published|일자\s*[:：]", re.IGNORECASE
)
# Dates of a price, of a source or of an event
_OTHER_DATE = re.compile(
    r"(?<!목표)(?<!목표 )주가|종가|기준|시세|현재|자료|설립|상장|결산|배당|발표|예정|as\s*of|source|close",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"다[.\s]")
_MAX_DATE_LINE = 80

_BROKER = re.compile(
    r"(?<![가-힣A-Za-z&])(?P<name>[가-힣A-Za-z&]{1,10}?(?:투자증권|금융투자|증권)"
    r"|[A-Z][A-Za-z&]*(?:\s[A-Z][A-Za-z&]*)?\sSecurities)"
    r"(?=(?:은|는|이|가|의|을|를|에서|과|와|에)?(?:리서치|[^가-힣A-Za-z]|$))"
)
_BROKER_LABEL = re.compile(
    r"^\W*(?:증권사|발행사|작성\s*기관|broker)\s*[:：|]\s*(?P<name>[^|:：\n]{2,30}?)\s*$", re.IGNORECASE
)
_KINDS_OF_SECURITIES = frozenset(
    ("유가증권", "지분증권", "채무증권", "수익증권", "결합증권", "파생결합증권", "투자계약증권", "전자증권")
)
_RESEARCH = re.compile(r"리서치\s*(?:센터|본부)|기업\s*분석|research", re.IGNORECASE)


def read_date(lines: Sequence[Line], file_name: str) -> date | None:
    """The day a report is of: a labelled one, else the first that stands by itself, else the file name's."""
    for labelled in (True, False):
        for line in lines:
            if labelled == bool(_DATE_LABEL.search(line.text)) and (labelled or _by_itself(line.text)):
                for day in dates_in(line.text):
                    return day
    return next(dates_in(file_name), None)


def _by_itself(text: str) -> bool:
    return len(text) <= _MAX_DATE_LINE and not _OTHER_DATE.search(text) and not _SENTENCE.search(text)


def dates_in(text: str) -> Iterator[date]:
    """The days of the calendar a text names, form by form."""
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
    """A labelled name; else the one beside 리서치센터; else the one named most; else the file name's.

    `company` is whom the report is about, who may be a broker too.
    """
    for line in lines:
        if labelled := _BROKER_LABEL.match(line.text):
            return labelled["name"]
    names = [(name, line.text) for line in lines for name in _brokers_in(line.text) if name != company]
    beside = [name for name, text in names if _RESEARCH.search(text)]
    in_file_name = list(_brokers_in(file_name.replace("_", " ")))
    for found in (beside, [name for name, _ in names], in_file_name):
        if found:
            return max(dict.fromkeys(found), key=found.count)
    return None


def _brokers_in(text: str) -> Iterator[str]:
    for found in _BROKER.finditer(text):
        if found["name"] not in _KINDS_OF_SECURITIES:
            yield found["name"]
