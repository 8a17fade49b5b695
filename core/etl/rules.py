"""A digest of all code that decides what a filing becomes: nobody has to remember to raise a version."""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_ROOTS = ("core.etl.filing", "core.etl.parquet")


@cache
def rules() -> bytes:
    """Of the modules that read, transform and write, of everything of ours that they import, and of the
    tables (toml, json) beside them.

    Tables of forms and words that stand beside those modules count, too. Fetching, loading and spreading
    the work are none of them: a change there makes nothing anew.
    """
    digest = hashlib.blake2b(digest_size=16)
    seen: dict[str, bytes] = {}
    waiting = list(_ROOTS)
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen[module] = _code(module)
            waiting += _imported(seen[module])
    for table in sorted(Path(__file__).parent.glob("*.toml")) + sorted(Path(__file__).parent.glob("*.json")):
        digest.update(table.name.encode() + b"\0" + table.read_bytes())
    for module in sorted(seen):
        digest.update(module.encode() + b"\0" + seen[module])
    folder = _path(_ROOTS[0]).parent
    for file in sorted([*folder.glob("*.toml"), *folder.glob("*.json")]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.digest()


def _code(module: str) -> bytes:
    return _path(module).read_bytes()


def _path(module: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(module)
    return Path(spec.origin)


def _imported(code: bytes) -> Iterator[str]:
    """Modules of `core` named by `from … import` anywhere in the code, the only form in use here."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("core."):
            yield node.module
