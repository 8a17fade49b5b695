"""What an answer says of amendments: when the cited filing was amended, and what changed."""

from collections.abc import Sequence

from core.model import Filing
from core.ports import Corpus

_SHOWN = 3
_LONGEST = 60


async def amendment_of(filings: Sequence[Filing], corpus: Corpus) -> str | None:
    """One sentence for the first cited filing that amends another; None when none does."""
    for filing in filings:
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
