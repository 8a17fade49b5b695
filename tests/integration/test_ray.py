"""The same functions on Ray: the same bytes, the same rows. Runs in a process of its own: Ray warns a lot."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from core.etl.engine import Here
from core.etl.pipeline import transform_filings
from core.etl.shards import Shards
from core.etl.source import discover
from tests.integration.test_bulk import run, stored
from tests.integration.test_search import Counted

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
SCRIPT = """
import sys
from pathlib import Path
from core.etl import pipeline
from core.etl.ray_engine import Ray
from core.etl.shards import Shards
from core.etl.source import discover
from tests.integration.test_bulk import run
from tests.integration.test_search import Counted
pipeline._SHARD_FILINGS = 2
shards = Shards(Path(sys.argv[1]))
made = pipeline.transform_filings(discover([Path(sys.argv[2])]), shards, Counted(), Ray(""))
put = run(sys.argv[3], shards, Ray(""))
print(len(made.made), len(put.loaded))
import ray
assert not ray.is_initialized()
assert not ray._private.usage.usage_lib.usage_stats_enabled()
"""


@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="pip install -e '.[scale]'")
def test_both_engines_write_the_same_bytes_and_load_the_same_rows(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ray, here = tmp_path / "ray", tmp_path / "here"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(ray), str(SAMPLES), database],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.stdout == "9 9\n", done.stderr
    monkeypatch.setattr("core.etl.pipeline._SHARD_FILINGS", 2)
    transform_filings(discover([SAMPLES]), Shards(here), Counted(), Here())
    assert written(ray) == written(here) != {}
    by_ray = stored(database)
    assert len(by_ray["filing"]) == 9
    assert run(database, Shards(here)).loaded == []  # the same digests: nothing to do
    assert stored(database) == by_ray


def written(folder: Path) -> dict[str, bytes]:
    found = {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
    found.pop("parquet/.lock")
    return found
