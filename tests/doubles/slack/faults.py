"""What goes wrong on the way, by seeded probability or on demand for the next calls of a method."""

from collections import defaultdict, deque
from dataclasses import dataclass, field, fields
from random import Random
from typing import Literal

Fault = Literal["", "rate", "500", "503", "hang", "lost_before", "lost_after"]


@dataclass
class Faults:
    """Probabilities. `lost_before`: the connection breaks unapplied; `lost_after`, `hang`: applied."""

    rate: float = 0.0
    server: float = 0.0
    hang: float = 0.0
    lost_before: float = 0.0
    lost_after: float = 0.0
    redelivered: float = 0.0
    socket_killed: float = 0.0
    seed: int = 1
    hang_seconds: float = 30.0
    retry_after: int = 1
    due: defaultdict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311

    def next(self, method: str, *faults: Fault) -> None:
        """The next calls of `method` meet these, one after the other; "" lets one through."""
        self.due[method].extend(faults)

    def set(self, **values: float) -> None:
        known = {f.name for f in fields(self)} - {"due"}
        for name, value in values.items():
            if name not in known:
                raise ValueError(name)
            setattr(self, name, value)
        if "seed" in values:
            self._random = Random(self.seed)  # noqa: S311

    def draw(self, method: str) -> Fault:
        if self.due[method]:
            return self.due[method].popleft()
        chance = self._random.random()
        for name, probability in (
            ("rate", self.rate),
            (self._random.choice(["500", "503"]), self.server),
            ("hang", self.hang),
            ("lost_before", self.lost_before),
            ("lost_after", self.lost_after),
        ):
            if chance < probability:
                return name  # type: ignore[return-value]
            chance -= probability
        return ""

    def happens(self, probability: float) -> bool:
        return probability > 0 and self._random.random() < probability
