"""Fictional event filings: exchange forms (HTML named .xml) and 주요사항보고서 (DART XML)."""

from collections.abc import Sequence

from companies import Books
from periodic import NOTICE, Dart4, document, section

Pairs = Sequence[tuple[str, ...]]


def _td(text: str, width: int, *, value: bool, colspan: int = 1, rowspan: int = 1) -> str:
    spans = (f' colspan="{colspan}"' if colspan > 1 else "") + (
        f' rowspan="{rowspan}"' if rowspan > 1 else ""
    )
    kind = ' class="xforms_input"' if value else ""
    return (
        f'<td{spans} width="{width}"> <span{kind} style="width:{width}px;font-size:10pt;">{text}</span> </td>'
    )


def rows_html(rows: Pairs) -> str:
    """(label, value) spans two label columns; (group, label, value) rows share their group's cell."""
    out, at = [], 0
    while at < len(rows):
        if len(rows[at]) == 2:
            out.append(
                f"<tr> {_td(rows[at][0], 300, value=False, colspan=2)} {_td(rows[at][1], 294, value=True)} </tr>"
            )
            at += 1
            continue
        group = [row for row in rows[at:] if len(row) == 3 and row[0] == rows[at][0]]
        for place, row in enumerate(group):
            first = _td(row[0], 144, value=False, rowspan=len(group)) if place == 0 else ""
            out.append(f"<tr> {first} {_td(row[1], 156, value=False)} {_td(row[2], 294, value=True)} </tr>")
        at += len(group)
    return "\n      ".join(out)


def exchange(company: str, report: str, filed: str, rows: Pairs, correction: str = "") -> bytes:
    """As the exchange serves it: claims euc-kr, is UTF-8, CRLF, unclosed meta."""
    text = f"""<html>
 <head>
  <meta content="gdi" http-equiv="X-UA-TextLayoutMetrics">
  <meta content="text/html; charset=euc-kr" http-equiv="Content-Type">
  <STYLE>
.xforms * {{ font-family: 돋움체;}}
.xforms td {{ border: 1px solid #7f7f7f; }}
</STYLE>
  <title>{company}/{report}/({filed}){report}</title>
 </head>
 <body>
  {correction}
  <div class="xforms">
   <div>
    <span style="width:592px;font-weight:bold;text-align:center;">{report}</span>
    <table border="1" cellpadding="1" cellspacing="0" id="XFormD1_Form0_Table0" style="width:594px;font-size:10pt;">
     <tbody>
      {rows_html(rows)}
     </tbody>
    </table>
   </div>
  </div>
 </body>
</html>
"""
    return text.replace("\n", "\r\n").encode("utf-8")


def correction_html(day: str, report: str, first: str, reason: str, changes: Pairs) -> str:
    rows = "".join(f"<tr> {''.join(_td(cell, 190, value=True) for cell in row)} </tr>" for row in changes)
    return f"""<div class="xforms" id="LIB_LC000">
   <div class="xforms_title">정정신고(보고)</div>
   <table id="XFormD8_Form0_Table1"> <tbody> <tr> {_td("정정일자", 150, value=False)} {_td(day, 440, value=True)} </tr> </tbody> </table>
   <table id="XFormD8_RepeatTable0"> <tbody>
    <tr> {_td("1. 정정관련 공시서류", 190, value=False)} {_td(report, 380, value=True, colspan=2)} </tr>
    <tr> {_td("2. 정정관련 공시서류제출일", 190, value=False)} {_td(first, 380, value=True, colspan=2)} </tr>
    <tr> {_td("3. 정정사유", 190, value=False)} {_td(reason, 380, value=True, colspan=2)} </tr>
    <tr> {_td("4. 정정사항", 570, value=False, colspan=3)} </tr>
    <tr> {_td("정정항목", 190, value=False)} {_td("정정전", 190, value=False)} {_td("정정후", 190, value=False)} </tr>
    {rows}
   </tbody> </table>
  </div>"""


def contract_rows(amount: int, sales: int, end: str, terms: str) -> Pairs:
    return [
        ("1. 판매ㆍ공급계약 구분", "상품공급"),
        ("- 체결계약명", "차량용 메모리 반도체 장기 공급계약"),
        ("2. 계약내역", "계약금액(원)", f"{amount:,}"),
        ("2. 계약내역", "최근매출액(원)", f"{sales:,}"),
        ("2. 계약내역", "매출액대비(%)", f"{amount / sales * 100:.2f}"),
        ("2. 계약내역", "대규모법인여부", "해당"),
        ("3. 계약상대", "아라모터스(가상)"),
        ("- 회사와의 관계", "-"),
        ("4. 판매ㆍ공급지역", "대한민국, 유럽"),
        ("5. 계약기간", "시작일", "2025-06-01"),
        ("5. 계약기간", "종료일", end),
        ("6. 주요 계약조건", "계약금ㆍ선급금 유무", "유"),
        ("6. 주요 계약조건", "대금지급 조건 등", terms),
        ("7. 계약(수주)일자", "2025-05-12"),
        ("8. 공시유보 관련내용", "유보사유", "-"),
        ("8. 공시유보 관련내용", "유보기한", "-"),
        (
            "9. 기타 투자판단과 관련한 중요사항",
            f"- 최근매출액은 2024년말 연결 기준입니다.<br>- 계약금액은 부가가치세를 제외한 금액입니다.<br>- {NOTICE}",
        ),
    ]


def dividend_rows(per_share: int, shares: int) -> Pairs:
    return [
        ("1. 배당구분", "결산배당"),
        ("2. 배당종류", "현금배당"),
        ("3. 1주당 배당금(원)", "보통주식", f"{per_share:,}"),
        ("3. 1주당 배당금(원)", "종류주식", "-"),
        ("4. 시가배당률(%)", "보통주식", "2.1"),
        ("4. 시가배당률(%)", "종류주식", "-"),
        ("5. 배당금총액(원)", f"{per_share * shares:,}"),
        ("6. 배당기준일", "2024-12-31"),
        ("7. 배당금지급 예정일자", "2025-04-18"),
        ("8. 승인기관", "주주총회"),
        ("9. 이사회결의일(결정일)", "2025-02-20"),
        (
            "10. 기타 투자판단과 관련한 중요사항",
            f"상기 내용은 정기주주총회에서 바뀔 수 있습니다.<br>{NOTICE}",
        ),
    ]


def _form_table(rows: Sequence[tuple[str, str, str, str]]) -> str:
    """(group, label, ACODE, value); an empty ACODE makes a plain TD."""
    out, at = [], 0
    while at < len(rows):
        group = [row for row in rows[at:] if row[0] == rows[at][0]]
        for place, (name, label, code, value) in enumerate(group):
            cell = f'<TE ACODE="{code}" ALIGN="RIGHT">{value}</TE>' if code else f"<TD>{value}</TD>"
            span = f'ROWSPAN="{len(group)}"' if len(group) > 1 else 'COLSPAN="2"'
            first = f'<TD {span} AUPDATECONT="N">{name}</TD>' if place == 0 else ""
            second = f"<TD>{label}</TD>" if len(group) > 1 else ""
            out.append(f'<TR ACOPY="N" ADELETE="N">{first}{second}{cell}</TR>')
        at += len(group)
    return (
        '<TABLE ACLASS="EXTRACTION" AFIXTABLE="Y" WIDTH="628" BORDER="1"><COLGROUP><COL WIDTH="200"></COL></COLGROUP><TBODY>\n'
        + "\n".join(out)
        + "\n</TBODY></TABLE>\n"
    )


def major(
    books: Books,
    acode: str,
    name: str,
    group: str,
    rows: Sequence[tuple[str, str, str, str]],
    prose: Sequence[str],
) -> bytes:
    form = Dart4()
    front = f"""<LIBRARY><SECTION-1 ACLASS="MANDATORY" APARTSOURCE="SOURCE">
<TITLE ATOC="Y" AASSOCNOTE="D-0-0-0-0">주요사항보고서 / 거래소 신고의무 사항</TITLE>
<TABLE ACLASS="NORMAL" AFIXTABLE="Y"><TBODY><TR><TD>회     사     명  :</TD><TD>{books.name}</TD></TR><TR><TD>작 성 책 임 자 :</TD><TD>(전  화) 02-0000-0000</TD></TR></TBODY></TABLE>
</SECTION-1></LIBRARY>
"""
    body = f'<TABLE-GROUP ACLASS="{group}" ADELETETABLE="N">\n{_form_table(rows)}</TABLE-GROUP>\n' + "".join(
        f"<P>{line}</P>\n" for line in (*prose, NOTICE)
    )
    main = section(1, form.title(name, "D-0-1-0-0"), body)
    return document(form, acode, name, books, front, main).replace(
        '<TITLE ATOC="N">목     차</TITLE>\n'.encode(), b""
    )
