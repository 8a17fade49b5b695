"""How long to wait before the next try."""

import random
from collections.abc import Iterator


def backoff(first: float, most: float) -> Iterator[float]:
    """Seconds, doubling from `first` to `most`, for ever; each by up to a half less, so that those who failed
    together do not come back together."""
    ceiling = first
    while True:
        yield random.uniform(ceiling / 2, ceiling)  # noqa: S311
        ceiling = min(ceiling * 2, most)
