"""OpenDART's tables of events as documents, and the recorded answers of the real API."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.errors import UnreadableFiling
from core.etl.events import event_of, event_tables
from core.etl.filing import read_filing
from core.etl.fnltt import read_statements
from core.etl.source import Source, discover
from core.etl.supplement import document_of, read_supplement, write_supplement
from core.etl.transform import transform
from core.model import Filing, Transformed

RCEPT = "20250707000123"
ROW = {
    "rcept_no": RCEPT,
    "corp_code": "09900011",
    "corp_name": "가온전자",
    "stock_code": "990011",
    "report_nm": "주요사항보고서(유상증자결정)",
    "rcept_dt": "20250707",
}
RAISED = {
    "rcept_no": RCEPT,
    "corp_cls": "Y",
    "corp_code": "09900011",
    "corp_name": "가온전자",
    "nstk_ostk_cnt": "1,234,000",
    "nstk_estk_cnt": "-",
    "fdpp_op": "7,184,339,000",
    "ic_mthn": "제3자배정증자",
    "ssl_bgd": "2025년 년 월 1일일",
    "new_field": "새 칸",
}


def stand_in(folder: Path, tables: object, original: bytes | None = None) -> Transformed:
    beside = folder / f"{RCEPT}.json"
    beside.write_text(json.dumps(tables), encoding="utf-8")
    path = beside
    if original is not None:
        path = folder / f"{RCEPT}.zip"
        path.write_bytes(original)
    return read_filing(Source(path, RCEPT, ROW, beside))[0]


@pytest.mark.parametrize(
    ("report_nm", "endpoint"),
    [
        ("주요사항보고서(유상증자결정)", "piicDecsn"),
        ("[기재정정]주요사항보고서(타법인주식및출자증권양수결정)", "otcprStkInvscrInhDecsn"),
        ("주요사항보고서(주식교환ㆍ이전결정)", "stkExtrDecsn"),
        ("주요사항보고서(회사분할결정)", "cmpDvDecsn"),
        ("주식등의대량보유상황보고서(약식)", "majorstock"),
        ("임원ㆍ주요주주특정증권등소유상황보고서", "elestock"),
        ("단일판매ㆍ공급계약체결", None),
        ("사업보고서 (2024.12)", None),
    ],
)
def test_the_name_of_a_report_tells_its_table(report_nm: str, endpoint: str | None) -> None:
    table = event_of(report_nm)
    assert (table.endpoint if table else None) == endpoint


def test_an_event_without_its_original_is_told_by_its_row(tmp_path: Path) -> None:
    made = stand_in(tmp_path, {"piicDecsn": [RAISED]})
    assert made.filing.form == "B001"
    (passage,) = made.passages
    assert passage.path == "OpenDART 주요사항보고서 주요정보 > 유상증자 결정"
    assert "DART에 원본 문서가 없어 OpenDART" in passage.text
    assert "| 자금조달의 목적 운영자금 (원) | 7,184,339,000 |" in passage.text
    lead = passage.text.split("\n", 1)[0]
    assert lead.startswith("가온전자는 ")
    assert "1,234,000주" in lead
    assert "제3자배정" in lead
    assert "2025년 년 월 1일일" in passage.text
    assert "| new_field | 새 칸 |" in passage.text  # nothing is lost that the specification does not know
    assert "기타주식" not in passage.text
    assert {(f.account, int(f.value), f.unit) for f in made.figures} == {
        ("신주의 종류와 수 보통주식", 1_234_000, "주"),
        ("자금조달의 목적 운영자금", 7_184_339_000, "원"),
    }


def test_a_report_without_its_original_is_told_by_its_statements(tmp_path: Path) -> None:
    sales = {
        "rcept_no": RCEPT,
        "reprt_code": "11011",
        "sj_div": "IS",
        "sj_nm": "손익계산서",
        "account_nm": "매출액",
        "thstrm_nm": "제 31 기",
        "thstrm_amount": "500000000",
        "frmtrm_nm": "제 30 기",
        "frmtrm_amount": "400000000",
        "currency": "KRW",
    }
    beside = tmp_path / f"{RCEPT}.json"
    beside.write_bytes(write_supplement({"CFS": [sales]}))
    row = {**ROW, "report_nm": "사업보고서 (2024.12)"}
    made, _ = read_filing(Source(beside, RCEPT, row, beside))
    assert [(f.period, int(f.value), f.origin) for f in made.figures] == [
        ("2024", 500_000_000, "fnltt"),
        ("2023", 400_000_000, "fnltt"),
    ]
    assert "DART에 원본 문서가 없어 OpenDART 전체 재무제표" in made.markdown
    assert "매출액은 5억원으로 2023년(4억원)보다 25.0% 늘었다" in made.markdown
    assert "| 매출액 | 500000000 | 400000000 |" in made.markdown


def test_an_unreadable_original_is_stood_in_for(tmp_path: Path) -> None:
    made = stand_in(tmp_path, {"piicDecsn": [RAISED]}, b"<html")
    assert "원본 문서를 읽지 못해 OpenDART" in made.markdown
    made = stand_in(tmp_path, {"piicDecsn": [RAISED]}, b"PK\x03\x04 broken")
    assert "7,184,339,000" in made.markdown
    with pytest.raises(UnreadableFiling):
        read_filing(Source(tmp_path / f"{RCEPT}.zip", RCEPT, ROW))


@pytest.mark.parametrize(
    "tables", [{}, [], {"piicDecsn": []}, {"piicDecsn": ["x"]}, {"unknown": [RAISED]}, 3]
)
def test_what_tells_nothing_is_quarantined(tmp_path: Path, tables: object) -> None:
    beside = tmp_path / f"{RCEPT}.json"
    beside.write_text(json.dumps(tables), encoding="utf-8")
    with pytest.raises(UnreadableFiling):
        read_filing(Source(beside, RCEPT, ROW, beside))


def test_a_supplement_is_read_as_it_was_written(tmp_path: Path) -> None:
    tables = {"CFS": [{"a": "1", "b": None}], "OFS": []}
    path = tmp_path / "x.json"
    path.write_bytes(write_supplement(tables))
    assert read_supplement(path) == {"CFS": [{"a": "1", "b": ""}], "OFS": []}
    path.write_bytes(b"\xff")
    with pytest.raises(UnreadableFiling, match="OpenDART"):
        read_supplement(path)


def test_a_supplement_beside_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / f"{RCEPT}.xml").write_text("<DOCUMENT/>")
    (tmp_path / f"{RCEPT}.json").write_text("{}")
    (source,) = discover([tmp_path])
    assert source.supplement == tmp_path / f"{RCEPT}.json"


def test_every_recorded_answer_becomes_text_and_figures(shared_data: Path) -> None:
    """All 80, the 53 with real values among them: none raises, every labelled value stands in the text."""
    seen = set()
    for file in sorted((shared_data / "opendart" / "recorded").glob("*.json")):
        rows = json.loads(file.read_text(encoding="utf-8")).get("list") or []
        rows = [{name: str(value) for name, value in row.items()} for row in rows]
        if file.stem == "fnlttSinglAcntAll":
            filing = Filing(rows[0]["rcept_no"], "0", "x", "사업보고서 (2023.12)", "11011", date(2024, 3, 12))
            (one,) = read_statements({"CFS": rows}, replace(filing, period="2023.12"))
            assert [(f.period, f.value) for f in one.figures] == [
                ("2023.12 말", 296857289000000),
                ("2022.12 말", 260083750000000),
                ("2021.12 말", 251112184000000),
            ]
        document = document_of({file.stem: rows}, "가온전자", "DART에 원본 문서가 없어")
        assert (document is not None) == (file.stem in event_tables())
        if document is None:
            continue
        seen.add(file.stem)
        filing = Filing(RCEPT, "09900011", "가온전자", "주요사항보고서", "B001", date(2025, 7, 7))
        made = transform(document, filing)
        text = " ".join(made.markdown.split())
        for name, value in rows[0].items():
            if name in event_tables()[file.stem].labels and value not in ("-", ""):
                shown = value.replace("\n", "") if value[0].isdigit() else " ".join(value.split())
                assert shown.replace("|", "\\|") in text, (file.stem, name)
    assert seen == event_tables().keys()
