"""The same work on a Ray cluster: `map_batches` over tasks, one actor with its own models per worker.

Tasks and results are small; filings are read from and written to the shards' Parquet by the workers, so
`paths.data` and the files that are read must be on a disk that every machine sees at the same path.
"""

import logging
import os
import pickle
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from core.errors import GongsiError, InputError, StoreError

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Ray:
    """core.etl.engine.Engine on the cluster at `address`; "" starts one on this machine alone.

    Raises InputError where ray is not installed, StoreError where the cluster cannot be reached.
    """

    address: str

    def map(self, work: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[_Result]:
        if not tasks:
            return
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # else it tells its makers of the cluster
        try:
            import ray
            import ray.data
        except ImportError:
            raise InputError(
                'Ray가 없습니다: pip install -e ".[scale]" -c constraints.txt 로 설치하세요.'
            ) from None
        self._connect(ray)
        try:
            yield from _run(ray, work, tasks)
        except ray.exceptions.RayError as error:
            cause = getattr(error, "cause", None)
            if isinstance(cause, GongsiError):
                raise cause from None
            raise StoreError(
                f"Ray에서 일하던 프로세스가 실패했습니다({type(cause or error).__name__})."
                " 같은 명령을 다시 실행하면 이어서 합니다."
            ) from error
        finally:
            ray.shutdown()

    def _connect(self, ray: Any) -> None:
        try:
            if ":" in self.address:  # Ray itself would try for two minutes
                host, _, port = self.address.rpartition(":")
                socket.create_connection((host.removeprefix("ray://"), int(port)), timeout=5).close()
            ray.init(
                address=self.address or "local",
                include_dashboard=False if not self.address else None,
                log_to_driver=False,
                logging_level="ERROR",
                configure_logging=False,
            )
        except (ConnectionError, RuntimeError, ValueError, OSError) as error:
            raise StoreError(
                f"Ray 클러스터에 연결하지 못했습니다({self.address or '이 컴퓨터'}): {type(error).__name__}"
            ) from None


def _actor(work: Callable[[Any], Any]) -> type:
    """Each worker's own copy of `work`, with the models it builds, as long as the worker lives."""

    class Actor:
        def __call__(self, batch: Any) -> Any:
            import pyarrow as pa

            (task,) = batch["task"].to_pylist()
            result = pickle.dumps(work(pickle.loads(task)))  # noqa: S301  # our own, of this run
            return pa.table({"result": pa.array([result], pa.large_binary())})

    return Actor


def _run(ray: Any, work: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[_Result]:
    context = ray.data.DataContext.get_current()
    context.execution_options.preserve_order = True
    context.enable_progress_bars = False  # ours tells of filings
    context.print_on_execution_start = False
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
    workers = max(1, int(ray.cluster_resources().get("CPU", 1)) - 1)  # one for the streaming itself
    results = ray.data.from_items(
        [{"task": pickle.dumps(task)} for task in tasks], override_num_blocks=len(tasks)
    ).map_batches(
        _actor(work),
        batch_size=1,
        batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=min(workers, len(tasks))),
        num_cpus=1,
    )
    for batch in results.iter_batches(batch_size=1, batch_format="pyarrow", prefetch_batches=1):
        yield pickle.loads(batch["result"][0].as_py())  # noqa: S301
