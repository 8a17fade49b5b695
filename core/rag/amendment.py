"""What an answer says of amendments: when the cited filing was amended, and what changed."""

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from operator import eq

from core.amendment import Change
from core.korean import particle, squeeze
from core.model import Filing
from core.ports import Corpus
from core.rag.passages.statements import statements
from core.rag.question.intent import asks_what_changed, asks_why_amended

_ONLY = re.compile(r"만\s*(?:좀\s*)?(?:알려|말해|말씀|답해|적어)")
_WHETHER = re.compile(
    r"(?:바뀌|바뀐|달라|변경|정정|깎|늘|줄|그대로|같)[^?]{0,12}(?:(?:나요|니까|까요|어요|여요|나|니|지|죠)?\s*$|\?)"
)
_LABEL = re.compile(r"^(?:.*› )?([^:]{3,30}):")
_WHY = re.compile(r"(?:\d+\.)?정정사유")
_WHY_ITEM = re.compile(r"^(?:\d+\.\s*)?정정\s*사유\s*[:：]\s*(.+)$")
_MARKS = re.compile(r"\([^)]*\)|^[\d.\s-]+")
_DAY = re.compile(r"(\d{4})\s*[-.년]\s*(\d{1,2})\s*[-.월]\s*(\d{1,2})")
_SHORTEST = 3
_SHOWN = 3
_LONGEST = 60
_CONTEXT = 20  # characters that two texts share, shown before they differ
_WORD = re.compile(r"[가-힣A-Za-z]{2,}")


async def amendment_of(filings: Sequence[Filing], corpus: Corpus, asked: str = "") -> str | None:
    """What to say for the first cited filing that was amended or amends another; None when none is.

    `asked` is the question: where it names items of the form, whether they are as they were; what stood
    there before is left out where it wants the present value alone.
    """
    for filing in filings:
        if filing.superseded_by:  # asked for as it was first filed
            return (
                f"{filing.rcept_dt:%Y-%m-%d}에 처음 공시된 내용이며 지금은 정정되었습니다"
                f"(정정공시 접수번호 {filing.superseded_by})."
            )
        if filing.amended_by:
            return (
                f"{filing.rcept_dt:%Y-%m-%d} 공시이며, 그 뒤의 정정공시(접수번호 {filing.amended_by})는"
                " 바뀐 본문이 여기에 없으니 원문을 확인하세요."
            )
        changes = await corpus.changes(filing.rcept_no)
        if not changes and filing.supersedes is None:
            continue
        said = f"{filing.rcept_dt:%Y-%m-%d}에 정정된 공시입니다"
        if filing.supersedes:
            first = filing.supersedes  # a receipt's number begins with its day
            said += f"(원공시 접수번호 {first}, {first[:4]}-{first[4:6]}-{first[6:8]} 접수)"
        whys = await _reasons(filing, corpus) if asks_why_amended(asked) or asks_what_changed(asked) else {}
        each = len(set(whys.values())) > 1
        if whys and not each:
            said += f". 정정 사유: {_short(next(iter(whys.values())))}"
        if _ONLY.search(asked):
            return f"{said}."
        same = await _unchanged(asked, filing, changes, corpus)
        if same:
            said += f". 물으신 {particle(', '.join(same), '은/는')} 바뀌지 않고 그대로입니다"
        shown = "; ".join(
            f"{change.item}: {' → '.join(_pair(change.before, change.after))}{_moved(change)}"
            f"{_because(change, whys) if each else ''}"
            for change in _asked_first(changes, asked)[:_SHOWN]
        )
        return f"{said}. 바뀐 내용: {shown}" if shown else f"{said}."
    return None


async def _unchanged(asked: str, filing: Filing, changes: Sequence[Change], corpus: Corpus) -> list[str]:
    """Items of the amended form that the question names and no change touches."""
    if not _WHETHER.search(asked) or not changes or filing.period is not None:
        return []
    text = squeeze(asked)
    original = await _rows(filing.supersedes, corpus) if filing.supersedes else None
    changed = squeeze(" ".join(f"{change.item} {change.before} {change.after}" for change in changes))
    found = [
        name
        for name, values in (await _rows(filing.rcept_no, corpus)).items()
        if len(name) >= _SHORTEST
        and name in text
        and name not in changed
        and not name.startswith("정정")
        and (original is None or original.get(name) == values)
    ]
    return [one for one in found if not any(one != other and one in other for other in found)]


async def _rows(rcept_no: str, corpus: Corpus) -> dict[str, set[str]]:
    """What a form says under each label, without numbering, brackets and spaces."""
    found: dict[str, set[str]] = {}
    for chunk in await corpus.chunks_of(rcept_no):
        for one in statements(chunk.text, form=True):
            if one.row and (label := _LABEL.match(one.shown)):
                name = squeeze(_MARKS.sub("", label[1]))
                found.setdefault(name, set()).add(squeeze(one.shown[label.end() :]))
    return found


def _because(change: Change, whys: Mapping[str, str]) -> str:
    """` (서식 변경)`: why this item was amended."""
    item = squeeze(change.item)
    why = next((why for one, why in whys.items() if one and (one in item or item in one)), "")
    return f" (사유: {_short(why)})" if why else ""


async def _reasons(filing: Filing, corpus: Corpus) -> dict[str, str]:
    """What the form says under 정정사유, by the item amended: a row of its own, '' then, or a column of the
    table of what changed."""
    found: dict[str, str] = {}
    for chunk in await corpus.chunks_of(filing.rcept_no):
        column = 0
        for line in chunk.text.splitlines():
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not line.startswith("|"):
                column = 0
                if (item := _WHY_ITEM.match(line)) and item[1].strip():
                    found.setdefault("", item[1].strip())
            elif column and len(cells) > column and cells[column].strip("-: "):
                found.setdefault(squeeze(cells[0]), cells[column])
            elif at := next((n for n, cell in enumerate(cells) if _WHY.fullmatch(squeeze(cell))), None):
                column = at
            elif _WHY.fullmatch(squeeze(cells[0])) and len(cells) == 2:
                found.setdefault("", cells[1])
    return found


def _moved(change: Change) -> str:
    """` (2년 늦어짐)` where one day became another, in whole years or else months; '' for anything else."""
    before, after = _DAY.findall(change.before), _DAY.findall(change.after)
    if len(before) != 1 or len(after) != 1:
        return ""
    then, now = (tuple(map(int, day)) for day in (before[0], after[0]))
    months = (now[0] - then[0]) * 12 + now[1] - then[1]
    if not months or then[2] != now[2]:
        return ""  # so many months and days
    size = f"{abs(months) // 12}년" if months % 12 == 0 else f"{abs(months)}개월"
    return f" ({size} {'늦어짐' if months > 0 else '앞당겨짐'})"


def _asked_first(changes: Sequence[Change], asked: str) -> list[Change]:
    """Those whose item the question names before the others, each in the filing's order."""
    text = squeeze(asked)

    def named(change: Change) -> int:
        return sum(len(word) for word in set(_WORD.findall(change.item)) if word in text)

    return sorted(changes, key=lambda change: -named(change))


def _pair(before: str, after: str) -> tuple[str, str]:
    """Both cut to where they differ: what long texts have in common at their beginning says nothing."""
    old, new = " ".join(before.split()), " ".join(after.split())
    same = len(list(takewhile(bool, map(eq, old, new))))
    if max(len(old), len(new)) <= _LONGEST or same <= _CONTEXT:
        return _short(old), _short(new)
    start = old.rfind(" ", 0, same - _CONTEXT) + 1
    lead = "…" if start else ""
    return lead + _short(old[start:]), lead + _short(new[start:])


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST].rstrip() + "…"
