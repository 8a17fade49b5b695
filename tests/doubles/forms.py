"""Event filings of tests/forms/events.toml in the bytes of DART: XML, and HTML of the exchange."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.etl.source import Source

FILE = Path(__file__).parents[1] / "forms" / "events.toml"
COMPANY, CORP, DAY = "가온전자", "09900011", "20250703"


def filings() -> list[dict[str, Any]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))["filing"]


def bytes_of(filing: Mapping[str, Any]) -> bytes:
    return _major(filing) if "acode" in filing else _exchange(filing)


def source_of(filing: Mapping[str, Any]) -> Source:
    """As `etl refresh` hands it over: the row of list.json."""
    digit = "0" if "acode" in filing else "9" if filing.get("market") == "kosdaq" else "8"
    rcept_no = f"{DAY}{digit}00101"
    row = {
        "rcept_no": rcept_no,
        "corp_code": CORP,
        "corp_name": COMPANY,
        "stock_code": "990011",
        "report_nm": filing["report"],
        "rcept_dt": DAY,
    }
    return Source(Path(f"{rcept_no}.xml"), rcept_no, row)


def _rows(rows: Sequence[Sequence[str]], td: str, tag: str) -> str:
    """Rows that begin with the same words share their first cells; the last cell of a short row is wide."""
    width = max(map(len, rows))
    out = []
    for at, row in enumerate(rows):
        cells = []
        for column, text in enumerate(row[:-1]):
            same = [other[: column + 1] == row[: column + 1] and len(other) > column + 1 for other in rows]
            if text and at and same[at - 1]:
                continue
            down = next((n for n, alike in enumerate(same[at:]) if not alike), len(rows) - at)
            cells.append(f'<{td} rowspan="{down if text else 1}">{text}</{td}>')
        cells.append(f'<{td} colspan="{width - len(row) + 1}">{row[-1]}</{td}>')
        out.append(f"<{tag}>{''.join(cells)}</{tag}>")
    return "\n".join(out)


def _table(rows: Sequence[Sequence[str]]) -> str:
    inner = _rows(rows, "TD", "TR").replace("rowspan", "ROWSPAN").replace("colspan", "COLSPAN")
    return f'<TABLE ACLASS="EXTRACTION" BORDER="1"><TBODY>\n{inner}\n</TBODY></TABLE>'


def _major(filing: Mapping[str, Any]) -> bytes:
    """dart4 form: cover section with contacts, then the form in a TABLE-GROUP and prose after it."""
    cover = (
        "<LIBRARY><SECTION-1>"
        '<TITLE ATOC="Y" AASSOCNOTE="D-0-0-0-0">주요사항보고서 / 거래소 신고의무 사항</TITLE>'
        "<TABLE><TR><TD>회     사     명  :</TD><TD>가온전자</TD></TR><TR><TD>작 성 책 임 자 :</TD>"
        "<TD>(전  화) 02-000-0000</TD></TR></TABLE></SECTION-1></LIBRARY>"
    )
    if "cover" in filing:
        cover = (
            f'<COVER><COVER-TITLE ATOC="Y">표 지</COVER-TITLE>{_table(filing["cover"])}'
            "<P>작성책임자 : 김가온 (전화) 02-000-0000</P></COVER>"
        )
    return f"""<?xml version="1.0" encoding="utf-8"?>

<DOCUMENT xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="dart4.xsd">
<DOCUMENT-NAME ACODE="{filing["acode"]}">{filing["report"]}</DOCUMENT-NAME>
<COMPANY-NAME AREGCIK="{CORP}">{COMPANY}주식회사</COMPANY-NAME>
<BODY>{cover}
<SECTION-1 ACLASS="MANDATORY"><TITLE ATOC="Y">결정 내용</TITLE>
<TABLE-GROUP ACLASS="FORM">{_table(filing["rows"])}</TABLE-GROUP>
<P>기타 투자판단에 참고할 사항</P><P>- 상기 내용은 R&D 계획에 따라 바뀔 수 있습니다.2) 가상의 공시입니다.</P>
</SECTION-1></BODY></DOCUMENT>
""".encode()


def _exchange(filing: Mapping[str, Any]) -> bytes:
    """As the exchange serves it: claims euc-kr, is UTF-8, a div of its own for what another form brings."""
    before, name = "", filing["report"]
    if "before" in filing:
        inner = _rows(filing["before"], "td", "tr")
        before = f'<div class="xforms" id="LIB_LC101"><table><tbody>{inner}</tbody></table></div>'
    inner = _rows(filing["rows"], "td", "tr")
    return f"""<html><head><meta content="text/html; charset=euc-kr" http-equiv="Content-Type">
<STYLE>.xforms td {{ border: 1px }}</STYLE><title>{COMPANY}/{name}/(2025.07.03){name}</title></head>
<body>{before}<div class="xforms"><div class="xforms_title">{name}</div>
<table id="XFormD1_Form0_Table0"><tbody>{inner}</tbody></table></div></body></html>
""".replace("\n", "\r\n").encode()
