"""What the cited filings say, statement by statement, to hold a sentence against."""

import re
from dataclasses import dataclass
from functools import cached_property

from core.korean import squeeze
from core.model import Evidence
from core.rag.language.phrasing import planted
from core.rag.language.reading import Reading, read
from core.rag.passages.statements import LIST_MARKS, statements

_LEAD_IN = re.compile(
    rf"^(?:(?:또한|그리고|한편|다만|공시에(?:따르면|의하면)|보고서에(?:따르면|의하면)|회사는|특히|실제로),?"
    rf"|[{re.escape(LIST_MARKS)}])+"
)
_ENDING = re.compile(r"(?<=[었았였했렸졌혔섰갔왔됐])(?:습니다|어요|다)$|(?:입니다|이에요|예요|이다)$")
_UNPLAIN = re.compile(r"[|`<>\\{}$]|\]\(|https?:|www\.|^\s*#|\*\*|__")
_CUT = " …"  # a statement too long for its reader ends so


@dataclass(frozen=True)
class Source:
    """One piece of evidence as statements that may be quoted; what gives orders is none."""

    evidence: Evidence

    @property
    def n(self) -> int:
        return self.evidence.n

    @cached_property
    def readings(self) -> list[Reading]:
        form = self.evidence.filing.period is None
        said = [*self.evidence.said, *(s.shown for s in statements(self.evidence.text, form=form))]
        return [read(one) for one in dict.fromkeys(said) if not planted(one)]

    @cached_property
    def header(self) -> str:
        filing = self.evidence.filing
        amended = "정정" if filing.supersedes or filing.superseded_by else ""
        return squeeze(f"{filing.corp_name} {filing.report_nm} {self.evidence.section} {amended}")

    @cached_property
    def title(self) -> str:
        """Whose filing it is and which: what a statement need not repeat of its own."""
        return squeeze(f"{self.evidence.filing.corp_name} {self.evidence.filing.report_nm}")

    @cached_property
    def known(self) -> str:
        """All of it, squeezed, for looking words up; no phrase runs from one statement into the next."""
        return "\n".join([self.header, *(squeeze(reading.text) for reading in self.readings)])

    @cached_property
    def whole(self) -> dict[str, Reading]:
        return {_bare(reading.text): reading for reading in self.readings}

    def quoted(self, sentence: str) -> bool:
        """Whether the sentence is one of the statements, whole or cut short with its mark."""
        bare = _bare(sentence)
        if sentence.rstrip().endswith(_CUT.strip()):
            head = bare.rstrip("…")
            return len(head) > len(bare) // 2 and any(one.startswith(head) for one in self.whole)
        return bare in self.whole


def _bare(text: str) -> str:
    """Squeezed, and without what a writer may put before or make of a quotation's ending."""
    return _ENDING.sub("", _LEAD_IN.sub("", squeeze(text)).rstrip("."))


def unplain(text: str) -> bool:
    """Tables, links, code and markup: nothing of them can be held against a source sentence by sentence."""
    return bool(_UNPLAIN.search(text))
