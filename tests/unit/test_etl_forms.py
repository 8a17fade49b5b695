"""One filing of every common kind, read and told: its first sentence, its figures, and nothing lost."""

import re
from collections import Counter
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from core.etl.document import Document, Table
from core.etl.read import read_document
from core.etl.source import listing
from core.etl.transform import transform
from core.korean import amount, parse_amount
from core.model import Transformed
from core.narration import LEAD
from tests.doubles.forms import bytes_of, filings, source_of
from tests.doubles.visible import lost_words, numbers, visible

FILINGS = filings()
every = pytest.mark.parametrize(
    "at", range(len(FILINGS)), ids=[f"{n}-{f['report']}" for n, f in enumerate(FILINGS)]
)


@cache
def etl(at: int) -> tuple[dict[str, Any], Document, Transformed]:
    filing = FILINGS[at]
    source = source_of(filing)
    document = read_document(bytes_of(filing), source.path.name)
    return filing, document, transform(document, listing(document, source, source.path.name))


@every
def test_the_first_sentence_says_it_all(at: int) -> None:
    filing, _, made = etl(at)
    first = made.chunks[0].text.split("\n")[0]
    assert first == filing["sentence"]
    assert LEAD.search(first)
    assert first in made.markdown


@every
def test_every_number_of_the_sentence_stands_in_a_cell(at: int) -> None:
    _, document, made = etl(at)
    first = made.chunks[0].text.split("\n")[0]
    cells = {
        cell.text
        for s in document.sections
        for b in s.blocks
        if isinstance(b, Table)
        for r in b.grid
        for cell in r
    }
    values = {value for text in cells if (value := parse_amount(text.rstrip("원"))) is not None}
    won = {amount(value * scale, "원") for value in values for scale in (1, 10**3, 10**8)}
    days = {
        tuple(map(int, day)) for text in cells for day in re.findall(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})", text)
    }
    said = first.replace("2025년 7월 3일 공시", "공시").replace("2025년 7월 3일 정정 공시", "공시")
    for day in re.findall(r"(\d{4})년 (\d{1,2})월 (\d{1,2})일", said):
        assert tuple(map(int, day)) in days
    for money in re.findall(r"-?\d[\d,조억만 ]*원", said):
        assert money in won
    for number in re.findall(r"(?<![\d.])(-?\d[\d,.]*)(?:%|주)(?!당)", re.sub(r"보다 [\d.]+%", "", said)):
        assert Decimal(number.replace(",", "")) in values or any(number in text for text in cells)


@every
def test_figures_of_the_form(at: int) -> None:
    filing, _, made = etl(at)
    found = {(f.account, str(f.value), f.unit) for f in made.figures}
    for account, value, unit in filing["figures"]:
        assert any(a == account and v == value and u == unit for a, v, u in found), found


@every
def test_nothing_is_lost(at: int) -> None:
    filing, _, made = etl(at)
    seen = visible(bytes_of(filing), cover="cover" in filing)
    seen = seen.replace("작성책임자 : 김가온 (전화) 02-000-0000", "")
    for text in (made.markdown, "\n".join(f"{c.header}\n{c.text}" for c in made.chunks)):
        assert numbers(seen) - numbers(text) == Counter()
        assert lost_words(seen, text) == Counter()
    assert "02-000-0000" not in made.markdown


@every
def test_the_form_that_stands_in_for_reprt_code(at: int) -> None:
    filing, document, made = etl(at)
    default = "B001" if "acode" in filing else "I002" if "잠정" in filing["report"] else "I001"
    assert made.filing.form == filing.get("form", default)
    assert made.filing.period is None
    assert list(document.reading.warnings) == []
