"""Importing many filings: in one process or several, resumed after an interruption, never read twice."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.etl.pipeline import Destination, Outcome, Stored, import_filings
from core.etl.source import discover
from core.model import Transformed

SAMPLES = Path(__file__).parents[2] / "samples"


@dataclass
class Shelf:
    """What a database keeps, as far as the pipeline sees it."""

    held: dict[str, Transformed] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    stop_after: int | None = None

    def find(self, made_from: str) -> Stored | None:
        rcept_no = self.inputs.get(made_from)
        return Stored(rcept_no, f"{self.held[rcept_no].filing.path}.md") if rcept_no else None

    def load(self, made: Transformed, made_from: str) -> bool:
        if self.stop_after is not None and len(self.held) >= self.stop_after:
            raise KeyboardInterrupt
        rcept_no = made.filing.rcept_no
        new = rcept_no not in self.held or self.held[rcept_no].digest != made.digest
        self.held[rcept_no], self.inputs[made_from] = made, rcept_no
        return new

    def quarantine(self, source: str, rcept_no: str | None, reason: str) -> None:
        self.refused.append(reason)


class Silent:
    def start(self, what: str, total: int) -> None: ...
    def advance(self, by: int = 1) -> None: ...
    def finish(self) -> None: ...


def run(shelf: Shelf, folder: Path, paths: list[Path] | None = None, processes: int = 1) -> Outcome:
    to = Destination(shelf.find, shelf.load, shelf.quarantine)
    return import_filings(discover(paths or [SAMPLES]), folder, to, Silent(), processes=processes)


def files(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_two_processes_write_the_same_bytes_in_the_same_order(tmp_path: Path) -> None:
    one, two = Shelf(), Shelf()
    alone = run(one, tmp_path / "one")
    together = run(two, tmp_path / "two", processes=2)
    assert alone == together
    assert one == two
    assert files(tmp_path / "one") == files(tmp_path / "two") != {}


def test_what_was_made_of_the_same_input_is_not_read_again(tmp_path: Path) -> None:
    shelf = Shelf()
    first = run(shelf, tmp_path)
    shelf.stop_after = 0  # nothing more may be loaded
    assert run(shelf, tmp_path).unchanged == first.loaded

    shelf.stop_after = None
    missing = next((tmp_path / "docs").rglob("*.md"))
    missing.unlink()
    again = run(shelf, tmp_path)
    assert missing.is_file()
    assert (again.loaded, sorted(again.unchanged)) == ([], sorted(first.loaded))


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    source = next(SAMPLES.glob("*.xml"))
    copy = tmp_path / source.name
    text = source.read_text(encoding="utf-8")
    copy.write_text(text, encoding="utf-8")
    shelf = Shelf()
    (loaded,) = run(shelf, tmp_path / "out", [copy]).loaded
    copy.write_text(
        text.replace("가온전자", "나온전자").replace("누리바이오", "우리바이오"), encoding="utf-8"
    )
    assert run(shelf, tmp_path / "out", [copy]).loaded == [loaded]


@pytest.mark.parametrize("processes", [1, 2])
def test_interrupted_it_goes_on_where_it_stopped(tmp_path: Path, processes: int) -> None:
    shelf = Shelf(stop_after=3)
    with pytest.raises(KeyboardInterrupt):
        run(shelf, tmp_path, processes=processes)
    shelf.stop_after = None
    outcome = run(shelf, tmp_path, processes=processes)
    assert len(outcome.unchanged) == 3
    assert len(outcome.unchanged) + len(outcome.loaded) == len(discover([SAMPLES]))


def test_a_broken_file_among_many_stops_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "20260101000001.xml"
    broken.write_bytes(b"%PDF-1.7 not a filing")
    shelf = Shelf()
    outcome = run(shelf, tmp_path / "out", [SAMPLES, broken], processes=2)
    assert len(outcome.loaded) == len(discover([SAMPLES]))
    assert [name for name, _ in outcome.quarantined] == [broken.name]
    assert len(shelf.refused) == 1
