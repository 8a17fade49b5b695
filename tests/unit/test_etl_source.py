"""What a user points at → bytes and a listing: folders, manifests, good and hostile zips."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from core.errors import InputError, UnreadableFiling
from core.etl.document import Document
from core.etl.read import read_document
from core.etl.source import Source, discover, listing, open_source

RCEPT = "20250318000111"


def dart(acode: str = "11011", name: str = "사업보고서", period: tuple[str, str] | None = None) -> bytes:
    cover = ""
    if period:
        cover = (
            f'<TABLE><TR><TU AUNIT="PERIODFROM" AUNITVALUE="{period[0]}">부터</TU>'
            f'<TU AUNIT="PERIODTO" AUNITVALUE="{period[1]}">까지</TU></TR></TABLE>'
        )
    return (
        f'<DOCUMENT><DOCUMENT-NAME ACODE="{acode}">{name}</DOCUMENT-NAME>'
        '<COMPANY-NAME AREGCIK="09900077">가온전자 주식회사</COMPANY-NAME>'
        f"<BODY><COVER>{cover}</COVER><SECTION-1><TITLE>본문</TITLE><P>글</P></SECTION-1></BODY></DOCUMENT>"
    ).encode()


def zipped(folder: Path, members: Mapping[str, bytes], name: str = f"{RCEPT}.zip") -> Source:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return discover([path])[0]


def read(data: bytes) -> Document:
    return read_document(data, f"{RCEPT}.xml")


# ── discovery ────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"없습니다.*nowhere\.xml"):
        discover([tmp_path / "nowhere.xml"])


def test_a_folder_gives_each_filing_once_in_name_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/20250401000002.xml", "20250318000111.XML", "notes.txt", "20250301000001.zip"):
        (tmp_path / name).write_bytes(b"x")
    found = discover([tmp_path, tmp_path / "20250318000111.XML"])
    assert [s.rcept_no for s in found] == ["20250301000001", "20250318000111", "20250401000002"]


@pytest.mark.parametrize("name", ["report.xml", "2025031800011.xml", "202503180001110.xml"])
def test_a_name_without_14_digits_has_no_receipt_number(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(dart())
    (source,) = discover([tmp_path])
    assert source.rcept_no is None
    with pytest.raises(UnreadableFiling, match="접수번호 14자리"):
        listing(read(dart()), source, name)


def test_a_manifest_row_rules(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_bytes(dart())
    row = {
        "file": "report.xml",
        "rcept_no": RCEPT,
        "corp_code": "09900088",
        "corp_name": "누리바이오",
        "stock_code": "990088",
        "report_nm": "[기재정정]분기보고서 (2025.09)",
        "rcept_dt": "20251114",
        "fictional": True,
    }
    (tmp_path / "manifest.jsonl").write_text(json.dumps(row) + "\n\n", encoding="utf-8")
    (source,) = discover([tmp_path / "manifest.jsonl"])
    filing = listing(read(dart()), source, "report.xml")
    assert (filing.rcept_no, filing.corp_code, filing.corp_name) == (RCEPT, "09900088", "누리바이오")
    assert (filing.stock_code, filing.period, filing.form) == ("990088", "2025.09", "11014")
    assert filing.rcept_dt == date(2025, 11, 14)
    assert filing.fictional


@pytest.mark.parametrize(
    "line",
    [
        "{not json",
        '{"file": "a.xml"}',
        '{"rcept_no": "20250318000111"}',
        '{"file": "a.xml", "rcept_no": "2025"}',
        "[]",
        "null",
        '{"file": ["a.xml"], "rcept_no": "20250318000111"}',
        '{"file": 7, "rcept_no": "20250318000111"}',
    ],
)
def test_a_bad_manifest_row_is_named_by_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.xml").write_bytes(dart())
    good = json.dumps({"file": "a.xml", "rcept_no": RCEPT})
    (tmp_path / "manifest.jsonl").write_text(f"{good}\n{line}\n", encoding="utf-8")
    for path in (tmp_path, tmp_path / "manifest.jsonl"):
        with pytest.raises(InputError, match="2번째 줄"):
            discover([path])


def test_a_manifest_that_is_not_utf8_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(dart())
    (tmp_path / "manifest.jsonl").write_bytes('{"file": "가.xml"}'.encode("cp949"))
    with pytest.raises(InputError, match=r"manifest\.jsonl"):
        discover([tmp_path])


def test_a_file_the_manifest_names_must_be_there(tmp_path: Path) -> None:
    row = {"file": f"{RCEPT}.xml", "rcept_no": RCEPT}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(InputError, match="manifest에 적힌 파일"):
        discover([tmp_path / "manifest.jsonl"])


# ── zips ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_main_report_is_chosen_over_larger_audit_attachments(tmp_path: Path) -> None:
    audit = dart("00760", "감사보고서") + b" " * 50_000
    source = zipped(
        tmp_path,
        {f"{RCEPT}_00760.xml": audit, f"{RCEPT}.xml": dart(), f"{RCEPT}_00761.xml": dart("00761")},
    )
    data, member, notes = open_source(source)
    assert member == f"{RCEPT}.xml"
    assert read(data).acode == "11011"
    assert notes == []


def test_the_main_report_is_chosen_when_an_audit_has_the_plain_name(tmp_path: Path) -> None:
    source = zipped(tmp_path, {f"{RCEPT}.xml": dart("00760"), "main.xml": dart("11011")})
    assert open_source(source)[1] == "main.xml"


def test_a_zip_of_one_audit_report_is_that_report(tmp_path: Path) -> None:
    source = zipped(tmp_path, {f"{RCEPT}.xml": dart("00760"), "logo.jpg": b"\xff\xd8"})
    data, member, notes = open_source(source)
    assert (member, notes) == (f"{RCEPT}.xml", ["글이 아닌 첨부는 읽지 않았습니다: logo.jpg"])
    filing = listing(read(data), source, member)
    assert filing.form == "F001"


def test_a_zip_named_xml_is_read_as_a_zip(tmp_path: Path) -> None:
    source = zipped(tmp_path, {f"{RCEPT}.xml": dart()}, name="download.xml")
    data, member, _ = open_source(source)
    assert listing(read(data), source, member).rcept_no == RCEPT


@pytest.mark.parametrize("member", ["../evil.xml", "a/../../evil.xml", "/etc/evil.xml", "C:/evil.xml"])
def test_a_path_out_of_the_zip_is_refused(tmp_path: Path, member: str) -> None:
    with pytest.raises(UnreadableFiling, match="바깥을 가리키는"):
        open_source(zipped(tmp_path, {f"{RCEPT}.xml": dart(), member: dart()}))


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFiling, match="지나치게 커지는"):
        open_source(zipped(tmp_path, {f"{RCEPT}.xml": b"\x20" * 20_000_000}))


def test_a_bomb_beside_the_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFiling, match="지나치게 커지는"):
        open_source(zipped(tmp_path, {f"{RCEPT}.xml": dart(), "x.bin": b"\x00" * 20_000_000}))


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFiling, match="너무 많습니다"):
        open_source(zipped(tmp_path, {f"{n}.txt": b"" for n in range(501)}))


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_truncated_zip_is_refused(tmp_path: Path, kept: float) -> None:
    source = zipped(tmp_path, {f"{RCEPT}.xml": dart() * 20})
    data = source.path.read_bytes()
    source.path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(UnreadableFiling, match="깨진 zip"):
        open_source(source)


def test_a_zip_with_a_damaged_member_is_refused(tmp_path: Path) -> None:
    source = zipped(tmp_path, {f"{RCEPT}.xml": dart()})
    data = bytearray(source.path.read_bytes())
    data[60:70] = bytes(byte ^ 0xFF for byte in data[60:70])
    source.path.write_bytes(data)
    with pytest.raises(UnreadableFiling, match="깨진 zip"):
        open_source(source)


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    source = zipped(tmp_path, {f"{RCEPT}.xml": dart()})
    data = bytearray(source.path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 0x1
    source.path.write_bytes(data)
    with pytest.raises(UnreadableFiling, match="암호"):
        open_source(source)


@pytest.mark.parametrize("members", [{}, {"readme.txt": b"x"}, {"inner.zip": b"PK\x03\x04"}])
def test_a_zip_without_a_filing_is_refused(tmp_path: Path, members: Mapping[str, bytes]) -> None:
    with pytest.raises(UnreadableFiling, match="zip"):
        read_document(*open_source(zipped(tmp_path, members))[:2])


def test_a_zip_does_not_write_to_disk(tmp_path: Path) -> None:
    source = zipped(tmp_path, {f"{RCEPT}.xml": dart()})
    open_source(source)
    assert [p.name for p in tmp_path.iterdir()] == [f"{RCEPT}.zip"]
    with zipfile.ZipFile(io.BytesIO(source.path.read_bytes())) as archive:
        assert archive.testzip() is None


# ── listing without a manifest ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("acode", "name", "period", "form", "spoken"),
    [
        ("11011", "사 업 보 고 서", ("20240101", "20241231"), "11011", "2024.12"),
        ("11012", "반 기 보 고 서", ("20250101", "20250630"), "11012", "2025.06"),
        ("11013", "분 기 보 고 서", ("20250101", "20250331"), "11013", "2025.03"),
        ("11013", "분 기 보 고 서", ("20250101", "20250930"), "11014", "2025.09"),
        ("11013", "분 기 보 고 서", ("20250401", "20251231"), "11014", "2025.12"),
        ("10111", "주요사항보고서", None, "B001", None),
    ],
)
def test_the_document_says_form_and_period(
    acode: str, name: str, period: tuple[str, str] | None, form: str, spoken: str | None
) -> None:
    source = Source(Path(f"{RCEPT}.xml"), RCEPT)
    filing = listing(read(dart(acode, name, period)), source, source.path.name)
    assert (filing.form, filing.period) == (form, spoken)
    assert (filing.corp_code, filing.corp_name) == ("09900077", "가온전자")
    assert filing.rcept_dt == date(2025, 3, 18)
    assert not filing.fictional


def test_an_impossible_day_in_the_receipt_number_is_refused() -> None:
    source = Source(Path("20251399000001.xml"), "20251399000001")
    with pytest.raises(UnreadableFiling, match="접수일"):
        listing(read(dart()), source, source.path.name)


def test_an_exchange_form_gets_a_stable_code_that_is_not_darts() -> None:
    page = (
        "<html><head><title>다솜건설/단일판매ㆍ공급계약체결/(2025.05.12)</title></head>"
        "<body><table><tr><td>계약금액(원)</td><td>1,000</td></tr></table></body></html>"
    )
    source = Source(Path("20250512800111.xml"), "20250512800111")
    first, second = (listing(read(page.encode()), source, source.path.name) for _ in range(2))
    assert first == second
    assert first.corp_code.startswith("N")
    assert (first.form, first.period) == ("I001", None)


@pytest.mark.parametrize(
    ("report_nm", "extra", "form"),
    [
        ("주식등의대량보유상황보고서(약식)", {}, "D001"),
        ("임원ㆍ주요주주특정증권등소유상황보고서", {}, "D002"),
        ("[기재정정]증권신고서(지분증권)", {}, "C001"),
        ("증권신고서(채무증권)", {}, "C002"),
        ("자기주식취득결과보고서", {}, "E001"),
        ("주요사항보고서(유상증자결정)", {}, "B001"),
        ("듣도보도못한보고서", {}, "B001"),
        ("듣도보도못한보고서", {"kind": "J008"}, "J008"),
        ("듣도보도못한보고서", {"kind": "D"}, "B001"),
        ("듣도보도못한보고서", {"kind": "I001", "pblntf_detail_ty": "E006"}, "E006"),
        ("사업보고서 (2024.12)", {"kind": "A001"}, "11011"),
        ("사업보고서제출기한연장신고서", {}, "B001"),
    ],
)
def test_the_form_of_a_filing_that_is_no_periodic_report(
    report_nm: str, extra: Mapping[str, str], form: str
) -> None:
    source = Source(Path(f"{RCEPT}.xml"), RCEPT, {"report_nm": report_nm, **extra})
    assert listing(read(dart("99999", report_nm)), source, source.path.name).form == form
