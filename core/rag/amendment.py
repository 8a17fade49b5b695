"""What an answer says of amendments: when the cited filing was amended, and what changed."""

from collections.abc import Sequence

from core.model import Filing
from core.ports import Corpus

_SHOWN = 3
_LONGEST = 60


async def amendment_of(filings: Sequence[Filing], corpus: Corpus) -> str | None:
    """One sentence for the first cited filing that was amended or amends another; None when none is."""
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
        shown = "; ".join(
            f"{change.item}: {_short(change.before)} → {_short(change.after)}" for change in changes[:_SHOWN]
        )
        return f"{said}. 바뀐 내용: {shown}" if shown else f"{said}."
    return None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST].rstrip() + "…"
