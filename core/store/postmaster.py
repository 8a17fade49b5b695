"""The running server of a data folder, as its pid file and the process table tell it."""

import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil

_PATIENCE = 10.0  # seconds for a server to end after SIGINT (PostgreSQL's fast shutdown)


@dataclass(frozen=True, slots=True)
class Postmaster:
    """`folder` is the resolved data folder."""

    folder: Path

    @property
    def pid_file(self) -> Path:
        return self.folder / "postmaster.pid"

    def uri(self, database: str) -> str:
        """Raises FileNotFoundError or ValueError while no server says where it listens."""
        port, folder, host = self._lines(6)[3:6]
        if folder:
            return f"postgresql://postgres:@/{database}?host={quote(folder, safe='/')}&port={port}"
        return f"postgresql://postgres:@{host}:{port}/{database}"

    @property
    def deaf(self) -> bool:
        """Ready, but its socket is gone: another server that listened there has removed it at its end."""
        try:
            lines = self._lines(8)
        except (OSError, ValueError):
            return False
        port, folder, status = lines[3], lines[4], lines[7]
        return status == "ready" and bool(folder) and not (Path(folder) / f".s.PGSQL.{port}").exists()

    def end_orphans(self) -> None:
        """End servers of a folder of this name that was deleted under them.

        At their end they would remove the socket of the server that is about to start.
        """
        for process in psutil.process_iter():
            try:
                command = process.cmdline()
                if (
                    process.name() == "postgres"
                    and str(self.folder) in command
                    and process.pid != self._pid()
                ):
                    process.send_signal(2)
                    process.wait(_PATIENCE)
            except psutil.Error:
                continue  # ended by itself, or not ours to end

    def drop_stale(self, file: Path | None = None) -> None:
        """Remove a lock file whose pid is dead, a zombie, or by now some other program.

        A container whose first process reaps nothing keeps a killed postmaster as a zombie, and
        PostgreSQL itself takes a zombie for alive.
        """
        file = file or self.pid_file
        try:
            pid = int(file.read_text(encoding="utf-8").split("\n")[0])
            command = psutil.Process(pid).cmdline()
        except FileNotFoundError:
            return
        except (psutil.Error, ValueError):
            # An empty file is one being written right now, unless it stays empty.
            if file.exists() and time.time() - file.stat().st_mtime < 1 and not file.stat().st_size:
                return
            command = []
        if str(self.folder) not in command:
            file.unlink(missing_ok=True)

    def _pid(self) -> int | None:
        try:
            return int(self._lines(1)[0])
        except (OSError, ValueError):
            return None

    def _lines(self, count: int) -> list[str]:
        lines = [line.strip() for line in self.pid_file.read_text(encoding="utf-8").split("\n")]
        if len(lines) < count:
            raise ValueError("postmaster.pid is not complete yet")
        return lines
