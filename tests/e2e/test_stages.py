"""`gongsi etl transform` and `load` as a person runs them; killed and run again; Ray that is not there."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.e2e.test_terminal import ROOT, SAMPLES, environment, gongsi

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="ray is not installed: pip install -e '.[scale]'"
)


@pytest.fixture
def data() -> Iterator[Path]:
    """Not under pytest's own folder: see the integration tests' `postgres`."""
    with TemporaryDirectory(prefix="gongsi-e2e-", ignore_cleanup_errors=True) as place:
        folder = Path(place) / "data"
        yield folder
        gongsi(folder, "db", "stop")


def test_the_stages_apart_do_what_import_does(data: Path) -> None:
    made = gongsi(data, "etl", "transform", str(SAMPLES))
    assert made.stdout == "새로 변환함 9건, 그대로 0건\n", made.stderr
    assert not (data / "postgres").exists()
    assert gongsi(data, "etl", "load").stdout == "새로 넣음 9건, 그대로 0건\n"
    assert gongsi(data, "etl", "load").stdout == "새로 넣을 공시가 없습니다.\n"
    assert "바뀐 것이 없습니다" in gongsi(data, "etl", "import", str(SAMPLES)).stdout


def test_fetched_filings_are_what_transform_takes(data: Path) -> None:
    sample = SAMPLES / "20250320000912.zip"
    archive = data / "raw" / "archive"
    archive.mkdir(parents=True)
    (archive / sample.name).write_bytes(sample.read_bytes())
    rows = [
        {"rcept_no": "20250320000912", "corp_name": "누리바이오", "file": sample.name, "fetched_at": "x"},
        {"rcept_no": "20250320000913", "corp_name": "누리바이오", "file": None},
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (data / "raw" / "filings.jsonl").write_text(lines, encoding="utf-8")
    assert gongsi(data, "etl", "transform").stdout == "새로 변환함 1건, 그대로 0건\n"


def test_killed_in_the_middle_of_a_transform_nothing_is_left_running_or_half(
    data: Path, tmp_path: Path
) -> None:
    text = next(SAMPLES.glob("*.xml")).read_bytes()
    for number in range(240):  # a few shards
        (tmp_path / f"20260101{number:06}.xml").write_bytes(text)
    program = [sys.executable, "-c", "from bots.cli import main; main()", "etl", "transform", str(tmp_path)]
    running = subprocess.Popen(program, cwd=ROOT, env=environment(data), stderr=subprocess.DEVNULL)
    shards = data / "parquet" / "filings"
    deadline = time.monotonic() + 60
    while not list(shards.glob("*.parquet")) and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    run = gongsi(data, "etl", "transform", str(tmp_path))
    new, old = (int(part.split()[-1].removesuffix("건")) for part in run.stdout.strip().split(", "))
    assert new + old == 240
    assert old >= 100
    names = [
        {f.name for f in (data / "parquet" / kind).iterdir()} for kind in ("filings", "chunks", "figures")
    ]
    assert names[0] == names[1] == names[2]
    assert len(list((data / "docs").rglob("*.md"))) == 240


@needs_ray
def test_a_cluster_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    run = gongsi(tmp_path, "etl", "transform", str(SAMPLES), "--engine", "ray", "--address", "127.0.0.1:9")
    assert run.returncode == 3
    assert "Ray 클러스터에 연결하지 못했습니다(127.0.0.1:9)" in run.stderr
    assert "Traceback" not in run.stderr


def test_without_ray_the_command_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "ray.py").write_text("raise ImportError")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    run = gongsi(tmp_path / "data", "etl", "transform", str(SAMPLES), "--engine", "ray", PYTHONPATH=path)
    assert run.returncode == 2
    assert ".[scale]" in run.stderr
    run = gongsi(tmp_path / "data", "etl", "load", "--address", "127.0.0.1:9")
    assert run.returncode == 2
    assert "--engine ray와 함께" in run.stderr
