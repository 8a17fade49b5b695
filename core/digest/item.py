"""One filing, with its amendments, as a digest tells it at a reader's level."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.digest.changed import told_changes
from core.digest.received import Received
from core.digest.results import heading, results
from core.digest.size import Size, score, size_of
from core.etl.narrate_form import report_name
from core.etl.receipt import amends, without_marks
from core.korean import particle
from core.model import AnswerFigure, Figure, Filing, Level
from core.narration import Clause, Told, take_apart
from core.rag.language.phrasing import planted
from core.rag.language.shown import reread, shown
from core.rag.language.spoken import occurs

_CLAUSES = {Level.BEGINNER: 2, Level.INTERMEDIATE: 4, Level.ADVANCED: 12}
_CELLS = 8
_NUMBER = re.compile(r"^\s*(?:\d{1,2}(?:-\d{1,2})?\.|-)\s*")
_DAY_ALONE = re.compile(r"^\S.{0,20}[은는] \d{4}년 \d{1,2}월 \d{1,2}일$")
_LABEL = re.compile(r"^(?P<label>\S.{0,24}?[가-힣)])(?<!또)[은는] (?P<value>.+)$")
_TWO = re.compile(r", \S+[은는] ")  # 표면이자율은 0%, 만기이자율은 3.5%


@dataclass(frozen=True, slots=True)
class Item:
    """`first` says what matters; `more` are further facts, `changes` what amendments changed and `why`.

    `cells` tell where the numbers stand, for who wants to look them up; `figures` are all that it shows.
    """

    filing: Filing
    title: str
    first: str
    more: Sequence[str] = ()
    changes: Sequence[str] = ()
    why: str = ""
    note: str = ""
    cells: Sequence[str] = ()
    figures: Sequence[AnswerFigure] = ()
    size: str = ""
    score: float = 0.0


def tell(chain: Sequence[Received], level: Level) -> Item:
    """`chain` is a filing and its amendments that are told with it, oldest first, at least one."""
    newest = next((one for one in reversed(chain) if not one.filing.withdrawn), chain[-1])
    filing, size, lines = newest.filing, size_of(newest), results(newest)
    changes = told_changes([change for one in chain for change in one.changes], exact=level is Level.ADVANCED)
    said = take_apart(newest.lead, filing.corp_name) if newest.lead and not planted(newest.lead) else None
    figures: list[AnswerFigure] = []
    if lines:
        first, more = _of_results(newest, level)
        figures = [figure for line in lines for figure in line.figures]
    elif said:
        first, more = _of_form(said, size, level)
        if size and size.text in " ".join(more):
            figures.append(size.figure)
        figures += [shown(figure) for figure in _said_cells(newest.figures, f"{first} {' '.join(more)}")]
    else:
        first, more = _filed(filing, level), []
    return Item(
        filing,
        _title(filing),
        first,
        more,
        changes,
        said.why if said and changes else "",
        _note(chain, newest, level),
        _cell_lines(figures) if level is Level.ADVANCED else (),
        figures,
        size.text if size else "",
        score(newest, size, lines),
    )


def name_alone(filing: Filing, level: Level) -> Item:
    """A filing of which nothing is said but that it is there."""
    return Item(filing, _title(filing), _filed(filing, level))


def _title(filing: Filing) -> str:
    name = without_marks(filing.report_nm) if filing.period else report_name(filing.report_nm)
    return f"[정정] {name}" if amends(filing.report_nm) else name


def _filed(filing: Filing, level: Level) -> str:
    name = particle(report_name(filing.report_nm), "을/를")
    return f"{name} {'냈어요' if level is Level.BEGINNER else '제출했습니다'}."


def _of_results(received: Received, level: Level) -> tuple[str, list[str]]:
    """Sales and operating profit first."""
    lines = results(received)
    if level is Level.BEGINNER:
        sentences = [f"{line.sentence(first=place == 0)}." for place, line in enumerate(lines)]
        return " ".join(sentences[:2]), sentences[2:]
    said = [f"{line.account} {line.brief(before=level is Level.ADVANCED)}" for line in lines]
    first = f"{heading(lines[0], level)} {', '.join(said[:2])}입니다."
    return first, said[2:]


def _of_form(said: Told, size: Size | None, level: Level) -> tuple[str, list[str]]:
    """What was done, with its first condition where that is no mere day; then the others."""
    clauses = list(said.clauses)
    first = _polite(said.act, level)
    if clauses and not _DAY_ALONE.match(clauses[0].text):
        if level is Level.BEGINNER:
            first = f"{first} {_sentence(clauses.pop(0), level)}"
        else:
            first = f"{said.act}으며, {_sentence(clauses.pop(0), level)}"
    if level is Level.BEGINNER:  # days last: what, how much and why come first
        clauses.sort(key=lambda clause: bool(_DAY_ALONE.match(clause.text)))
    more = [_brief(clause, level) for clause in clauses[: _CLAUSES[level]]]
    whole = " ".join([first, *more])
    if size and not occurs(size.figure.text, whole):
        more.insert(0, f"규모: {size.text}")
    return first, more


def _polite(stem: str, level: Level) -> str:
    if level is not Level.BEGINNER:
        return f"{stem}습니다."
    return f"{stem}{'아' if stem.endswith('같') else '어'}요."


def _sentence(clause: Clause, level: Level) -> str:
    if clause.verb:
        return _polite(clause.text, level)
    if level is not Level.BEGINNER:
        return f"{clause.text}입니다."
    final = particle(clause.text, "이라고/라고").endswith("이라고")
    return f"{clause.text}{'이에' if final else '예'}요."


def _brief(clause: Clause, level: Level) -> str:
    """`납입일: 2025년 8월 20일`."""
    label = _LABEL.match(clause.text)
    if clause.verb or not label or _TWO.search(clause.text):
        return _sentence(clause, level).removesuffix(".") if clause.verb else clause.text
    return f"{label['label']}: {label['value']}"


def _said_cells(figures: Sequence[Figure], text: str) -> Iterator[Figure]:
    """Cells whose value the text says."""
    for figure in figures:
        if not figure.disputed and reread(figure) and occurs(shown(figure).text, text):
            yield figure


def _cell_lines(figures: Iterable[AnswerFigure]) -> list[str]:
    """`계약내역 > 계약금액(원) 2,650,000,000,000 (표 3)`, each cell once."""
    lines = []
    for figure in figures:
        cells = figure.cells if figure.source else ()
        lines += [f"{_row(cell)} {cell.cell} (표 {cell.table})" for cell in cells]
        if figure.formula and figure.unit == "%" and len(figure.operands) != 2:
            lines.append(f"{figure.formula} = {figure.text}")
    return list(dict.fromkeys(lines))[:_CELLS]


def _row(cell: Figure) -> str:
    return _NUMBER.sub("", cell.row) + (f", {cell.column}" if cell.column else "")


def _note(chain: Sequence[Received], newest: Received, level: Level) -> str:
    filing = newest.filing
    polite = level is Level.BEGINNER
    if filing.withdrawn:
        return f"이 공시는 철회되었{'어요' if polite else '습니다'}."
    if filing.amended_by and filing.amended_by not in {one.filing.rcept_no for one in chain}:
        return f"정정되었지만 바뀐 본문이 여기에 없으니 원문을 {'봐 주세요' if polite else '확인하세요'}."
    return ""
