"""The bundled samples: labelled fictional, in the shapes filed, and adding up wherever a figure repeats."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.etl.document import Document, Table
from core.etl.read import read_document
from core.etl.sanitise import decode
from core.etl.source import discover, open_source

ROOT = Path(__file__).parents[2] / "samples"
NOTICE = "이 문서는 공시톡 시연용으로 지어낸 가상의 공시입니다."
GAON, NURI, QUARTER = "20250318000911", "20250320000912", "20251114000913"
CONTRACT, AMENDED = "20250512800912", "20250811800913"
RIGHTS, BOND, DIVIDEND = "20250609000914", "20250703000915", "20250220800911"
STATEMENTS = ("2. 연결재무제표", "4. 재무제표")

Rows = dict[str, list[int]]


def manifest() -> list[dict[str, Any]]:
    lines = (ROOT / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def bytes_of(file: str) -> dict[str, bytes]:
    """Every document in a sample: the members of a zip, attachments too, or the file itself."""
    path = ROOT / file
    if path.suffix != ".zip":
        return {path.name: path.read_bytes()}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    read = {}
    for source in discover([ROOT]):
        data, member, _ = open_source(source)
        read[member.removesuffix(".xml")] = read_document(data, member)
    return read


def tables(document: Document, title: str) -> list[Table]:
    (section,) = [s for s in document.sections if s.title == title]
    return [b for b in section.blocks if isinstance(b, Table)]


def amount(text: str) -> int | None:
    """`(1,234)` is a loss; None for a label or a dash."""
    bare = text.strip("()").replace(",", "")
    if not bare.isdigit():
        return None
    return -int(bare) if text.startswith("(") else int(bare)


def numbers(table: Table) -> Rows:
    rows: Rows = {}
    for cells in table.grid:
        values = [amount(cell.text) for cell in cells[1:]]
        if None not in values:
            rows[cells[0].text.strip("[]")] = [v for v in values if v is not None]
    return rows


def total(rows: Rows, *names: str) -> list[int]:
    return [sum(column) for column in zip(*(rows[name] for name in names), strict=True)]


def pairs(document: Document) -> dict[str, str]:
    """Label and value of each row of an event filing's own form; the first row of a label that repeats."""
    found: dict[str, str] = {}
    for block in document.sections[-1].blocks:
        if isinstance(block, Table):
            for row in block.grid:
                found.setdefault(row[-2].text, row[-1].text)
    return found


def won(document: Document, label: str) -> int:
    value = amount(pairs(document)[label])
    assert value is not None
    return value


def test_the_manifest_and_the_folder_name_the_same_files() -> None:
    rows = manifest()
    assert len(rows) >= 9
    assert sorted(r["file"] for r in rows) == sorted(
        f.name for f in ROOT.iterdir() if f.suffix in {".xml", ".zip"}
    )
    assert len({r["corp_code"] for r in rows}) == 3
    for row in rows:
        assert row["fictional"] is True
        assert Path(row["file"]).stem == row["rcept_no"]
        assert len(row["rcept_no"]) == 14
        assert row["rcept_dt"] == row["rcept_no"][:8]
        assert (row["corp_code"][:3], row["stock_code"][:3]) == ("099", "990")


def test_the_ninth_digit_tells_who_received_it() -> None:
    """0 = FSS, 8 = the exchange, whose filings are HTML."""
    for row in manifest():
        html = (ROOT / row["file"]).read_bytes().lstrip().startswith(b"<html")
        assert row["rcept_no"][8] == ("8" if html else "0"), row["file"]


@pytest.mark.parametrize("file", [row["file"] for row in manifest()])
def test_every_document_says_that_it_is_fictional(file: str) -> None:
    for name, data in bytes_of(file).items():
        assert NOTICE in decode(data)[0], name


def test_they_stay_small() -> None:
    assert sum(f.stat().st_size for f in ROOT.iterdir()) < 1_000_000


def test_all_are_read_without_a_warning_and_as_their_manifest_says(documents: dict[str, Document]) -> None:
    rows = {row["rcept_no"]: row for row in manifest()}
    assert documents.keys() == rows.keys()
    for number, document in documents.items():
        assert document.reading.mode in {"strict", "html"}, number
        assert not document.reading.warnings, number
        assert document.corp_code in {None, rows[number]["corp_code"]}, number


def test_the_shapes_of_dart_are_all_there(documents: dict[str, Document]) -> None:
    old = documents[GAON].reading
    assert (documents[GAON].shape, old.encoding_declared, old.encoding_used) == ("dart3", "utf-8", "cp949")
    assert all(old.counts[fault] > 0 for fault in ("cr", "ampersand", "less_than"))
    assert (documents[NURI].shape, documents[NURI].reading.encoding_used) == ("dart4", "utf-8")
    assert set(bytes_of(f"{NURI}.zip")) == {f"{NURI}{end}.xml" for end in ("", "_00760", "_00761")}
    contract = documents[CONTRACT]
    assert contract.shape == "exchange"
    assert (contract.reading.encoding_declared, contract.reading.encoding_used) == ("euc-kr", "utf-8")
    assert b"\r\n" in bytes_of(f"{CONTRACT}.xml")[f"{CONTRACT}.xml"]


@pytest.mark.parametrize("number", [GAON, NURI])
@pytest.mark.parametrize("title", STATEMENTS)
def test_statements_add_up(documents: dict[str, Document], number: str, title: str) -> None:
    """Cash may be off by one: separate figures are rounded down row by row."""
    sheet, income, cash = (numbers(t) for t in tables(documents[number], title) if numbers(t))
    assert sheet["유동자산"] == total(sheet, "현금및현금성자산", "매출채권", "재고자산", "기타유동자산")
    assert sheet["비유동자산"] == total(sheet, "유형자산", "무형자산", "기타비유동자산")
    assert sheet["자산총계"] == total(sheet, "유동자산", "비유동자산")
    assert sheet["유동부채"] == total(sheet, "매입채무", "단기차입금", "기타유동부채")
    assert sheet["비유동부채"] == total(sheet, "사채", "장기차입금", "기타비유동부채")
    assert sheet["부채총계"] == total(sheet, "유동부채", "비유동부채")
    assert sheet["자산총계"] == total(sheet, "부채총계", "자본총계")
    assert income["수익(매출액)"] == total(income, "매출원가", "매출총이익")
    assert income["매출총이익"] == total(income, "판매비와관리비", "영업이익(손실)")
    before = income["법인세비용차감전순이익(손실)"]
    assert before == total(income, "영업이익(손실)", "금융손익")
    assert before == total(income, "법인세비용", "당기순이익(손실)")
    held = sheet["현금및현금성자산"]
    moved = total(cash, "영업활동 현금흐름", "투자활동 현금흐름", "재무활동 현금흐름")
    assert all(abs(held[y] - held[y + 1] - moved[y]) <= (title == STATEMENTS[1]) for y in (0, 1))


@pytest.mark.parametrize("number", [GAON, NURI])
def test_repeated_figures_are_equal(documents: dict[str, Document], number: str) -> None:
    summaries = [numbers(t) for t in tables(documents[number], "1. 요약재무정보") if numbers(t)]
    assert len(summaries) == len(STATEMENTS)
    for summary, title in zip(summaries, STATEMENTS, strict=True):
        sheet, income, _ = (numbers(t) for t in tables(documents[number], title) if numbers(t))
        for name in ("유동자산", "비유동자산", "자산총계", "유동부채", "비유동부채", "부채총계", "자본총계"):
            assert summary[name] == sheet[name], (title, name)
        for short, full in (("매출액", "수익(매출액)"), ("영업이익", "영업이익(손실)")):
            assert summary[short] == income[full], (title, short)
        assert summary["당기순이익"] == income["당기순이익(손실)"], title
    together, alone = summaries
    assert all(together[n] != alone[n] for n in ("매출액", "영업이익", "자산총계", "부채총계"))
    segments = [numbers(t) for t in tables(documents[number], "2. 주요 제품 및 서비스") if numbers(t)]
    for table, name in zip(segments, ("매출액", "영업이익"), strict=True):
        parts = [label for label in table if label != "합 계"]
        assert table["합 계"] == total(table, *parts) == together[name]


@pytest.mark.parametrize("number", [GAON, NURI])
def test_staff_adds_up(documents: dict[str, Document], number: str) -> None:
    (staff,) = [t for t in map(numbers, tables(documents[number], "1. 임원 및 직원 등의 현황")) if t]
    people, paid = total(staff, "남", "여")[:2]
    assert staff["합 계"][:2] == [people, paid]
    assert all(abs(pay - money / heads) < 1 for heads, money, pay in staff.values())


def test_the_quarter_goes_on_from_the_year(documents: dict[str, Document]) -> None:
    sheet, income = (t for t in map(numbers, tables(documents[QUARTER], "2. 연결재무제표")) if t)
    year = numbers(tables(documents[GAON], "2. 연결재무제표")[0])
    assert sheet["자산총계"] == total(sheet, "부채총계", "자본총계")
    for name in ("자산총계", "부채총계", "자본총계"):
        assert sheet[name][1] == year[name][0], name
    for name, (quarter, so_far, before, before_so_far) in income.items():
        assert quarter < so_far, name
        assert before < before_so_far, name


def test_the_amendment_changes_what_it_says(documents: dict[str, Document]) -> None:
    before, after = pairs(documents[CONTRACT]), pairs(documents[AMENDED])
    correction = documents[AMENDED].correction
    assert correction is not None
    assert f"{correction.first_filed:%Y%m%d}" == CONTRACT[:8]
    said = {item.split()[-1]: (old, new) for item, old, new in correction.changes}
    assert said == {k: (before[k], after[k]) for k in before if before[k] != after[k]}
    assert {"계약금액(원)", "종료일"} <= said.keys()
    sales = numbers(tables(documents[GAON], "2. 연결재무제표")[1])["수익(매출액)"][0] * 1_000_000
    for number in (CONTRACT, AMENDED):
        assert won(documents[number], "최근매출액(원)") == sales
        share = won(documents[number], "계약금액(원)") / sales * 100
        assert pairs(documents[number])["매출액대비(%)"] == f"{share:.2f}"


def test_money_raised_is_shares_times_price(documents: dict[str, Document]) -> None:
    rights, bond = documents[RIGHTS], documents[BOND]
    used = sum(won(rights, name) for name in ("시설자금 (원)", "운영자금 (원)", "채무상환자금 (원)"))
    new = next(c for c in tables(rights, rights.sections[-1].title)[0].grid if "신주의 종류" in c[0].text)
    assert used == (amount(new[-1].text) or 0) * won(rights, "예정발행가 (원)")
    face = won(bond, "2. 사채의 권면(전자등록)총액 (원)")
    assert face == won(bond, "운영자금 (원)") + won(bond, "채무상환자금 (원)")
    assert face == won(bond, "전환에 따라 발행할 주식수 (주)") * won(bond, "전환가액 (원/주)")


def test_the_dividend_is_the_one_of_the_annual_report(documents: dict[str, Document]) -> None:
    each, paid = won(documents[DIVIDEND], "보통주식"), won(documents[DIVIDEND], "5. 배당금총액(원)")
    text = decode((ROOT / f"{GAON}.xml").read_bytes())[0]
    assert f"보통주 1주당 {each:,}원이며 배당금총액은 {paid // 100_000_000:,}억원" in text
