"""What a reader checks first: README's commands exist, versions are pinned, files stay one noun."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import typer.main

from bots.cli import app

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def commands() -> set[str]:
    """Every `group command` of the program."""
    found: set[str] = set()
    root = typer.main.get_command(app)
    for name, command in root.commands.items():
        found.add(name)
        found |= {f"{name} {inner}" for inner in getattr(command, "commands", ())}
    return found


@pytest.mark.parametrize("name", ["README.md", "README.en.md"])
def test_every_command_of_the_readme_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    known = commands()
    groups = {c.split()[0] for c in known if " " in c}
    named = re.findall(r"\bgongsi ([a-z]+)(?: ([a-z]+)\b)?", text)
    assert named
    for first, second in named:
        assert first in known, first
        if first in groups:
            assert f"{first} {second}" in known, f"{first} {second}"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z0-9-]+)", text)) <= targets


def test_every_dependency_is_pinned_plainly() -> None:
    lock = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in lock.splitlines()}
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"].values()
    asked = [*project["dependencies"], *(one for extra in extras for one in extra)]
    for requirement in asked:
        name = re.split(r"[\[<>=!~ ]", requirement)[0].lower().replace("_", "-")
        assert name in pinned, name
    assert not re.search(r"\+|@|://|-e ", lock)


def test_files_stay_one_noun() -> None:
    """About 300 lines; the embedded server's traps are one noun and take more."""
    allowed = {"core/store/embedded.py": 420}
    for folder in ("bots", "core", "finetune"):
        for file in (ROOT / folder).rglob("*.py"):
            name = str(file.relative_to(ROOT))
            assert len(file.read_text(encoding="utf-8").splitlines()) <= allowed.get(name, 350), name


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    # spelled in pieces, so that this file does not name them itself
    words = ["/wo" + "rk/", "/ro" + "ot/", "--index" + "-url", "pypi." + "org"]
    for word in words:
        found = subprocess.run(
            ["git", "grep", "-nF", "-e", word], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert not found.stdout, found.stdout
