"""Where the work of many filings is done: in this process, in a pool of them, or on a cluster (ray.py)."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any, Protocol, TypeVar

from core.errors import GongsiError

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


class Engine(Protocol):
    def map(self, work: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[_Result]:
        """`work` of each task, in order; each process keeps one copy of `work` and so what it caches.

        `work`, tasks and results are pickled; few results wait to be taken. Raises GongsiError when a
        process dies, and what `work` raises.
        """
        ...


class Here:
    """In this process: for so little work that starting others takes longer."""

    def map(self, work: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[_Result]:
        return map(work, tasks)


@dataclass(frozen=True, slots=True)
class Processes:
    count: int

    def map(self, work: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[_Result]:
        count = min(self.count, len(tasks))
        if not count:
            return
        # forkserver: this process may have threads (Kiwi, psycopg), which a fork would not survive
        context = multiprocessing.get_context("forkserver")
        pool = ProcessPoolExecutor(count, context, initializer=_begin, initargs=(work,))
        waiting: deque[Future[Any]] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(_do, task))
                if len(waiting) > 2 * count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise GongsiError(
                "공시를 처리하던 프로세스가 죽었습니다(메모리 부족일 수 있습니다)."
                " 같은 명령을 다시 실행하면 이어서 합니다."
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def cores() -> int:
    """Those this process may use, not those of the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_work: Callable[[Any], Any]


def _begin(work: Callable[[Any], Any]) -> None:
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _do(task: Any) -> Any:
    return _work(task)


def _end_with_the_parent() -> None:
    """A killed parent tells nobody: its pool would wait for tasks for ever."""
    if parent := multiprocessing.parent_process():
        wait([parent.sentinel])
        os._exit(1)
