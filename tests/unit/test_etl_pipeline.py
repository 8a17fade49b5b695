"""Transforming many filings: in one process or several, resumed after an interruption, never read twice."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import StoreError
from core.etl.engine import Engine, Here, Processes
from core.etl.filing import read_filing
from core.etl.parquet import KINDS, read_shard, shard_path
from core.etl.pipeline import Outcome, Task, transform_filings
from core.etl.shards import Shards
from core.etl.source import discover

SAMPLES = Path(__file__).parents[2] / "samples"


class Silent:
    def start(self, what: str, total: int) -> None: ...
    def advance(self, by: int = 1) -> None: ...
    def finish(self) -> None: ...


class Stopping:
    """An engine that is killed when so many shards are made."""

    def __init__(self, after: int) -> None:
        self.after = after

    def map(self, work, tasks):
        for task in list(tasks)[: self.after]:
            yield work(task)
        raise KeyboardInterrupt


def run(folder: Path, paths: list[Path] | None = None, engine: Engine | None = None) -> Outcome:
    return transform_filings(discover(paths or [SAMPLES]), Shards(folder), Silent(), engine or Here())


def files(folder: Path) -> dict[str, bytes]:
    found = {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
    found.pop("parquet/.lock")
    return found


def held(folder: Path) -> dict[str, str]:
    """Every filing of every shard, by receipt number; none stands twice."""
    entries = list(Shards(folder).contents().filings.values())
    rows = [one for e in entries for one in read_shard(folder, e.shard, [str(e.rcept_no)])]
    assert len(rows) == len(entries)
    return {one.filing.rcept_no: one.digest for one in rows}


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.etl.pipeline._SHARD_FILINGS", 2)


@pytest.mark.usefixtures("small_shards")
def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    alone = run(tmp_path / "one")
    together = run(tmp_path / "two", engine=Processes(2))
    assert alone == together
    assert files(tmp_path / "one") == files(tmp_path / "two") != {}
    assert len(list((tmp_path / "one" / "parquet" / "figures").iterdir())) == 5


def test_what_is_written_is_read_back_whole(tmp_path: Path) -> None:
    run(tmp_path)
    for source in discover([SAMPLES]):
        made, _ = read_filing(source)
        (back,) = read_shard(tmp_path, 0, [made.filing.rcept_no])
        document = (tmp_path / "docs" / f"{made.filing.path}.md").read_text(encoding="utf-8")
        assert replace(back, markdown=document) == made
        assert [str(figure.value) for figure in back.figures] == [str(f.value) for f in made.figures]


def test_what_was_made_of_the_same_input_is_not_read_again(tmp_path: Path) -> None:
    first = run(tmp_path)
    before = files(tmp_path)
    assert sorted(run(tmp_path, engine=None).unchanged) == sorted(first.made)
    assert files(tmp_path) == before

    missing = next((tmp_path / "docs").rglob("*.md"))
    missing.unlink()
    again = run(tmp_path)
    assert missing.is_file()
    assert (again.made, len(again.unchanged)) == ([missing.stem], len(first.made) - 1)
    assert len(held(tmp_path)) == len(first.made)


def test_a_changed_file_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    copies = []
    for source in sorted(SAMPLES.glob("*.xml"))[:3]:
        copies.append(tmp_path / "in" / source.name)
        copies[-1].write_bytes(source.read_bytes())
    out = tmp_path / "out"
    made = run(out, copies).made
    assert len(made) == 3
    before = held(out)
    text = copies[0].read_text(encoding="utf-8")
    for old in ("가온전자", "누리바이오", "다솜건설"):
        text = text.replace(old, "나온전자")
    copies[0].write_text(text, encoding="utf-8")
    (again,) = run(out, copies).made
    after = held(out)
    assert after.keys() == before.keys()
    assert {number for number in after if after[number] != before[number]} == {again}
    for kind in KINDS:  # no row of the earlier version is left for anyone who reads the files
        import pyarrow.parquet as pq

        tables = [pq.read_table(file) for file in (out / "parquet" / kind).glob("*.parquet")]
        assert sum(again in table["rcept_no"].to_pylist() for table in tables) == 1
    assert len(list((out / "docs").rglob("*.md"))) == 3


@pytest.mark.usefixtures("small_shards")
def test_interrupted_it_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, engine=Stopping(2))
    # as a kill between two renames leaves it, and one in the middle of a write
    orphan = shard_path(tmp_path, "chunks", 7)
    orphan.write_bytes(b"half")
    (orphan.parent / ".000009.parquet.123").write_bytes(b"")
    outcome = run(tmp_path)
    assert len(outcome.unchanged) == 4
    assert len(outcome.unchanged) + len(outcome.made) == len(discover([SAMPLES])) == len(held(tmp_path))
    assert not orphan.exists()
    names = [{f.name for f in shard_path(tmp_path, kind, 0).parent.iterdir()} for kind in KINDS]
    assert all(one == names[0] for one in names)


def test_a_broken_file_among_many_stops_nothing_and_is_not_read_again(tmp_path: Path) -> None:
    broken = tmp_path / "20260101000001.xml"
    broken.write_bytes(b"%PDF-1.7 not a filing")
    for _ in range(2):
        outcome = run(tmp_path / "out", [SAMPLES, broken])
        assert [name for name, _ in outcome.quarantined] == [broken.name]
    assert outcome.made == []
    refusals = Shards(tmp_path / "out").contents().refusals
    assert list(refusals) == ["20260101000001"]
    # the same receipt, readable now
    broken.write_bytes(next(SAMPLES.glob("*.xml")).read_bytes())
    assert run(tmp_path / "out", [broken]).made == ["20260101000001"]
    assert Shards(tmp_path / "out").contents().refusals == {}


def test_of_two_files_of_one_receipt_the_last_counts(tmp_path: Path) -> None:
    sample = next(SAMPLES.glob("*.xml"))
    for name in ("20260101000001.xml", "20260101000001_x.xml"):
        (tmp_path / name).write_bytes(sample.read_bytes())
    first = run(tmp_path / "out", [tmp_path])
    assert first.made == ["20260101000001"]
    assert "대신 20260101000001_x.xml" in first.warnings[0][1]
    assert run(tmp_path / "out", [tmp_path]).made == []


def test_one_run_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.etl.shards._PATIENCE", 0.1)
    holding = (
        "import sys, pathlib; from core.etl.shards import Shards\n"
        "with Shards(pathlib.Path(sys.argv[1])).alone(): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(StoreError, match="다른 곳에서"):
            run(tmp_path)
        other.kill()  # the system drops the lock of the dead
    assert run(tmp_path).made


def test_a_process_that_dies_is_one_sentence(tmp_path: Path) -> None:
    from core.errors import GongsiError

    with pytest.raises(GongsiError, match="이어서 합니다"):
        list(Processes(2).map(os._exit, [1, 1]))


def test_shards_are_cut_by_sizes_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.etl.pipeline import _tasks

    monkeypatch.setattr("core.etl.pipeline._SHARD_BYTES", 1)
    sources = [(source, "") for source in discover([SAMPLES])]
    tasks: list[Task] = list(_tasks(sources, 3))
    assert [task.number for task in tasks] == list(range(3, 3 + len(sources)))
    assert [one for task in tasks for one in task.sources] == sources
