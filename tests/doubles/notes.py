"""Cells of the notes of a fictional company's annual report, and questions about them."""

from decimal import Decimal
from typing import Any

from core.model import Address, Figure, Question, address
from core.rag.question.sought import Sought
from tests.doubles.gaon import ANNUAL, GAON

FILINGS = {ANNUAL.rcept_no: ANNUAL}


def cell(value: str, row: str, column: str = "당기", **of: Any) -> Figure:
    """A cell in 원 of the year 2024; `value` is as it is filed."""
    said: dict[str, Any] = {
        "account": row.split(" > ")[-1],
        "unit": "원",
        "period": "2024",
        "basis": "연결",
        "section": "III. 재무에 관한 사항 > 3. 연결재무제표 주석",
        "table": 1,
        "row_no": 1,
        "column_no": 1,
    } | of
    number = Decimal(value.replace(",", "").replace("(", "-").rstrip(")"))
    return Figure(ANNUAL.rcept_no, ANNUAL.corp_code, value=number, row=row, column=column, cell=value, **said)


def asked(text: str, *terms: str, told: tuple[Figure, ...] = (), **of: Any) -> Sought:
    """A question whose telling morphemes are `terms`, after an answer that told these cells."""
    places: list[Address] = list(map(address, told))
    words = tuple(f"{term}/N" for term in terms)
    question = Question(text, companies=(GAON,), terms=words, told=places, **of)
    return Sought(question, dict.fromkeys(terms, 3.0))
