"""Any sentence-transformers model as the embedder; needs the extra `models`."""

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import ModelError
from core.settings import Embedding

if TYPE_CHECKING:
    from numpy.typing import NDArray


class SentenceTransformerEmbedder:
    """core.ports.Embedder. The model loads (and without a folder downloads) at the first use.

    Raises ModelError when the extra is missing, the model cannot be loaded, or encoding fails.
    """

    def __init__(self, settings: Embedding) -> None:
        self._settings = settings

    @property
    def fingerprint(self) -> str:
        said = self._settings
        name = said.model if not Path(said.model).is_dir() else str(Path(said.model).resolve())
        prompts = f"{said.query_prompt!r}+{said.document_prompt!r}"
        return f"sentence-transformers-{name}@{said.revision or 'latest'}-{prompts}-{self.dim}"

    @cached_property
    def dim(self) -> int:
        return int(self._model.get_embedding_dimension() or self._encode_queries([""]).shape[1])

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
        row: NDArray[np.float32] = self._encode_queries([text])[0]
        return row

    def _encode_queries(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        return self._encode(self._model.encode_query, texts)

    def _encode(self, encode: Any, texts: Sequence[str]) -> "NDArray[np.float32]":
        """encode_query and encode_document, never encode: only those apply the right prompt."""
        try:
            rows = encode(
                list(texts),
                batch_size=self._settings.batch_size,
                convert_to_numpy=True,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(f"임베딩 모델이 글을 읽지 못했습니다: {error}") from None
        return np.nan_to_num(np.asarray(rows, dtype=np.float32))

    @cached_property
    def _model(self) -> Any:
        settings = self._settings
        if settings.local_files_only:
            os.environ.setdefault("HF_HUB_OFFLINE", "1")
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError:
            raise ModelError(
                'sentence-transformers가 없습니다: pip install -e ".[models]" 로 설치하세요.'
            ) from None
        try:
            return SentenceTransformer(
                settings.model,
                device=None,
                revision=settings.revision or None,
                local_files_only=settings.local_files_only,
                prompts={"query": settings.query_prompt, "document": settings.document_prompt},
            )
        except Exception as error:  # hub, files and formats each raise their own
            raise ModelError(
                f"임베딩 모델을 열지 못했습니다({settings.model}): {type(error).__name__}"
            ) from None
