"""One sentence read: its amounts, and which period, basis, account and part each of them is said of."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from core.rag.language.mentions import Amount, Mark, amounts, bases, clauses, directions
from core.rag.language.named import Named, accounts_said
from core.rag.language.whens import When, whens

CITED = re.compile(r"\[(\d{1,3})\]")
_ORDINAL = re.compile(r"제\s*\d{1,3}\s*(?:[기회조항호차]|영업기)(?:말)?|표\s*\d{1,4}(?!\d)")
_LIST_MARK = re.compile(r"^(?:\s*(?:[-*•ㆍ·※○●]|\(?\d{1,2}[.)](?:\d{1,2}[.)])?|[가-하][.)])\s+)+")
_PART = re.compile(r"([가-힣A-Za-z]{2,12})\s*(?:사업)?\s*부문")
_NO_PART = frozenset(("사업", "영업", "보고", "각", "모든", "전체", "해당", "주요"))
_LOSS = re.compile(r"손실|적자|유출|마이너스")
_LOSS_AFTER = re.compile(r"\s?(?:의|규모의|규모)?\s?(?:[가-힣]{0,4}손실|적자|순?유출)")
_ASIDE = re.compile(r"\([^()]*\)")  # 영업이익(손실) is said of either
# Between an amount and the account it belongs to: `3조원의 영업이익`, `3조원의 잠정 영업이익`.
_GENITIVE = re.compile(r"\s*의\s*(?:[^\s,;]*[^\s,;은는이가을를에로도고며]\s+){0,3}")


@dataclass(frozen=True)
class Reading:
    """`text` is without list mark and citations; places count in it."""

    text: str
    this_year: int | None = None
    labels: tuple[str, ...] = ()

    @cached_property
    def whens(self) -> list[When]:
        inside = [(a.start, a.end) for a in self.accounts if any(c.isdigit() for c in a.key)]
        return [w for w in whens(self.text, self.this_year) if not _within(w.start, inside)]

    @cached_property
    def accounts(self) -> list[Named]:
        return accounts_said(self.text, self.labels)

    @cached_property
    def without_accounts(self) -> str:
        """The text with blanks for the accounts' names."""
        return _blank(self.text, [(a.start, a.end) for a in self.accounts])

    @cached_property
    def without_bases(self) -> str:
        """The text with blanks for `자회사까지 합` and the like."""
        return _blank(self.text, [(m.start, m.end) for m in self.bases])

    @cached_property
    def amounts(self) -> list[Amount]:
        ordinals = [m.span() for m in _ORDINAL.finditer(self.text)]
        named = [(a.start, a.end) for a in self.accounts if any(c.isdigit() for c in a.key)]
        return amounts(self.text, [*ordinals, *named, *((w.start, w.end) for w in self.whens)])

    @cached_property
    def ordinals(self) -> list[str]:
        return [re.sub(r"\s|말$", "", m[0]) for m in _ORDINAL.finditer(self.text)]

    @cached_property
    def bases(self) -> list[Mark]:
        return bases(self.text)

    @cached_property
    def directions(self) -> list[Mark]:
        return directions(self.text, [(a.start, a.end) for a in self.accounts])

    @cached_property
    def parts(self) -> list[tuple[str, int]]:
        return [(m[1], m.end()) for m in _PART.finditer(self.text) if m[1] not in _NO_PART]

    @cached_property
    def clauses(self) -> list[tuple[int, int]]:
        return list(clauses(self.text))

    def clause(self, at: int) -> tuple[int, int]:
        return next(((a, b) for a, b in self.clauses if a <= at < b), (0, len(self.text)))

    def moving(self, mark: Mark) -> tuple[int, int]:
        """What is said to rise or fall: the clause up to the word, from the one before it on."""
        left, _ = self.clause(mark.start)
        before = [m.end for m in self.directions if m.end <= mark.start]
        return max([left, *before]), mark.start

    def window(self, start: int, end: int) -> tuple[int, int]:
        """What stands around a number within its clause, up to the numbers beside it."""
        left, right = self.clause(start)
        spans = [(a.start, a.end) for a in self.amounts] + [
            (w.start, w.end) for w in self.whens if w.kind == "일"
        ]
        for a, b in spans:
            if b <= start:
                left = max(left, b)
            elif a >= end:
                right = min(right, a)
        return left, right

    def when_of(self, at: int) -> When | None:
        """The period a place is spoken of in; None when the sentence names none for it."""
        for when in self.whens:
            if when.inside[0] <= at < when.inside[1]:
                return when
        before = [w for w in self.whens if w.end <= at and not w.base]
        if before:
            return before[-1]
        return next((w for w in self.whens if w.start > at and not w.base), None)

    def base_of(self, at: int) -> When | None:
        """The period a place is compared with."""
        return next((w for w in reversed(self.whens) if w.base and w.end <= at), None)

    def basis_of(self, amount: Amount) -> str | None:
        after = re.match(r"\s?\([^()]*\)", self.text[amount.end :])
        if after:
            for mark in self.bases:
                if amount.end <= mark.start < amount.end + after.end():
                    return str(mark.value)
        before = [m for m in self.bases if m.end <= amount.start]
        if before:
            return str(before[-1].value)
        return str(self.bases[0].value) if self.bases else None

    def account_of(self, at: int, end: int) -> Named | None:
        """`3조원의 영업이익`, else the last account before the place."""
        after = next((a for a in self.accounts if a.start >= end), None)
        if after and _GENITIVE.fullmatch(self.text, end, after.start):
            return after
        return next((a for a in reversed(self.accounts) if a.end <= at), None)

    def part_of(self, at: int) -> str | None:
        return next((name for name, end in reversed(self.parts) if end <= at), None)

    def direction_of(self, amount: Amount) -> Mark | None:
        """The rise or fall said of a rate in its clause: the next one before another amount, else the last
        one before."""
        nexts = [a.start for a in self.amounts if a.start > amount.start]
        limit = min([self.clause(amount.start)[1], *nexts])
        for mark in self.directions:
            if amount.end <= mark.start < limit:
                return mark
        left, _ = self.clause(amount.start)
        before = [m for m in self.directions if left <= m.start < amount.start]
        return before[-1] if before else None

    def loses(self, mark: Mark) -> bool:
        """Whether a loss is said to rise or fall: `적자가 줄었습니다` is a better result."""
        left, right = self.moving(mark)
        return bool(_LOSS.search(_ASIDE.sub(" ", self.text[left:right])))

    def is_loss(self, amount: Amount, account: Named | None) -> bool:
        """Whether the sentence makes the amount a loss."""
        if amount.negative or (account and _LOSS.search(account.key)):
            return True
        return bool(_LOSS_AFTER.match(self.text[amount.end :]))


def read(sentence: str, this_year: int | None = None, labels: Iterable[str] = ()) -> Reading:
    bare = " ".join(CITED.sub("", _LIST_MARK.sub("", sentence)).split())
    return Reading(bare.replace(" .", "."), this_year, tuple(labels))


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for a, b in spans:
        text = text[:a] + " " * (b - a) + text[b:]
    return text


def _within(at: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(a <= at < b for a, b in spans)
