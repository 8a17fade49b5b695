"""Fictional histories of amended filings with every trap of notes/dart.md §1.10, §5.1.6 and §5.2.10.

Each filing is a document as the exchange serves it, with the event it belongs to: the truth that linking
has to find. Companies come back to their customers, so events of one company resemble each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from core.etl.read import read_document
from core.etl.receipt import Receipt, amends
from core.etl.transform import transform
from core.model import Filing, Transformed

CONTRACT = "단일판매ㆍ공급계약체결"
INVESTMENT = "신규시설투자등"
_WORDS = ("서버", "센서", "전지", "도료", "기판", "밸브", "필름", "렌즈", "모터", "강판", "배관", "펌프")
_CUSTOMERS = ("한빛정밀 주식회사", "Northwind Energy Inc.", "대한물류(주)", "글로벌 대형기업")
_PLACES = ("대한민국", "북미", "유럽", "중국")
Rows = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """One filing: what it is, the event that it tells of, and whether its text is a whole one."""

    made: Transformed
    event: str
    whole: bool = True
    here: bool = True

    @property
    def filing(self) -> Filing:
        return self.made.filing

    @property
    def receipt(self) -> Receipt:
        one = self.filing
        amending = amends(one.report_nm) or bool(self.made.changes) or self.made.first_filed is not None
        return Receipt(
            one.rcept_no,
            one.report_nm,
            one.period,
            one.rcept_dt,
            amending,
            self.made.first_filed,
            one.withdrawn,
        )


@dataclass
class _Event:
    key: str
    report: str
    rows: Rows
    filed: date
    number: str
    days: list[date] = field(default_factory=list)


class History:
    """Filings of one company over two years. The same seed gives the same history."""

    def __init__(self, seed: int, *, corp_code: str = "09900011", corp_name: str = "가온전자") -> None:
        self._random = Random(seed)  # noqa: S311
        self._corp = corp_code, corp_name
        self._serial = 0

    def tell(self, events: int = 8) -> list[Told]:
        """In order of receipt; filings that are not here (an original years ago) included."""
        told: list[Told] = []
        day = date(2024, 1, 8)
        for n in range(events):
            day += timedelta(days=self._random.choice([0, 0, 3, 20, 40]))
            told += self._event(n, day)
        return sorted(told, key=lambda one: one.filing.rcept_no)

    def _event(self, n: int, day: date) -> Iterator[Told]:
        pick = self._random
        report = pick.choice([CONTRACT, CONTRACT, CONTRACT, INVESTMENT])
        report += pick.choice(["", "", "(자율공시)"])
        rows = self._contract(n, day) if report.startswith(CONTRACT) else self._investment(n, day)
        event = _Event(f"{self._corp[0]}-{n}", report, rows, day, self._number(day), [day])
        yield self._file(event, day, event.number, report, rows, here=pick.random() > 0.2)
        for _ in range(pick.choice([0, 1, 1, 2, 3])):
            yield self._amend(event)

    def _amend(self, event: _Event) -> Told:
        pick = self._random
        last = event.days[-1]
        day = last + timedelta(days=pick.choice([0, 1, 9, 60, 200]))
        number = self._number(day)
        said = pick.choice(
            [
                *[event.filed] * 4,
                last,  # the amendment before it
                day,  # its own, as one company writes
                day,
                day - timedelta(days=pick.randrange(400, 900)),  # a slip
            ]
        )
        if pick.random() < 0.1:  # 첨부추가: an attachment alone
            told = self._file(
                event, day, number, f"[첨부추가]{event.report}", [("첨부서류", "계약서 사본 1부")],
                correction=_correction(event, said, pick, []), whole=False,
            )  # fmt: skip
            event.days.append(day)
            return told
        before = dict(event.rows)
        rows = self._changed(event.rows)
        listed = [(key, before[key], value) for key, value in rows if before[key] != value]
        if len(listed) > 1 and pick.random() < 0.3:
            listed = listed[:1]  # 정정사항 lists fewer changes than the text has
        event.rows = rows
        event.days.append(day)
        report = event.report
        if pick.random() < 0.1:
            report = report.removesuffix("(자율공시)")
        link = f"{event.number[:8]}0{event.number[9:]}" if pick.random() < 0.4 else ""
        return self._file(
            event, day, number, f"[기재정정]{report}", rows,
            correction=_correction(event, said, pick, listed), link=link, here=pick.random() > 0.03,
            form=pick.choice([0, 0, 1]),
        )  # fmt: skip

    def _changed(self, rows: Rows) -> Rows:
        pick = self._random
        changed = dict(rows)
        for key in pick.sample(
            [
                k
                for k in changed
                if k in ("계약금액(원)", "종료일", "계약상대", "투자금액(원)", "유보기한", "기타")
            ],
            k=pick.choice([1, 1, 2, 3]) if "계약상대" in changed else pick.choice([1, 2]),
        ):
            changed[key] = {
                "계약금액(원)": f"{pick.randrange(10**9, 9 * 10**11):,}",
                "투자금액(원)": f"{pick.randrange(10**9, 9 * 10**11):,}",
                "종료일": f"20{pick.randrange(26, 34)}-12-31",
                "계약상대": f"{pick.choice(_CUSTOMERS)} 계열",
                "유보기한": f"20{pick.randrange(26, 34)}-06-30",
                "기타": changed.get("기타", "") + f"\n- 정정 사유 {pick.randrange(10**6)}에 따른 내용입니다.",
            }[key]
        return list(changed.items())

    def _contract(self, n: int, day: date) -> Rows:
        pick = self._random
        hidden = pick.random() < 0.2  # 공시유보
        return [
            ("판매ㆍ공급계약 구분", "상품공급"),
            ("체결계약명", f"{pick.choice(_WORDS)}·{pick.choice(_WORDS)} 공급계약 {n + 1}차"),
            ("계약금액(원)", "-" if hidden else f"{pick.randrange(10**9, 9 * 10**11):,}"),
            ("최근매출액(원)", f"{30_087_090_300 + day.year:,}"),
            ("매출액대비(%)", "-" if hidden else f"{pick.randrange(30, 900) / 10}"),
            ("대규모법인여부", "해당"),
            ("계약상대", pick.choice(_CUSTOMERS)),
            ("회사와의 관계", "-"),
            ("판매ㆍ공급지역", pick.choice(_PLACES)),
            ("시작일", f"{day - timedelta(days=pick.randrange(3)):%Y-%m-%d}"),
            ("종료일", f"20{pick.randrange(26, 34)}-{pick.randrange(1, 13):02d}-28"),
            ("계약금ㆍ선급금 유무", "무"),
            ("계약(수주)일자", f"{day - timedelta(days=pick.randrange(2)):%Y-%m-%d}"),
            ("유보기한", f"20{pick.randrange(26, 34)}-12-31" if hidden else "-"),
            ("기타", f"- 상기 최근매출액은 {day.year - 1}년 연결 재무제표 기준입니다."),
        ]

    def _investment(self, n: int, day: date) -> Rows:
        pick = self._random
        return [
            ("투자구분", "신규시설 투자"),
            ("투자대상", f"{pick.choice(_PLACES)} {pick.choice(_WORDS)} 제{n + 1}공장 증설"),
            ("투자금액(원)", f"{pick.randrange(10**9, 9 * 10**11):,}"),
            ("자기자본(원)", f"{14_882_151_274 + day.year:,}"),
            ("자기자본대비(%)", f"{pick.randrange(30, 900) / 10}"),
            ("대규모법인여부", "해당"),
            ("투자목적", f"{pick.choice(_WORDS)} 생산능력 확대"),
            ("시작일", f"{day:%Y-%m-%d}"),
            ("종료일", f"20{pick.randrange(26, 34)}-{pick.randrange(1, 13):02d}-28"),
            ("이사회결의일(결정일)", f"{day - timedelta(days=pick.randrange(2)):%Y-%m-%d}"),
            ("참석(명)", "4"),
            ("기타", "- 상기 투자금액과 기간은 경영환경에 따라 바뀔 수 있습니다."),
        ]

    def _file(
        self, event: _Event, day: date, number: str, report: str, rows: Rows, *,
        correction: str = "", link: str = "", here: bool = True, whole: bool = True, form: int = 0,
    ) -> Told:  # fmt: skip
        corp_code, corp_name = self._corp
        bare = report.partition("]")[2] or report
        data = exchange(corp_name, bare, day, _form(rows, form), correction, link).encode()
        filing = Filing(number, corp_code, corp_name, report, "I001", day, "990011", fictional=True)
        made = transform(read_document(data, f"{number}.xml"), filing)
        return Told(made, event.key, whole, here)

    def _number(self, day: date) -> str:
        self._serial += 1
        return f"{day:%Y%m%d}8{self._serial:05d}"


def exchange(company: str, report: str, day: date, rows: Rows, correction: str = "", link: str = "") -> str:
    """An exchange filing as HTML; `link` is KIND's number of a related one."""
    body = "".join(
        f"<tr><td><span>{at}. {label}</span></td><td><span class='xforms_input'>{_br(value)}</span></td></tr>"
        for at, (label, value) in enumerate(rows, 1)
    )
    related = (
        f"<tr><td><span>※ 관련공시</span></td><td><span><a href='http://kind.krx.co.kr/common/disclsviewer.do"
        f"?method=search&amp;acptno={link}&amp;rcpno={link}&amp;orgid=G'>"
        f"{link[:4]}-{link[4:6]}-{link[6:8]} {report}</a></span></td></tr>"
        if link
        else ""
    )
    return (
        f"<html><head><title>{company}/{report}/({day:%Y.%m.%d}){report}</title></head><body>{correction}"
        f"<div class='xforms'><table id='XFormD1_Form0_Table0'><tbody>{body}{related}</tbody></table></div>"
        "</body></html>"
    )


def _correction(event: _Event, said: date, pick: Random, listed: Sequence[tuple[str, str, str]]) -> str:
    shown = said.strftime(pick.choice(["%Y-%m-%d", "%Y.%m.%d", "%Y년 %m월 %d일"]))
    rows = "".join(
        f"<tr><td>{at}. {label}</td><td>{_br(old)}</td><td>{_br(new)}</td></tr>"
        for at, (label, old, new) in enumerate(listed, 3)
    )
    return (
        "<div id='LIB_LC000'><table id='XFormD8_Form0_Table1'>"
        f"<tr><td>1. 정정관련 공시서류</td><td>{event.report}</td></tr>"
        f"<tr><td>2. 정정관련 공시서류제출일</td><td>{shown}</td></tr>"
        "<tr><td>3. 정정사유</td><td>기재 내용의 변경</td></tr></table>"
        "<table id='XFormD8_RepeatTable0'><tr><td>정정항목</td><td>정정전</td><td>정정후</td></tr>"
        f"{rows or '<tr><td>첨부</td><td>-</td><td>첨부서류 추가</td></tr>'}</table></div>"
    )


def _form(rows: Rows, form: int) -> Rows:
    """A later correction renders an older filing anew: other labels, other order, rows of its own."""
    if not form:
        return rows
    named = [
        (f"{label}에 관한 사항" if at % 3 == 0 else label, value) for at, (label, value) in enumerate(rows)
    ]
    return [*named[2:4], *named[:2], *named[4:], ("대금지급 조건 등", "-"), ("공시유보 관련내용", "미해당")]


def _br(text: str) -> str:
    return text.replace("\n", "<br java=x>")
