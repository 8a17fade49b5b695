"""What a sentence-transformers model is told apart by, and what a wrong one is called; needs no torch."""

import sys
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from core.errors import InputError, ModelError
from core.models.sentence_transformer import SentenceTransformerEmbedder
from core.settings import Embedding


def _embedder(model: str | Path, **changed: Any) -> SentenceTransformerEmbedder:
    settings = {
        "kind": "sentence-transformers", "model": str(model), "revision": "", "query_prompt": "",
        "document_prompt": "", "batch_size": 8, "local_files_only": True, **changed,
    }  # fmt: skip
    return SentenceTransformerEmbedder(Embedding(**settings))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shape of a saved model; nobody loads it."""
    made = tmp_path / "model"
    (made / "1_Pooling").mkdir(parents=True)
    (made / "modules.json").write_text("[]")
    (made / "model.safetensors").write_bytes(bytes(range(256)))
    (made / "1_Pooling" / "config.json").write_text("{}")
    return made


def test_a_folder_is_told_by_what_it_holds_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    moved = copytree(folder, tmp_path / "elsewhere" / "other-name")
    assert _embedder(folder).fingerprint == _embedder(moved).fingerprint
    assert str(tmp_path) not in _embedder(folder).fingerprint


@pytest.mark.parametrize("name", ["model.safetensors", "modules.json", "1_Pooling/config.json", "new.json"])
def test_a_changed_or_added_file_is_another_model(folder: Path, name: str) -> None:
    before = _embedder(folder).fingerprint
    (folder / name).write_bytes(b"[ ]")
    assert _embedder(folder).fingerprint != before


def test_bytes_moved_from_one_file_to_another_are_another_model(folder: Path) -> None:
    before = _embedder(folder).fingerprint
    (folder / "model.safetensors").rename(folder / "other.safetensors")
    assert _embedder(folder).fingerprint != before


@pytest.mark.parametrize("name", ["README.md", ".git/HEAD", "onnx/model.onnx", "checkpoint-500/optimizer.pt"])
def test_files_that_no_vector_comes_from_do_not_count(folder: Path, name: str) -> None:
    before = _embedder(folder).fingerprint
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("x")
    assert _embedder(folder).fingerprint == before


def test_a_hub_name_is_told_by_its_revision_and_the_prompts() -> None:
    changes: list[dict[str, str]] = [
        {}, {"revision": "abc"}, {"query_prompt": "query: "}, {"document_prompt": "query: "},
    ]  # fmt: skip
    prints = [_embedder("someone/model", **change).fingerprint for change in changes]
    assert len(set(prints)) == len(prints)
    assert "someone/model@latest" in prints[0]
    assert "someone/model@abc" in prints[1]


@pytest.mark.parametrize("name", ["/no/such/folder", "./missing", "~/missing", "a/b/c", "../x", "한글 모델"])
def test_a_folder_that_is_not_there_is_one_sentence(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="모델 폴더가 없습니다"):
        _embedder(name)


def test_a_file_or_another_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="폴더가 아닙니다"):
        _embedder(tmp_path)
    file = tmp_path / "model.safetensors"
    file.touch()
    with pytest.raises(InputError, match="파일이 아니라 폴더"):
        _embedder(file)


def test_a_missing_extra_is_named_only_once_the_model_is_needed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")  # loading sets it
    embedder = _embedder(folder)
    assert embedder.fingerprint
    with pytest.raises(ModelError, match=r'pip install -e "\.\[models\]"'):
        embedder.query("매출", [])
