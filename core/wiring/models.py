"""The analyser, the embedder and what reads messages."""

from typing import TYPE_CHECKING

from core.errors import InputError
from core.ports import Embedder, Tokenizer
from core.settings import Embedding

if TYPE_CHECKING:
    from core.profile.signals import Reader


# One Kiwi on two threads is as fast as two Kiwis (106,000 against 98,000 morphemes a second) in half the
# memory; on many, Python's lock holds them back.
THREADS = 2


def build_tokenizer(threads: int | None = None) -> Tokenizer:
    from core.models.kiwi import KiwiTokenizer

    return KiwiTokenizer(threads)


def build_reader(tokenizer: Tokenizer | None = None) -> "Reader":
    """What reads messages for signs of knowledge; needs no database."""
    from core.profile.glossary import load_glossary
    from core.profile.signals import Reader

    return Reader(load_glossary(), (tokenizer or build_tokenizer()).terms)


def build_embedder(embedding: Embedding, tokenizer: Tokenizer) -> Embedder:
    if embedding.kind == "sentence-transformers":
        from core.models.sentence_transformer import SentenceTransformerEmbedder

        if not embedding.model:
            raise InputError("embedding.model에 모델의 폴더나 이름을 적어 주세요.")
        return SentenceTransformerEmbedder(embedding)
    from core.models.kiwi import KiwiTokenizer
    from core.models.kiwi_static import KiwiStatic

    assert isinstance(tokenizer, KiwiTokenizer)  # noqa: S101  # its vectors are Kiwi's own
    return KiwiStatic(tokenizer)


def build_models(embedding: Embedding) -> tuple[Tokenizer, Embedder]:
    """In whatever process analyses: settings are sent there, models are not."""
    tokenizer = build_tokenizer(THREADS)
    return tokenizer, build_embedder(embedding, tokenizer)
