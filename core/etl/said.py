"""What filings say, and how alike two event forms are."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from core.amendment import Change, Clues
from core.etl.clues import token
from core.etl.receipt import Receipt

_TELLING = 6  # characters from which a value is no 해당, 있음 or 국내
_ENOUGH = 2.0  # weight of the values below which a form tells nothing
_WHOLE = 0.5  # of the titles, or as many values, as what it corrects
_NONE: frozenset[str] = frozenset()

Read = Callable[[str], tuple[Clues, Sequence[Change]]]


class Said:
    """What the filings of one company say, each read once and only when it is needed."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known: dict[str, tuple[Clues, Sequence[Change]]] = {}
        self._tokens: dict[str, frozenset[str]] = {}

    def clues(self, receipt: Receipt) -> Clues:
        return self._of(receipt)[0]

    def tokens(self, receipt: Receipt) -> frozenset[str]:
        if receipt.rcept_no not in self._tokens:
            facts = self.clues(receipt).facts
            self._tokens[receipt.rcept_no] = _NONE.union(*(_lines(fact.value) for fact in facts))
        return self._tokens[receipt.rcept_no]

    def telling(self, receipt: Receipt) -> bool:
        """Whether there are values enough to know the event again."""
        return sum(map(_weight, self.tokens(receipt))) >= _ENOUGH

    def likeness(
        self, receipt: Receipt, members: Sequence[Receipt], group: Sequence[Sequence[Receipt]]
    ) -> float:
        """How much of its form one of `members` has, were its own changes undone: 0 to 1.

        `group` are the events it may belong to: what all of them say (최근매출액, a customer's name) tells
        less than what one says.
        """
        expected = self._undone(receipt)
        said = Counter(value for one in group for value in _NONE.union(*map(self.tokens, one)))

        def weigh(values: Iterable[str]) -> float:
            return sum(_weight(value) * math.log1p(len(group) / max(said[value], 1)) for value in values)

        best = 0.0
        for member in members:
            own = self.tokens(member)
            whole = weigh(expected) + weigh(own)
            best = max(best, 2 * weigh(expected & own) / whole if whole else 0.0)
        return best

    def whole(self, receipt: Receipt, corrected: Receipt) -> bool:
        """Whether it repeats the text it corrects: a 첨부추가 or 첨부정정 may bring an attachment alone."""
        titles, own = set(self.clues(corrected).titles), self.tokens(corrected)
        if not self.clues(receipt).titles or (not receipt.subject[1] and not self.telling(corrected)):
            return True  # nothing is known against it
        if receipt.subject[1]:
            return len(titles & set(self.clues(receipt).titles)) >= _WHOLE * len(titles)
        return len(self.tokens(receipt)) >= _WHOLE * len(own)

    def _of(self, receipt: Receipt) -> tuple[Clues, Sequence[Change]]:
        if receipt.rcept_no not in self._known:
            self._known[receipt.rcept_no] = self._read(receipt.rcept_no)
        return self._known[receipt.rcept_no]

    def _undone(self, receipt: Receipt) -> frozenset[str]:
        values = self.tokens(receipt)
        for change in self._of(receipt)[1]:
            before, after = _lines(change.before), _lines(change.after)
            values = values - (after - before) | before
        return values


def _lines(text: str) -> frozenset[str]:
    return frozenset(filter(None, (token(line) for line in text.split("\n"))))


def _weight(value: str) -> float:
    """`해당` and `3` may be anyone's; a day, an amount or a name is an event's own."""
    return 1.0 if len(value) >= _TELLING else 0.25
