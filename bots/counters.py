"""What a worker counts of its work."""

from collections import deque
from dataclasses import dataclass, field


@dataclass
class Counters:
    """Since the start. Seconds are from when a message was stored; the oldest go where nobody reads them."""

    claimed: int = 0
    delivered: int = 0
    retried: int = 0
    failed: int = 0
    lost: int = 0  # leases
    outages: int = 0  # claims that the database refused
    first: deque[float] = field(default_factory=lambda: deque(maxlen=10_000))
    done: deque[float] = field(default_factory=lambda: deque(maxlen=10_000))
