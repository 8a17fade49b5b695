"""Any sentence-transformers model as the embedder; needs the extra `models`."""

import hashlib
import os
import re
import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import InputError, ModelError
from core.settings import Embedding

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HUB_NAME = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?", re.ASCII)
_UNREAD = re.compile(r"\..*|.*\.md|onnx|openvino|checkpoint-\d+")  # of a folder; never loaded here
_PASSAGE_PROMPTS = ("document", "passage", "corpus")


class SentenceTransformerEmbedder:
    """core.ports.Embedder. The model loads (and without a folder downloads) at the first use.

    Modules from outside sentence-transformers are refused: no code from a model is ever run.
    Raises InputError at once when `embedding.model` names a folder without a model, and ModelError
    later: the extra is missing, the model cannot be had or loaded, encoding fails.
    """

    def __init__(self, settings: Embedding) -> None:
        self._settings = settings
        self._lock = threading.RLock()  # a tokenizer used by two threads raises "Already borrowed"
        self._folder = _folder(settings.model)

    @cached_property
    def fingerprint(self) -> str:
        """A folder by what it holds, wherever it lies; a hub name by its revision, as it is written.

        Reads the whole folder once (sha256 takes 1.8 GB a second) and needs no torch.
        """
        said = self._settings
        which = _digest(self._folder) if self._folder else f"{said.model}@{said.revision or 'latest'}"
        return f"sentence-transformers-{which}-{said.query_prompt!r}+{said.document_prompt!r}"

    @cached_property
    def dim(self) -> int:
        return int(self._model.get_embedding_dimension() or self.query("", ()).shape[0])

    def documents(
        self,
        texts: Sequence[str],
        terms: Sequence[Sequence[str]],  # for models that read those
    ) -> "NDArray[np.float32]":
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        return self._encode(self._model.encode_document, texts)

    def query(
        self,
        text: str,
        terms: Sequence[str],  # for models that read those
    ) -> "NDArray[np.float32]":
        row: NDArray[np.float32] = self._encode(self._model.encode_query, [text])[0]
        return row

    def _encode(self, encode: Any, texts: Sequence[str]) -> "NDArray[np.float32]":
        """encode_query and encode_document, never encode: only those apply the right prompt."""
        try:
            with self._lock:
                rows = encode(
                    list(texts),
                    batch_size=self._settings.batch_size,
                    convert_to_numpy=True,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
        except (RuntimeError, ValueError, OSError, MemoryError) as error:
            raise ModelError(
                f"임베딩 모델이 글을 읽지 못했습니다({type(error).__name__})."
                " 메모리가 모자라면 embedding.batch_size를 줄여 주세요."
            ) from error
        vectors = np.asarray(rows, dtype=np.float32)
        if not np.isfinite(vectors).all():
            raise ModelError("임베딩 모델이 숫자가 아닌 벡터를 냈습니다: 모델이 상했습니다.")
        return vectors

    @property
    def _model(self) -> Any:
        with self._lock:
            return self._loaded

    @cached_property
    def _loaded(self) -> Any:
        settings = self._settings
        local = settings.local_files_only or self._folder is not None
        if local:  # local_files_only alone still lets huggingface_hub 2.4.0 ask the hub about itself
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        try:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging
        except ImportError as error:
            raise ModelError(
                'sentence-transformers가 없습니다: pip install -e ".[models]" 로 설치하세요.'
            ) from error
        logging.disable_progress_bar()  # of weights coming into memory; a download still shows one
        said = {"query": settings.query_prompt, "document": settings.document_prompt}
        try:
            model = SentenceTransformer(
                str(self._folder or settings.model),
                revision=None if self._folder else self._commit(),
                local_files_only=local,
                # an empty one would switch off the prompt that the model was saved with
                prompts={key: prompt for key, prompt in said.items() if prompt},
            )
        except ModelError:
            raise
        except Exception as error:  # hub, files and formats each raise their own
            raise ModelError(
                f"임베딩 모델을 열지 못했습니다({settings.model}): {type(error).__name__}"
            ) from error
        # Unset, `document` is "" after loading and so hides a saved `passage` from encode_document (6.2.0).
        model.prompts["document"] = next(filter(None, map(model.prompts.get, _PASSAGE_PROMPTS)), "")
        return model

    def _commit(self) -> str:
        """The commit on the hub, or offline in its cache: one request before the many of a download."""
        from huggingface_hub import errors, resolve_revision

        name, revision = self._settings.model, self._settings.revision or None
        try:
            commit: str = resolve_revision(
                name, revision=revision, local_files_only=self._settings.local_files_only
            )
        except errors.RevisionResolutionError as error:
            raise ModelError(
                f"임베딩 모델 {name}이(가) 이 컴퓨터에 없고 내려받을 수도 없습니다:"
                " 인터넷과 embedding.local_files_only를 확인하거나 모델의 폴더를 적어 주세요."
            ) from error
        except errors.RevisionNotFoundError as error:
            raise ModelError(f"임베딩 모델 {name}에 그런 판이 없습니다: {revision}") from error
        except errors.RepositoryNotFoundError as error:
            raise ModelError(f"그런 임베딩 모델이 없거나 볼 권한이 없습니다: {name}") from error
        return commit


def _folder(model: str) -> Path | None:
    """None for the name of a model on the hub."""
    path = Path(model).expanduser()
    if path.is_dir():
        if (path / "modules.json").is_file() or (path / "config.json").is_file():
            return path
        raise InputError(f"임베딩 모델의 폴더가 아닙니다(modules.json이 없습니다): {model}")
    if path.exists():
        raise InputError(f"임베딩 모델은 파일이 아니라 폴더로 적어 주세요: {model}")
    if not _HUB_NAME.fullmatch(model):
        raise InputError(f"그런 임베딩 모델 폴더가 없습니다: {model}")
    return None


def _digest(folder: Path) -> str:
    """Of the names and bytes of all files that can change a vector."""
    total = hashlib.sha256()
    try:
        for path in sorted(_files(folder)):
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            total.update(f"{path.relative_to(folder).as_posix()}\0{digest}\n".encode())
    except OSError as error:
        raise ModelError(f"임베딩 모델의 파일을 읽지 못했습니다: {error.filename}") from error
    return total.hexdigest()[:16]


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if _UNREAD.fullmatch(path.name):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path
