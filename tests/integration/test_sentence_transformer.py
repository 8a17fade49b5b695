"""A real sentence-transformers model, small and made here; skips where the extra is not installed."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pytest

from core.errors import FingerprintMismatch, ModelError
from core.models.sentence_transformer import SentenceTransformerEmbedder
from core.settings import Embedding

pytest.importorskip("torch", reason="the extra `models` is not installed")
pytest.importorskip("sentence_transformers", reason="the extra `models` is not installed")

SAMPLES = Path(__file__).parents[2] / "samples"
WORDS = ["매출", "매출액", "영업이익", "부채", "부채총계", "감소", "증가", "연결", "가온전자", "배당", "질문"]


def _make(folder: Path, dim: int, **prompts: str) -> Path:
    """A table of random vectors, one a word; nothing for words it does not know."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {"[UNK]": 0, **{word: n for n, word in enumerate(WORDS, 1)}}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # no password
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    weights = np.random.default_rng(dim).normal(size=(len(vocabulary), dim)).astype(np.float32)
    weights[0] = 0
    modules = [StaticEmbedding(tokenizer, embedding_weights=weights), Normalize()]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder), create_model_card=False)
    config = folder / "config_sentence_transformers.json"
    said = json.loads(config.read_text(encoding="utf-8"))
    config.write_text(json.dumps(said | {"prompts": prompts}), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _make(tmp_path_factory.mktemp("model"), 64)


def _embedder(model: str | Path, **changed: Any) -> SentenceTransformerEmbedder:
    settings = {
        "kind": "sentence-transformers", "model": str(model), "revision": "", "query_prompt": "",
        "document_prompt": "", "batch_size": 2, "local_files_only": True, **changed,
    }  # fmt: skip
    return SentenceTransformerEmbedder(Embedding(**settings))


def test_rows_are_unit_length_or_zero_and_a_moved_folder_gives_the_same(model: Path, tmp_path: Path) -> None:
    embedder = _embedder(model)
    texts = ["매출 증가", "모르는낱말", "부채 감소 부채"]
    rows = embedder.documents(texts, [[], [], []])
    assert (rows.shape, rows.dtype, embedder.dim) == ((3, 64), np.float32, 64)
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 0, 1])
    assert embedder.documents([], []).shape == (0, 64)
    assert embedder.query("매출 증가", []) == pytest.approx(rows[0])

    moved = _embedder(copytree(model, tmp_path / "moved"))
    assert moved.fingerprint == embedder.fingerprint
    assert (moved.documents(texts, [[], [], []]) == rows).all()


def test_prompts_are_the_models_own_unless_the_settings_say_another(model: Path, tmp_path: Path) -> None:
    plain = _embedder(model)
    own = _make(tmp_path / "own", 64, query="질문 ", passage="연결 ")
    for embedder, query, document in [
        (_embedder(own), "질문 매출", "연결 매출"),
        (_embedder(own, query_prompt="배당 "), "배당 매출", "연결 매출"),
        (_embedder(own, document_prompt="배당 "), "질문 매출", "배당 매출"),
    ]:
        assert embedder.query("매출", []) == pytest.approx(plain.query(query, []))
        assert embedder.documents(["매출"], [[]])[0] == pytest.approx(plain.query(document, []))


def test_threads_may_share_it(model: Path) -> None:
    embedder = _embedder(model)
    texts = ["매출 " * n for n in range(1, 40)]
    with ThreadPoolExecutor(8) as threads:
        rows = list(threads.map(lambda text: embedder.query(text, []), texts))
    assert np.stack(rows) == pytest.approx(embedder.documents(texts, [[]] * len(texts)), abs=1e-6)


def test_a_name_nobody_has_downloaded_is_one_sentence_offline() -> None:
    with pytest.raises(ModelError, match="이 컴퓨터에 없고"):
        _embedder("gongsi-tests/no-such-model").query("매출", [])


def test_code_of_a_model_is_never_run(model: Path, tmp_path: Path) -> None:
    hostile = copytree(model, tmp_path / "hostile")
    (hostile / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    (hostile / "modules.json").write_text(
        json.dumps([{"idx": 0, "name": "0", "path": "", "type": "evil.Module"}])
    )
    with pytest.raises(ModelError, match="열지 못했습니다"):
        _embedder(hostile).query("매출", [])
    assert not (tmp_path / "ran").exists()


def test_a_model_full_of_nan_is_refused(model: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    broken = copytree(model, tmp_path / "broken")
    weights = load_file(broken / "model.safetensors")
    save_file({name: table * np.nan for name, table in weights.items()}, broken / "model.safetensors")
    with pytest.raises(ModelError, match="상했습니다"):
        _embedder(broken).query("매출", [])


def test_switching_models_is_refused_until_everything_is_embedded_anew(
    model: Path, tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a person does it, with `gongsi`: 64 dimensions → Kiwi's 256 → 96."""
    from typer.testing import CliRunner

    from bots.cli import app

    def gongsi(kind: str, folder: Path | str, *words: str) -> str:
        monkeypatch.setenv("GONGSI_EMBEDDING__KIND", kind)
        monkeypatch.setenv("GONGSI_EMBEDDING__MODEL", str(folder))
        result = CliRunner().invoke(app, words, catch_exceptions=False)
        return result.stdout

    monkeypatch.setenv("GONGSI_PATHS__DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GONGSI_DATABASE__URL", database)
    small, kiwi = ("sentence-transformers", model), ("kiwi-static", "")
    large = ("sentence-transformers", _make(tmp_path / "large", 96))
    sample = str(SAMPLES / "20250318000911.xml")
    assert "새로 넣음 1건" in gongsi(*small, "etl", "import", sample)
    for other, command in ((kiwi, ("search", "매출액")), (large, ("etl", "import", sample))):
        with pytest.raises(FingerprintMismatch, match="gongsi etl load --reembed"):
            gongsi(*other, *command)
        assert "다시 임베딩함" in gongsi(*other, "etl", "load", "--reembed")
        found = json.loads(gongsi(*other, "search", "가온전자 매출액", "--json", "--top-k", "3"))
        assert {hit["corp_name"] for hit in found} == {"가온전자"}
    assert "이미 들어 있습니다" in gongsi(*large, "etl", "import", sample)
