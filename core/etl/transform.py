"""Document + listing → everything that is stored of a filing. Pure: same input, same bytes."""

import hashlib
from collections.abc import Sequence

from core.etl.chunk import cut, render_sections
from core.etl.document import Document, Table
from core.etl.figures import extract_figures
from core.etl.markdown import render_markdown
from core.korean import bare_name, squeeze
from core.model import Change, Figure, Filing, Transformed


def transform(document: Document, filing: Filing) -> Transformed:
    figures = _told_once(document, extract_figures(document, filing))
    rendered = render_sections(document, filing, figures)
    passages, chunks = cut(filing, rendered)
    changes = tuple(Change(*row) for row in document.correction.changes) if document.correction else ()
    markdown = render_markdown(filing, rendered, changes)
    digest = hashlib.blake2b(digest_size=16)
    digest.update(markdown.encode())
    for figure in figures:
        digest.update(repr(figure).encode())
    return Transformed(
        filing=filing,
        markdown=markdown,
        passages=tuple(passages),
        chunks=tuple(chunks),
        figures=tuple(figures),
        changes=changes,
        warnings=tuple(document.reading.warnings),
        digest=digest.hexdigest(),
        first_filed=document.correction.first_filed if document.correction else None,
        filed_as=bare_name(document.corp_name) if document.corp_name else None,
    )


def _told_once(document: Document, figures: Sequence[Figure]) -> list[Figure]:
    """Without what an attached audit report repeats of the main one; where it says otherwise, it stays."""
    attached = {
        block.number
        for section in document.sections
        if section.attached
        for block in section.blocks
        if isinstance(block, Table)
    }
    told = {_said(figure) for figure in figures if figure.table not in attached}
    return [figure for figure in figures if figure.table not in attached or _said(figure) not in told]


def _said(figure: Figure) -> tuple[object, ...]:
    return squeeze(figure.account), figure.segment, figure.period, figure.basis, figure.value, figure.unit
