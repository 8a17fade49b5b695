"""What a passage says, one statement at a time: a sentence, or a row of a table with its headers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# `…있습니다.4) 다음` has no space after its full stop; `(예정임.)` and 「구. 산업안전보건법」 end nothing.
_END = re.compile(
    r"(?<=[가-힣]\.)(?<!「구\.)(?![)\]”\"'’\d])\s*|(?<=[가-힣]\.)(?=\d{1,2}[).]\s)|(?<=[^\d\s'‘“\"][.!?])(?<!「구\.)\s+(?=[가-힣(])|\n+"
)
# `… 4월 30일- 양수금액 …`, `… 예정3) 자금조달`: line breaks are often gone (notes/dart.md §5.2.5).
LIST_MARKS = "-ㆍ·*※•ㅇ○●◦■□▶"
_ITEM = re.compile(
    r"(?<=\S)\s+(?=(?:[-ㆍ·※○●◦■□▶*ㅇ]|\(?\d{1,2}[).]|[①-⑳])\s)|(?<=[가-힣.)])(?=[①-⑳]|[ㅇ-]\s[가-힣])"
    r"|(?<=[가-힣.])(?<!주)(?<!제)(?=\d{1,2}\)\s[가-힣])"
)
_SENTENCE = re.compile(r":\s?\S|[다요음함임됨][.)]?$|[다요]\.")
_RULE = re.compile(r"^[|\s:-]+$")
_UNIT = re.compile(r"\s*\(단위: [^)]{1,30}\)\s*$")
_SHORTEST = 8
_SAYS = re.compile(r"[다요음함임됨][.)]?$|\d|[:：]|회계법인")  # `연결 재무상태표` is a title
_PROSE = 80  # characters of a cell: longer ones hold sentences, not a value
_HEADING = re.compile(r"정정[전후]|정정사유|비고")  # of a column
_MOST_VALUES = 5
# Columns of a table that gives each thing's properties one a row: 구분 | 항목 | 내용.
_VALUES_OF, _NAMES_OF = re.compile(r"(?:주요|세부)?내용"), re.compile(r"(?:구분|항목)?")
_TITLE = 80  # characters; a longer line is no heading
_OVER = 160  # characters of the text before a table, from its end


@dataclass(frozen=True, slots=True)
class Statement:
    """`quote` stands verbatim in the passage; `shown` is it made readable.

    `under` is the label of the long cell that it stands in, `over` the heading it stands below, `before` the
    sentence before it or its table: what it may leave unsaid."""

    quote: str
    shown: str
    row: bool = False
    under: str = ""
    over: str = ""
    before: str = ""


@lru_cache(maxsize=2_048)  # the same pieces are read for cells, sentences and sources
def statements(text: str, *, form: bool) -> Sequence[Statement]:
    """`form`: the tables of an event filing, label and value in one row, without a header row."""
    found: list[Statement] = []
    header: list[str] = []
    previous: list[str] = []
    unit = title = above = ""  # `above`: the last sentence before a table
    ended = False  # a table
    for line in text.splitlines():
        if not line.startswith("|"):
            ended, header, previous = ended or bool(previous), [], []
            unit = f" {line.strip()}" if _UNIT.match(line) else ""
            bare = line.strip("# ").strip()
            if not bare or bare.startswith("(단위"):
                continue
            if title.startswith("[") and ended:
                title = ""  # a table's own caption
            ended = False
            said = list(_sentences(line))
            befores = ["", *said]
            found += [Statement(one, one, over=title, before=befores[n]) for n, one in enumerate(said)]
            if len(bare) <= _TITLE and not _SENTENCE.search(bare):
                title = bare
            above = above if bare == title else bare[-_OVER:]
            continue
        if _RULE.match(line):
            if not form:
                header = previous
                if found and previous:
                    found.pop()  # the header says nothing by itself
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        longest = max(cells, key=len)
        if len(longest) > _PROSE or not any(cells[1:]):
            under = cells[0] if cells[0] != longest else ""
            found += [
                Statement(one, one, under=under, over=title, before=above) for one in _sentences(longest)
            ]
        else:
            pairs = form or _gives_pairs(header)
            shown = _labelled(cells) if pairs else _headed(cells, header)
            shown += unit if shown and not pairs else ""
            quote = line.strip().strip("|").strip()
            found.append(Statement(quote, shown, row=True, over=title, before=above))
        previous = cells
    return tuple(one for one in found if one.shown)


def _gives_pairs(header: Sequence[str]) -> bool:
    """Whether a table's rows are a label, or a name and a label, and its value."""
    names = ["".join(cell.split()) for cell in header]
    return len(names) > 1 and bool(
        _VALUES_OF.fullmatch(names[-1]) and all(_NAMES_OF.fullmatch(one) for one in names[1:-1])
    )


def _sentences(line: str) -> Iterator[str]:
    if line.startswith(("#", "(단위")):
        return
    for part in _END.split(line):
        for item in _ITEM.split(part or ""):
            said = item.strip()
            caption = said.startswith("[") and said.endswith("]")  # of the table below
            if len(said) >= _SHORTEST and not (caption or said.endswith((":", "："))) and _SAYS.search(said):
                yield said


def _labelled(cells: Sequence[str]) -> str:
    """`2. 양수내역 | 양수금액(원) | 755,108` → `2. 양수내역 › 양수금액(원): 755,108`; '' for no value."""
    parts = [cell for cell in dict.fromkeys(cells) if cell]
    if len(parts) < 2 or parts[-1] == "-" or _HEADING.fullmatch("".join(parts[-1].split())):
        return ""
    if len(parts) == 5:  # a group with two pairs in one row
        return f"{parts[0]} › {parts[1]}: {parts[2]}, {parts[3]}: {parts[4]}"
    return f"{' › '.join(parts[:-1])}: {parts[-1]}"


def _headed(cells: Sequence[str], header: Sequence[str]) -> str:
    """`스마트폰 | 22.6% | 20.0%` → `스마트폰: 2022년 반기 22.6%, 2021년 20.0%`."""
    if not any(cells[1:]):
        return ""
    if len(header) != len(cells):
        return " | ".join(cell for cell in cells if cell)
    values = [
        f"{head} {cell}".strip()
        for head, cell in zip(header[1:], cells[1:], strict=True)
        if cell and cell != "-" and cell != cells[0]
    ]
    return f"{cells[0]}: {', '.join(values[:_MOST_VALUES])}" if values else ""
