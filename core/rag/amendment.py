"""What an answer says of amendments: when the cited filing was amended, and what changed."""

import re
from collections.abc import Sequence

from core.amendment import Change
from core.korean import particle, squeeze
from core.model import Filing
from core.ports import Corpus
from core.rag.statements import statements

_ONLY = re.compile(r"만\s*(?:좀\s*)?(?:알려|말해|말씀|답해|적어)")
_WHETHER = re.compile(
    r"(?:바뀌|바뀐|달라|변경|정정|깎|늘|줄|그대로|같)[^?]{0,12}(?:나요|니까|까요|어요|여요|나|니|지|죠)?\s*\??\s*$"
)
_LABEL = re.compile(r"^(?:.*› )?([^:]{3,30}):")
_SHORTEST = 3
_SHOWN = 3
_LONGEST = 60


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
            said += f"(원공시 접수번호 {filing.supersedes})"
        if _ONLY.search(asked):
            return f"{said}."
        same = await _unchanged(asked, filing, changes, corpus)
        if same:
            said += f". 물으신 {particle(', '.join(same), '은/는')} 바뀌지 않고 그대로입니다"
        shown = "; ".join(
            f"{change.item}: {_short(change.before)} → {_short(change.after)}" for change in changes[:_SHOWN]
        )
        return f"{said}. 바뀐 내용: {shown}" if shown else f"{said}."
    return None


async def _unchanged(asked: str, filing: Filing, changes: Sequence[Change], corpus: Corpus) -> list[str]:
    """Items of the amended form that the question names and no change touches."""
    if not _WHETHER.search(asked) or filing.period is not None:
        return []
    text, changed = squeeze(asked), squeeze(" ".join(change.item for change in changes))
    found: dict[str, None] = {}
    for chunk in await corpus.chunks_of(filing.rcept_no):
        for one in statements(chunk.text, form=True):
            if one.row and (label := _LABEL.match(one.shown)):
                name = squeeze(re.sub(r"\([^)]*\)|^[\d.\s-]+", "", label[1]))
                if len(name) >= _SHORTEST and name in text and name not in changed:
                    found.setdefault(name)
    return list(found)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST].rstrip() + "…"
