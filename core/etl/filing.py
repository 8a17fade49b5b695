"""One source → the filing it becomes; depends on nothing but its bytes and its listing."""

from collections.abc import Sequence

from core.errors import UnreadableFiling
from core.etl.document import Document
from core.etl.source import Source, listing, read_source
from core.etl.supplement import Supplement, document_of, read_supplement
from core.etl.transform import transform
from core.model import Transformed


def read_filing(source: Source) -> tuple[Transformed, Sequence[str]]:
    """The filing of a source, and notes on how it was read. Raises UnreadableFiling."""
    supplement = read_supplement(source.supplement) if source.supplement else {}
    document, member, notes = _document(source, supplement)
    return transform(document, listing(document, source, member), supplement), notes


def _document(source: Source, supplement: Supplement) -> tuple[Document, str, list[str]]:
    """(document, member, notes); OpenDART's tables stand in for an absent or unreadable original."""
    corp_name = str((source.row or {}).get("corp_name") or "")
    if source.path == source.supplement:
        made = document_of(supplement, corp_name, "DART에 원본 문서가 없어")
        if made is None:
            raise UnreadableFiling(f"{source.path.name}: 원본도 OpenDART의 값도 없습니다.")
        return made, source.path.name, []
    try:
        return read_source(source)
    except UnreadableFiling as error:
        made = document_of(supplement, corp_name, "원본 문서를 읽지 못해")
        if made is None:
            raise
        return made, source.path.name, [f"{error} OpenDART의 값으로 대신했습니다."]
