"""What Prometheus is told. Never a name, an id or a text of a person."""

import asyncio
from collections import deque
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily, Metric

from bots.counters import Counters
from core.errors import StoreError
from core.inbox import Inbox

_SECONDS = (0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
_EVERY = 10.0  # seconds between two looks into the inbox
_COUNTED = {
    "claimed": "Jobs taken from the inbox",
    "delivered": "Replies delivered",
    "retried": "Jobs put back to be tried later",
    "failed": "Jobs given up",
    "lost": "Leases lost to another worker",
    "outages": "Claims that the database refused",
}


class Metrics:
    """A registry of its own over a worker's counters."""

    def __init__(self, counters: Counters) -> None:
        self.registry = CollectorRegistry()
        self._counters = counters
        self._waiting = Gauge(
            "gongsi_inbox_oldest_seconds", "How long the oldest due job has waited", registry=self.registry
        )
        self._first = self._histogram("gongsi_first_text_seconds", "From a message to the first visible text")
        self._done = self._histogram("gongsi_reply_seconds", "From a message to its whole reply")
        self.registry.register(self)

    def _histogram(self, name: str, says: str) -> Histogram:
        return Histogram(name, says, buckets=_SECONDS, registry=self.registry)

    def collect(self) -> Iterator[Metric]:
        """prometheus_client's Collector."""
        for name, says in _COUNTED.items():
            yield CounterMetricFamily(f"gongsi_{name}", says, value=getattr(self._counters, name))
        self._observe(self._first, self._counters.first)
        self._observe(self._done, self._counters.done)

    @staticmethod
    def _observe(histogram: Histogram, seconds: deque[float]) -> None:
        while seconds:
            histogram.observe(seconds.popleft())

    async def sample(self, inbox: Inbox) -> None:
        """Look into the inbox every few seconds, for ever."""
        while True:
            try:
                oldest = await inbox.oldest()
                self._waiting.set(oldest.total_seconds() if oldest else 0.0)
            except StoreError:
                self._waiting.set(float("nan"))
            await asyncio.sleep(_EVERY)
