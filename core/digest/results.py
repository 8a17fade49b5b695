"""Sales and profits of a periodic report, each with the period before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.digest.received import Received
from core.model import AnswerFigure, Level, Question
from core.rag.figures.comparison import told_together, with_comparison
from core.rag.figures.selection import choose
from core.rag.language.accounts import account_groups
from core.rag.language.wording import direction, period_words, turned

ACCOUNTS = ("매출액", "영업이익", "당기순이익")


@dataclass(frozen=True, slots=True)
class Line:
    """One account: its figure, that of the period before, and the rate between them where it tells."""

    account: str
    now: AnswerFigure
    before: AnswerFigure | None = None
    change: AnswerFigure | None = None

    @property
    def rate(self) -> Decimal | None:
        return self.change.value if self.change else None

    @property
    def turned(self) -> str:
        return turned(self.now, self.before) if self.before else ""

    @property
    def figures(self) -> list[AnswerFigure]:
        return [figure for figure in (self.now, self.before, self.change) if figure]

    def brief(self, *, before: bool) -> str:
        """`32조 4,802억원(+11.2%)`, `183억원(흑자 전환)`; `before` adds the earlier figure."""
        notes = [f"이전 {self.before.text}"] if before and self.before else []
        if self.turned:
            notes.append(self.turned.replace("로 돌아섰", " 전환"))
        elif self.before and self.now.value < 0 and self.before.value < 0:
            notes.append("적자 지속")
        elif self.change:
            notes.append(f"{'+' if self.change.value > 0 else ''}{self.change.text}")
        return self.now.text + (f"({', '.join(notes)})" if notes else "")

    def sentence(self, *, first: bool) -> str:
        """In a beginner's words; the first of several names what it is compared with."""
        when = f"{period_words(self.now.period, Level.BEGINNER)} " if first else ""
        lead = f"{when}{self.account}{_topic(self.account)} {_plain(self.now)}"
        if self.turned and self.before:
            return f"{lead}, 한 해 전({_plain(self.before)})에서 {self.turned}어요"
        if self.change:
            return f"{lead}으로 {'한 해 전보다 ' if first else ''}{direction(self.change, Level.BEGINNER)}"
        if self.now.value < 0:
            return f"{lead}예요" + ("(한 해 전에도 적자)" if self.before and self.before.value < 0 else "")
        return f"{lead}이에요"


def results(received: Received) -> list[Line]:
    """Those of the report's own period, consolidated where it has such; disputed ones are left out."""
    filing = received.filing
    if filing.period is None:
        return []
    groups = account_groups(ACCOUNTS)
    found = choose(Question(text=""), groups, received.figures, {filing.rcept_no: filing}, [filing.rcept_no])
    lines = []
    for told in told_together(found):
        now, *rest = told if len(told) > 1 else _compared(told[0], received)
        account = next(
            (a for a, names in zip(ACCOUNTS, groups, strict=True) if _named(now, names)), now.label
        )
        if now.disputed or not now.verified or not _is_of(now.period, filing.period):
            continue
        before = next((one for one in rest if not one.formula and one.verified), None)
        change = next((one for one in rest if one.formula and one.verified and one.unit == "%"), None)
        lines.append(Line(account, now, before, change if before else None))
    return lines


def _compared(alone: AnswerFigure, received: Received) -> list[AnswerFigure]:
    """The same value where it stands beside that of the period before, if it does anywhere."""
    one = alone.source
    for other in received.figures:
        if one and (other.value, other.period, other.basis) == (one.value, one.period, one.basis):
            found = with_comparison(other, received.figures)
            if len(found) > 1 and not other.disputed:
                return found
    return [alone]


def heading(line: Line, level: Level) -> str:
    """`2025년 1~9월 누적 연결 기준`."""
    basis = f" {line.now.basis} 기준" if line.now.basis else ""
    return f"{period_words(line.now.period, level)}{basis}"


def _named(figure: AnswerFigure, names: Sequence[str]) -> bool:
    return any(figure.label.startswith(name) for name in names)


def _is_of(period: str | None, report: str) -> bool:
    """Whether a figure's period ends when the report's does."""
    if period is None:
        return False
    ends = period.rpartition("~")[2]
    return ends.startswith(report) or (ends == report[:4] and report.endswith(".12"))


def _plain(figure: AnswerFigure) -> str:
    """`-12억원` as `12억원 적자`."""
    return f"{figure.text.removeprefix('-')} 적자" if figure.value < 0 else figure.text


def _topic(word: str) -> str:
    return "은" if word.endswith(("액", "익")) else "는"
