"""Files of one JSON object a line, as people hand them in: whatever is wrong is said with its line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.errors import InputError


def rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(`FILE N번째 줄`, object) of every line that is not blank. Raises InputError."""
    if not path.is_file():
        raise InputError(f"파일이 없습니다: {path}")
    empty = True
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                where = f"{path.name} {number}번째 줄"
                try:
                    row = json.loads(line)
                except (ValueError, RecursionError):  # ValueError: also an integer of over 4,300 digits
                    raise InputError(f"{where}이 JSON이 아닙니다.") from None
                if not isinstance(row, dict):
                    raise InputError(f"{where}이 JSON 객체가 아닙니다.")
                empty = False
                yield where, row
    except UnicodeDecodeError:
        raise InputError(f"UTF-8 글이 아닙니다: {path}") from None
    except OSError as error:
        raise InputError(f"파일을 읽지 못했습니다: {path} ({error.strerror})") from None
    if empty:
        raise InputError(f"빈 파일입니다: {path}")
