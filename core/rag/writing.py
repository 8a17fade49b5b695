"""A brief → one whole verified answer: sentences go out as they are kept, and none is taken back.

Writers are tried in order. What a writer said before it failed has been verified and stays; the next one
goes on with what has not been said yet.
"""

import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from core.errors import ModelError
from core.korean import squeeze
from core.model import Brief, Citation
from core.ports import LanguageModel
from core.rag.language.mentions import amounts, plain
from core.rag.language.phrasing import Terms
from core.rag.language.reading import CITED
from core.rag.language.spoken import occurs
from core.rag.placeholders import fill
from core.rag.verify import Dropped, Verifier

Say = Callable[[str], None]

# After a sentence's full stop, or the citation behind it; `6. 전환` is a number and `… 늘었다. [1]` one
# sentence with its source.
_END = re.compile(r"(?<=[가-힣\])][.!?])[ \t]+(?!\[)(?=[^\s])|(?<=[.!?] \[\d\])[ \t]+(?=[^\s\[])|\n")
_LONGEST_DRAFT = 12_000  # characters; a model that has not ended by then will not
_MOST_COMPLAINTS = 6
_COMPLAINT = 200  # characters of a sentence shown to its writer again
REWRITE = (
    "[고칠 문장] 아래 문장은 근거와 맞지 않아 뺐습니다. 근거와 수치에 맞게 고친 문장만 한 번 쓰고, "
    "고칠 수 없으면 쓰지 마세요."
)
_SHORTEST = 6  # characters of a sentence that may not be said twice


@dataclass(frozen=True, slots=True)
class Written:
    """`text` is all that was said; `dropped` counts sentences that were not, rewriting included."""

    text: str
    citations: Sequence[Citation]
    backend: str
    dropped: int


@dataclass
class Writing:
    """One answer being written."""

    brief: Brief
    terms: Terms
    say: Say
    this_year: int | None = None
    verifier: Verifier = field(init=False)
    _text: str = field(default="", init=False)
    _before: str = field(default="", init=False)  # what writers before this one said
    _said: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self.verifier = Verifier(
            self.brief.evidence, self.brief.figures, self.terms, self.brief, self.this_year
        )

    async def write(self, writers: Sequence[LanguageModel], failed: Say) -> Written:
        """`failed` is told why a writer that had said nothing yet gave up."""
        backend, dropped = writers[-1].name, 0
        for writer in writers:
            self.verifier.dropped, self._before = [], self._text
            whole = await self._try(writer, failed)
            found, kept = list(self.verifier.dropped), len(self._said)
            if whole and found and writer is not writers[-1]:
                await self._rewrite(writer, found)
            dropped += max(0, len(found) - (len(self._said) - kept))
            if whole and self._answers():
                backend = writer.name
                break
        return Written(self._text.strip(), self.verifier.citations, backend, dropped)

    async def _try(self, writer: LanguageModel, failed: Say) -> bool:
        try:
            await self._read(writer.stream(self.brief))
        except ModelError as error:
            if not self._said:
                failed(str(error))
            return False
        return True

    async def _rewrite(self, writer: LanguageModel, found: Sequence[Dropped]) -> None:
        """Once: the writer is told what was wrong with what."""
        complaint = "\n".join(
            f"- {one.sentence[:_COMPLAINT]} ({one.reason})" for one in found[:_MOST_COMPLAINTS]
        )
        prompt = f"{self.brief.prompt}\n\n{REWRITE}\n{complaint}"
        try:
            await self._read(writer.stream(replace(self.brief, prompt=prompt)))
        except ModelError:
            return  # what was kept stands

    async def _read(self, pieces: AsyncGenerator[str, None]) -> None:
        """Raises ModelError for a draft without an end. Half a sentence at a cut is never said."""
        self._line_break()
        buffer, read = "", 0
        async with aclosing(pieces) as stream:
            async for piece in stream:
                read += len(piece)
                if read > _LONGEST_DRAFT:
                    raise ModelError("모델의 답이 끝나지 않습니다.")
                buffer += piece
                while (end := _END.search(buffer)) is not None:
                    self._take(buffer[: end.start()], buffer[end.start() : end.end()])
                    buffer = buffer[end.end() :]
        self._take(buffer, "")

    def _take(self, sentence: str, after: str) -> None:
        if not sentence.strip():
            if after == "\n":
                self._line_break(blank=self._text.endswith("\n"))
            return
        kept = None if self._repeats(sentence) else self.verifier.keep(fill(sentence, self.brief.figures))
        if kept is None:
            if after == "\n":
                self._line_break()
            return
        self._said.add(_bare(kept))
        self._put(kept if not self._text or self._text.endswith("\n") else f" {kept.lstrip()}")
        if after == "\n":
            self._line_break()

    def _repeats(self, sentence: str) -> bool:
        """Whether it was said before: word for word, or by the writer before this one in its numbers."""
        filled = fill(sentence, self.brief.figures)
        bare = _bare(filled)
        if len(bare) >= _SHORTEST and bare in self._said:
            return True
        numbers = [squeeze(filled[a.start : a.end]) for a in amounts(CITED.sub("", filled)) if a.unit]
        return bool(numbers) and all(occurs(number, self._before) for number in numbers)

    def _line_break(self, *, blank: bool = False) -> None:
        if self._text and (not self._text.endswith("\n") or (blank and not self._text.endswith("\n\n"))):
            self._put("\n")

    def _put(self, text: str) -> None:
        self._text += text
        self.say(text)

    def _answers(self) -> bool:
        """Whether anything was said, and with it the figure asked for, if there is one."""
        if not self._said:
            return False
        if not self.brief.figures:
            return True
        first = squeeze(self.brief.figures[0].text.lstrip("-"))
        return first in squeeze(self._text)


def _bare(sentence: str) -> str:
    return squeeze(CITED.sub("", plain(sentence))).strip("-•*ㆍ·.")
