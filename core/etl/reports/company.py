"""Which company a report is about: its stock code or name on the first page, checked where it is known."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import UnreadableFiling
from core.etl.reports.line import Line
from core.korean import LEGAL_FORM, bare_name
from core.model import Company

# `가온전자 (990011)`, `가온전자(990011/매수)`, `(A990011)`, `990011.KS`, `종목코드: 990011`;
# KRX gives codes with letters since 2024
_CODE = re.compile(
    r"(?:(?P<name>[가-힣A-Za-z&][가-힣A-Za-z0-9&.\- ]{1,29}?)\s*(?:\|\s*)?)?"
    r"(?:[(\[]\s*|종목\s*코드\s*[:：|]?\s*)A?(?P<code>\d{5}[0-9A-Z])(?![\d,])"
    r"|(?<![\dA-Z])(?P<listed>\d{5}[0-9A-Z])\s*\.?\s*(?:KS|KQ|KOSPI|KOSDAQ|코스피|코스닥)\b"
)
_MONTH = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])$")  # `(202606)`
_WHOLE = "(?<![가-힣A-Za-z0-9]){}(?![가-힣A-Za-z0-9])"  # 대상 is a company, 대상으로 is none
_LABEL = re.compile(
    r"^\W*(?:종목(?:명)?|기업명|회사(?:명)?|company)\s*[:：|]\s*(?P<name>[^|:：(\n]{2,30}?)\s*(?:[(|].*)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Subject:
    corp_name: str
    stock_code: str | None
    known: bool


def find_subject(lines: Sequence[Line], file_name: str, companies: Sequence[Company]) -> Subject:
    """The one company the first page is about.

    Largest letters first: peers are named in the text, the subject in the heading. Raises UnreadableFiling
    when there is none or when several stand in equal letters.
    """
    by_code = {c.stock_code: c for c in companies if c.stock_code}
    page = "\n".join(line.text for line in lines)
    found: list[tuple[float, Subject]] = []
    for line in lines:
        for name, code, sure in _codes(line.text):
            company = by_code.get(code)
            if company and (sure or any(named in page for named in _names(company))):
                found.append((line.size, Subject(company.corp_name, code, True)))
            elif name:
                found.append((line.size, Subject(name, code, False)))
    for line in lines:
        if not found and (labelled := _LABEL.match(line.text)):
            found.append((line.size, _by_name(labelled["name"], companies)))
    if not any(subject.known for _, subject in found):
        found += [(line.size, s) for line in lines for s in _named(line.text, companies)]
    return _one(found, [s.corp_name for s in _named(file_name.replace("_", " "), companies)])


def _one(found: Sequence[tuple[float, Subject]], in_file_name: Sequence[str]) -> Subject:
    largest = max((size for size, _ in found), default=0.0)
    subjects = list(dict.fromkeys(subject for size, subject in found if size >= 0.95 * largest))
    if len(subjects) > 1:
        subjects = [s for s in subjects if s.corp_name in in_file_name] or subjects
    if not subjects:
        raise UnreadableFiling("어느 회사의 리포트인지 첫 쪽에서 찾지 못했습니다(종목 코드나 회사 이름).")
    if len(subjects) > 1:
        names = ", ".join(s.corp_name for s in subjects[:3])
        raise UnreadableFiling(f"여러 회사({names})를 함께 다룬 리포트는 아직 넣지 않습니다.")
    return subjects[0]


def _codes(text: str) -> Iterator[tuple[str | None, str, bool]]:
    """(name beside it, stock code, whether it can be nothing else)."""
    for found in _CODE.finditer(text):
        code = found["code"] or found["listed"]
        words = LEGAL_FORM.sub(" ", found["name"] or "").strip(" -.").split()
        korean = words and re.search("[가-힣]", words[-1])  # `Company Update 가온전자 (990011)`
        name = words[-1] if korean else " ".join(words)
        if not _MONTH.match(code):
            yield name or None, code, bool(found["listed"])


def _by_name(name: str, companies: Sequence[Company]) -> Subject:
    bare = bare_name(name)
    for company in companies:
        if bare in _names(company):
            return Subject(company.corp_name, company.stock_code, True)
    return Subject(bare, None, False)


def _named(text: str, companies: Sequence[Company]) -> Iterator[Subject]:
    for company in companies:
        if any(re.search(_WHOLE.format(re.escape(name)), text) for name in _names(company)):
            yield Subject(company.corp_name, company.stock_code, True)


def _names(company: Company) -> list[str]:
    return [bare for name in (company.corp_name, *company.aliases) if len(bare := bare_name(name)) >= 2]
