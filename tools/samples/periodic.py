"""Fictional periodic reports in the shape of DART XML (shapes from notes on real filings, no text of theirs)."""

from collections.abc import Callable, Sequence
from itertools import zip_longest

from companies import Books, Row

NOTICE = "이 문서는 공시톡 시연용으로 지어낸 가상의 공시입니다. 회사와 숫자는 실제가 아닙니다."


class Dart3:
    """The older form: no ENG labels, `&cr;` for line breaks, bare & and < in text, CP949 bytes."""

    encoding = "cp949"
    schema = "dart3.xsd"
    line_break = "&cr;"

    def title(self, text: str, note: str) -> str:
        return f'<TITLE ATOC="Y" AASSOCNOTE="{note}">{text}</TITLE>\n'

    def value(self, text: str, account: str, context: str) -> str:
        return f'<TD ALIGN="RIGHT" VALIGN="MIDDLE" WIDTH="120" HEIGHT="30">{text}</TD>'


class Dart4(Dart3):
    """The newer form: ATOCID and ENG on titles, XBRL attributes on statement cells, UTF-8."""

    encoding = "utf-8"
    schema = "dart4.xsd"
    line_break = "\n"
    _ids = 0
    _accounts = {
        "수익(매출액)": "ifrs-full_Revenue",
        "영업이익(손실)": "dart_OperatingIncomeLoss",
        "당기순이익(손실)": "ifrs-full_ProfitLoss",
        "자산총계": "ifrs-full_Assets",
        "부채총계": "ifrs-full_Liabilities",
        "자본총계": "ifrs-full_Equity",
    }

    def title(self, text: str, note: str) -> str:
        self._ids += 1
        return f'<TITLE ATOC="Y" AASSOCNOTE="{note}" ENG="Section {self._ids}" ATOCID="{self._ids}">{text}</TITLE>\n'

    def value(self, text: str, account: str, context: str) -> str:
        code = self._accounts.get(account)
        if code is None or not context:
            return super().value(text, account, context)
        return f'<TE ALIGN="RIGHT" ACODE="{code}" ACONTEXT="{context}" ADECIMAL="-6" ANEGATED="N">{text}</TE>'


def context(period: str, family: str) -> str:
    """`CFY2024dFY` of 연결 or of the company alone, as the XBRL editor spells it."""
    member = "ConsolidatedMember" if family == "연결" else "SeparateMember"
    return f"{period}_ifrs-full_ConsolidatedAndSeparateFinancialStatementsAxis_ifrs-full_{member}"


def money(value: int) -> str:
    return f"({-value:,})" if value < 0 else f"{value:,}"


def p(text: str, bold: bool = False) -> str:
    return f'<P USERMARK=" B">{text}</P>\n' if bold else f"<P>{text}</P>\n"


def unit(text: str) -> str:
    return f'<TABLE ACLASS="NORMAL" AFIXTABLE="N" WIDTH="600" BORDER="0"><TBODY><TR ACOPY="Y" ADELETE="Y"><TD WIDTH="600" HEIGHT="30" ALIGN="RIGHT">(단위 : {text})</TD></TR></TBODY></TABLE>\n'


def layout(lines: Sequence[str]) -> str:
    rows = "".join(f'<TR><TD AUPDATECONT="N"><P>{line}</P></TD></TR>' for line in lines)
    return f'<TABLE ACLASS="NORMAL" AFIXTABLE="Y" WIDTH="600" BORDER="0"><TBODY>{rows}</TBODY></TABLE>\n'


def table(
    form: Dart3,
    heads: Sequence[Sequence[str]],
    rows: Sequence[tuple[str, Sequence[str]]],
    contexts: Sequence[str] = (),
) -> str:
    """`contexts` are the XBRL contexts of the columns of a statement; other tables have none."""
    head = "".join(
        "<TR>"
        + "".join(
            f'<TH ACOPYCOL="Y">{h}</TH>'
            if "*" not in h
            else f'<TH COLSPAN="{h.split("*")[1]}">{h.split("*")[0]}</TH>'
            for h in line
        )
        + "</TR>\n"
        for line in heads
    )
    body = "".join(
        f'<TR ACOPY="Y" ADELETE="Y"><TD WIDTH="200" HEIGHT="30">{label}</TD>'
        + "".join(form.value(v, label.strip("　"), c) for v, c in zip_longest(values, contexts, fillvalue=""))
        + "</TR>\n"
        for label, values in rows
    )
    return f'<TABLE ACLASS="NORMAL" AFIXTABLE="N" WIDTH="600" BORDER="1">\n<COLGROUP><COL WIDTH="200"></COL></COLGROUP>\n<THEAD>{head}</THEAD>\n<TBODY>{body}</TBODY>\n</TABLE>\n'


def numbers(rows: Sequence[Row], scale: Callable[[int], str] = money) -> list[tuple[str, list[str]]]:
    return [(label, [scale(v) for v in values]) for label, values in rows]


def section(number: int, title: str, body: str) -> str:
    return f'<SECTION-{number} ACLASS="MANDATORY" APARTSOURCE="SOURCE">\n{title}{body}</SECTION-{number}>\n'


def document(form: Dart3, acode: str, name: str, books: Books, cover: str, body: str) -> bytes:
    text = f"""<?xml version="1.0" encoding="utf-8"?>


<DOCUMENT xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{form.schema}">
<DOCUMENT-NAME ACODE="{acode}">{name}</DOCUMENT-NAME>
<FORMULA-VERSION ADATE="20240401">5.6</FORMULA-VERSION>
<COMPANY-NAME AREGCIK="{books.corp_code}">{books.name}주식회사</COMPANY-NAME>
<SUMMARY><EXTRACTION ACODE="CRP_RGS_NO_TEMP" AFEATURE="BOTH">000000-0000000</EXTRACTION></SUMMARY>
<BODY>
{cover}<TITLE ATOC="N">목     차</TITLE>
{body}</BODY>
</DOCUMENT>
"""
    return text.encode(form.encoding)


def cover(title: str, term: str, start: str, end: str) -> str:
    def day(d: str) -> str:
        return f"{d[:4]}년 {d[4:6]}월 {d[6:]}일"

    return f"""<COVER><COVER-TITLE ATOC="Y" AASSOCNOTE="COVER">{" ".join(title)}</COVER-TITLE>
<P USERMARK="F-16">({term})</P>
<TABLE-GROUP ACLASS="COVER" ADELETETABLE="N"><TABLE ACLASS="EXTRACTION" AFIXTABLE="Y" WIDTH="600" BORDER="0"><TBODY>
<TR><TD ROWSPAN="2">사업연도</TD><TU AUNIT="PERIODFROM" AUNITVALUE="{start}">{day(start)}</TU><TD> 부터</TD></TR>
<TR><TU AUNIT="PERIODTO" AUNITVALUE="{end}">{day(end)}</TU><TD> 까지</TD></TR>
</TBODY></TABLE></TABLE-GROUP></COVER>
"""


def statements(form: Dart3, books: Books, share: float, family: str) -> str:
    """재무상태표, 손익계산서, 현금흐름표 with captions and units as DART lays them out."""
    terms = [f"제 {books.term - i} 기" for i in range(3)]
    ends = [f"{t}말" for t in terms]
    at = [f"{t} {books.year - i}.12.31 현재" for i, t in enumerate(ends)]
    during = [f"{t} {books.year - i}.01.01 부터 {books.year - i}.12.31 까지" for i, t in enumerate(terms)]
    parts = []
    for title, lines, heads, rows, kind in (
        ("재무상태표", at, ends, books.sheet(share), "e"),
        ("손익계산서", during, terms, books.income(share), "d"),
        ("현금흐름표", during, terms, books.cash(share), "d"),
    ):
        named = f"{family} {title}".strip()
        contexts = [
            context(f"{year}FY{books.year - i}{kind}FY", family) for i, year in enumerate(("C", "P", "BP"))
        ]
        parts.append(
            layout([named, *lines, "(단위 : 백만원)"])
            + table(form, [["　", *heads]], numbers(rows), contexts)
        )
    return "".join(parts)


def summary(form: Dart3, books: Books, share: float) -> str:
    terms = [f"제{books.term - i}기" for i in range(3)]
    keep = ("유동자산", "비유동자산", "자산총계", "유동부채", "비유동부채", "부채총계", "자본총계")
    names = {
        "수익(매출액)": "매출액",
        "영업이익(손실)": "영업이익",
        "당기순이익(손실)": "당기순이익",
        "기본주당이익(손실) (단위 : 원)": "기본주당순이익(단위 : 원)",
    }
    sheet = [
        (label if label in ("자산총계", "부채총계", "자본총계") else f"[{label}]", v)
        for label, v in books.sheet(share)
        if label in keep
    ]
    income = [(names[label], v) for label, v in books.income(share) if label in names]
    years = [books.year - i for i in range(3)]
    rows = [
        ("", [f"{y}년 12월말" for y in years]),
        *numbers(sheet),
        ("", [f"{y}년 1월~12월" for y in years]),
        *numbers(income),
    ]
    return unit("백만원") + table(form, [["구 분", *terms]], rows)


def annual(form: Dart3, books: Books, text: dict[str, str]) -> bytes:
    """A 사업보고서: the sections an investor reads, tables that add up, and the year's story."""
    br = form.line_break
    terms = [f"제{books.term - i}기" for i in range(3)]
    segments = [(name, [money(v) for v in sales]) for name, (sales, _) in books.segments.items()]
    total = books.income()[0][1]
    profit = [(name, [money(v) for v in result]) for name, (_, result) in books.segments.items()]
    operating = books.income()[4][1]
    salary = [(s, n, n * pay) for s, n, pay in books.staff]
    people = sum(n for _, n, _ in salary)
    paid = sum(x for _, _, x in salary)
    staff = [(s, [f"{n:,}", money(x), f"{x // n:,}"]) for s, n, x in salary]
    staff.append(("합 계", [f"{people:,}", money(paid), f"{paid // people:,}"]))
    body = section(
        1,
        form.title("I. 회사의 개요", "D-0-1-0-0"),
        section(2, form.title("1. 회사의 개요", "D-0-1-1-0"), p(NOTICE) + p(text["about"])),
    )
    business = (
        section(2, form.title("1. 사업의 개요", "D-0-2-1-0"), p(text["business"].replace("|", br)))
        + section(
            2,
            form.title("2. 주요 제품 및 서비스", "D-0-2-2-0"),
            p("가. 부문별 매출 현황", bold=True)
            + unit("백만원")
            + table(form, [["부 문", *terms]], [*segments, ("합 계", [money(v) for v in total])])
            + p("나. 부문별 영업이익 현황", bold=True)
            + unit("백만원")
            + table(form, [["부 문", *terms]], [*profit, ("합 계", [money(v) for v in operating])]),
        )
        + section(
            2,
            form.title("3. 원재료 및 생산설비", "D-0-2-3-0"),
            p(text["materials"].replace("|", br)),
        )
        + section(2, form.title("4. 매출 및 수주상황", "D-0-2-4-0"), p(text["orders"].replace("|", br)))
        + section(2, form.title("5. 위험관리 및 파생거래", "D-0-2-5-0"), p(text["risk"].replace("|", br)))
        + section(
            2,
            form.title("6. 주요계약 및 연구개발활동", "D-0-2-6-0"),
            p(text["research"].replace("|", br)),
        )
    )
    body += section(1, form.title("II. 사업의 내용", "D-0-2-0-0"), business)
    finance = (
        section(
            2,
            form.title("1. 요약재무정보", "D-0-3-1-0"),
            p("가. 요약연결재무정보", bold=True)
            + summary(form, books, 1.0)
            + p("나. 요약별도재무정보", bold=True)
            + summary(form, books, books.separate),
        )
        + section(2, form.title("2. 연결재무제표", "D-0-3-2-0"), statements(form, books, 1.0, "연결"))
        + section(2, form.title("3. 연결재무제표 주석", "D-0-3-3-0"), p(text["notes"].replace("|", br)))
        + section(2, form.title("4. 재무제표", "D-0-3-4-0"), statements(form, books, books.separate, ""))
        + section(2, form.title("6. 배당에 관한 사항", "D-0-3-6-0"), p(text["dividend"].replace("|", br)))
    )
    body += section(1, form.title("III. 재무에 관한 사항", "D-0-3-0-0"), finance)
    body += section(
        1,
        form.title("IV. 이사의 경영진단 및 분석의견", "D-0-4-0-0"),
        p(text["analysis"].replace("|", br)),
    )
    body += section(
        1,
        form.title("VIII. 임원 및 직원 등에 관한 사항", "D-0-8-0-0"),
        section(
            2,
            form.title("1. 임원 및 직원 등의 현황", "D-0-8-1-0"),
            p("나. 직원 등 현황", bold=True)
            + layout([f"(기준일 : {books.year}년 12월 31일)", "(단위 : 명, 백만원)"])
            + table(
                form,
                [["성별", "직원 수(명)", "연간급여총액(백만원)", "1인평균급여액(백만원)"]],
                staff,
            ),
        ),
    )
    head = cover("사업보고서", f"제 {books.term} 기", f"{books.year}0101", f"{books.year}1231")
    return document(form, "11011", "사업보고서", books, head, body)
