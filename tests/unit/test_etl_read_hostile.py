"""Files small on disk that ask for much: each is refused in one sentence, or read in linear time."""

import time

import pytest

from core.errors import UnreadableFiling
from core.etl.document import Table
from core.etl.read import read_document
from core.etl.sanitise import sanitise

HEAD = '<DOCUMENT><DOCUMENT-NAME ACODE="11011">사업보고서</DOCUMENT-NAME><BODY>'
TAIL = "</BODY></DOCUMENT>"


def read(body: str) -> list[str]:
    """Texts of the blocks; of a table, its first cell."""
    document = read_document((HEAD + body + TAIL).encode(), "가온전자.xml")
    blocks = [block for section in document.sections for block in section.blocks]
    return [b.grid[0][0].text if isinstance(b, Table) else b.text for b in blocks]


def table(rows: str) -> str:
    return f"<TABLE>{rows}</TABLE>"


HOSTILE_TABLES = {
    "one wide row over many short ones": table(
        "<TR>" + '<TD COLSPAN="300">가</TD>' * 4_000 + "</TR>" + "<TR><TD>나</TD></TR>" * 5_000
    ),
    "a wide cell in every row": table('<TR><TD COLSPAN="300">가</TD></TR>' * 10_000),
    "many tables just under the bound of one": table('<TR><TD COLSPAN="300">가</TD></TR>' * 2_000) * 4,
    "the same, in the correction": "<CORRECTION>"
    + table('<TR><TD COLSPAN="300">가</TD></TR>' * 2_000) * 4
    + "</CORRECTION>",
}


@pytest.mark.parametrize("body", HOSTILE_TABLES.values(), ids=HOSTILE_TABLES.keys())
def test_spans_that_ask_for_gigabytes_are_refused(body: str) -> None:
    start = time.monotonic()
    with pytest.raises(UnreadableFiling, match="칸"):
        read(body)
    assert time.monotonic() - start < 10


def test_spans_of_an_exchange_form_are_bounded_too() -> None:
    rows = '<tr><td colspan="300">가</td></tr>' * 2_000
    page = "<html><title>다솜건설/공시/(2025.05.12)</title><body>" + f"<table>{rows}</table>" * 4
    with pytest.raises(UnreadableFiling, match="칸"):
        read_document(page.encode(), "다솜건설.xml")


def test_tables_nested_beyond_any_real_filing_are_refused() -> None:
    """Every level repeats the text inside it: 340 kB took 10 s before the bound."""
    inner = "<P>글</P>" * 20_000
    start = time.monotonic()
    with pytest.raises(UnreadableFiling, match="겹친"):
        read("<TABLE><TR><TD>" * 600 + inner + "</TD></TR></TABLE>" * 600)
    assert time.monotonic() - start < 10


def test_a_few_nested_tables_are_read() -> None:
    assert read("<TABLE><TR><TD>" * 5 + "글" + "</TD></TR></TABLE>" * 5)


def test_repeated_xml_declarations_cost_linear_time() -> None:
    """100,000 of them took minutes while the rule looked for a `?>` from each."""
    start = time.monotonic()
    text, _ = sanitise("<?xml" * 100_000 + HEAD)
    assert time.monotonic() - start < 5
    assert text.endswith(HEAD.encode())


@pytest.mark.parametrize("code", ["0", "8", "xD800", "xDFFF", "xFFFF", "x110000", "9999999", "x0000"])
def test_references_to_no_character_go(code: str) -> None:
    """A surrogate passed recovery and then broke lxml's own decoding, past every refusal."""
    assert read(f"<P>앞&#{code};뒤</P>") == ["앞뒤"]


@pytest.mark.parametrize(("code", "said"), [("44032", "가"), ("xAC00", "가"), ("x1F600", "\U0001f600")])
def test_references_to_characters_stay(code: str, said: str) -> None:
    assert read(f"<P>앞&#{code};뒤</P>") == [f"앞{said}뒤"]
