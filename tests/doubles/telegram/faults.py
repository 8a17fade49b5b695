"""What goes wrong on the way, by seeded chance or by order."""

from collections import defaultdict, deque
from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random
from typing import Literal

Fault = Literal["busy", "error", "gateway", "hang", "lost_before", "lost_after"]
_KINDS: tuple[Fault, ...] = ("busy", "error", "gateway", "hang", "lost_before", "lost_after")


@dataclass
class Faults:
    """Chances, of 1, for each call.

    `busy`: 429. `error`: 500. `gateway`: 502 with a page of HTML. `hang`: applied, answered after
    `hang_seconds`. `lost_before`, `lost_after`: the connection is cut before or after the call was applied.
    `duplicate`: of an update, to be delivered once more. `methods`: the only ones that are hit.
    """

    seed: int = 0
    busy: float = 0.0
    error: float = 0.0
    gateway: float = 0.0
    hang: float = 0.0
    lost_before: float = 0.0
    lost_after: float = 0.0
    duplicate: float = 0.0
    hang_seconds: float = 30.0
    retry_after: int = 1
    methods: Collection[str] | None = None
    _ordered: defaultdict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _random: Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311

    def order(self, method: str, *faults: Fault) -> None:
        """The next calls of `method` meet these, one each."""
        self._ordered[method.lower()].extend(faults)

    def pick(self, method: str) -> Fault | None:
        ordered = self._ordered[method]
        if ordered:
            return ordered.popleft()
        if self.methods is not None and method not in {name.lower() for name in self.methods}:
            return None
        drawn = self._random.random()
        for kind in _KINDS:
            drawn -= getattr(self, kind)
            if drawn < 0:
                return kind
        return None

    def twice(self) -> bool:
        return self._random.random() < self.duplicate
