"""Transform speed against bare parsing of the same sanitised bytes, in one run: `make bench`.

Reads the large reports of ../shared/data/filings; Korean analysis is not part of it.
"""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from core.etl.read import read_document
from core.etl.sanitise import decode, sanitise
from core.etl.source import Source, discover, listing, open_source
from core.etl.transform import transform

_LARGE = 500_000
_ROUNDS = 5
_FILINGS = Path(__file__).parents[2] / "shared" / "data" / "filings"


def best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of five runs: the one least disturbed."""
    times = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def measure(source: Source) -> tuple[float, float, float]:
    """(bytes in MB, seconds of bare parsing, seconds of reading and transforming)."""
    data, member, _ = open_source(source)
    clean = sanitise(decode(data)[0])[0]
    bare = best(lambda: etree.fromstring(clean, etree.XMLParser(huge_tree=True)))

    def whole() -> None:
        document = read_document(data, member)
        transform(document, listing(document, source, member))

    return len(data) / 1e6, bare, best(whole)


def main() -> None:
    if not _FILINGS.is_dir():
        sys.exit("../shared/data/filings is not beside this checkout")
    for source in discover([_FILINGS]):
        if source.path.stat().st_size < _LARGE:
            continue
        size, bare, whole = measure(source)
        print(
            f"{source.path.name}: {size:.1f} MB, bare lxml {size / bare:.1f} MB/s,"
            f" transform {size / whole:.1f} MB/s, {whole / bare:.1f}x"
        )
    print(f"peak RSS {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
