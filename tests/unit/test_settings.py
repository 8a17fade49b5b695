"""settings.toml: every key explained, unknown ones refused, the environment above it."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from core.errors import InputError
from core.model import Level
from core.settings import Settings, load_settings, unknown_variables

ROOT = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with its own copy of settings.toml."""
    (tmp_path / "settings.toml").write_text(
        (ROOT / "settings.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_shipped_file_loads_with_a_route_for_every_level(here: Path) -> None:
    settings = load_settings()
    assert all(settings.retrieval.route(level).top_k > 0 for level in Level)


def test_environment_overrides_a_nested_key(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGSI_RETRIEVAL__BEGINNER__TOP_K", "7")
    monkeypatch.setenv("GONGSI_PATHS__DATA", "/somewhere")
    settings = load_settings()
    assert settings.retrieval.beginner.top_k == 7
    assert settings.paths.data == Path("/somewhere")


def test_dotenv_is_read_below_the_environment(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / ".env").write_text("GONGSI_LLM__MODEL=from-file\nGONGSI_LLM__NUM_CTX=4096\n")
    monkeypatch.setenv("GONGSI_LLM__MODEL", "from-environment")
    settings = load_settings()
    assert (settings.llm.model, settings.llm.num_ctx) == ("from-environment", 4096)


@pytest.mark.parametrize(
    ("find", "put", "named"),
    [
        ("[llm]\n", "[llm]\nmodle = 'x'\n", "llm.modle"),
        ("[llm]\n", "[lmm]\na = 1\n[llm]\n", "lmm"),
        ("num_ctx = 8192", "num_ctx = -1", "llm.num_ctx"),
        ("k1 = 1.2 ", "", "retrieval.k1"),
    ],
)
def test_wrong_key_is_one_sentence_that_names_it(here: Path, find: str, put: str, named: str) -> None:
    file = here / "settings.toml"
    text = file.read_text(encoding="utf-8")
    assert find in text
    line = re.escape(find) + (r"[^\n]*\n" if not put else "")
    file.write_text(re.sub(line, put, text, count=1), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(named)) as raised:
        load_settings()
    assert "\n" not in str(raised.value)


def test_broken_toml_is_one_sentence(here: Path) -> None:
    (here / "settings.toml").write_text("[llm\n")
    with pytest.raises(InputError, match="설정을 읽지 못했습니다"):
        load_settings()


def test_missing_file_is_an_error(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGSI_SETTINGS", "nowhere.toml")
    with pytest.raises(InputError, match=re.escape("nowhere.toml")):
        load_settings()


def test_variable_of_no_section_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGSI_LMM__MODEL", "x")
    monkeypatch.setenv("GONGSI_LLM__MODEL", "x")
    assert unknown_variables() == ["GONGSI_LMM__MODEL"]


def test_every_key_has_a_korean_comment_and_is_known() -> None:
    text = (ROOT / "settings.toml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if "=" in line and not line.startswith("#"):
            assert re.search(r"#.*[가-힣]", line), line

    def keys(model: type[BaseModel]) -> dict[str, object]:
        return {
            name: keys(field.annotation)
            if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
            else None
            for name, field in model.model_fields.items()
        }

    def shape(table: dict[str, object]) -> dict[str, object]:
        return {k: shape(v) if isinstance(v, dict) else None for k, v in table.items()}

    assert shape(tomllib.loads(text)) == keys(Settings)
