"""Document + listing → everything that is stored of a filing. Pure: same input, same bytes."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from core.amendment import Change
from core.etl.agreement import compare
from core.etl.chunk import cut, render_sections
from core.etl.clues import first_filed, read_clues
from core.etl.document import Document, Table
from core.etl.figures import extract_figures
from core.etl.fnltt import disputes_section, only, read_statements, statement_section
from core.etl.markdown import render_markdown
from core.etl.statements import statements_of
from core.etl.supplement import Supplement
from core.korean import bare_name, squeeze
from core.model import Figure, Filing, Transformed

_FIELDS = "\x1f%s" * len(Figure._fields) + "\n"  # a third of the time that repr takes


def transform(document: Document, filing: Filing, supplement: Supplement | None = None) -> Transformed:
    """With what OpenDART's statements tell beyond the document, or otherwise, in sections of their own."""
    figures = _told_once(document, extract_figures(document, filing))
    disputes: Sequence[str] = ()
    if statements := read_statements(supplement or {}, filing):
        kinds = {one.table: one.kind for one in statements_of(document, figures)}
        agreed = compare(figures, kinds, [figure for one in statements for figure in one.figures])
        beyond = [kept for one in statements if (kept := only(one, agreed.beyond))]
        figures = [*agreed.document, *(figure for one in beyond for figure in one.figures)]
        disputes = agreed.disputes
        told = [disputes_section(disputes)] if disputes else []
        sections = [*document.sections, *told, *map(statement_section, beyond)]
        document = replace(document, sections=sections)
    rendered = render_sections(document, filing, figures)
    passages, chunks = cut(filing, rendered)
    changes = tuple(Change(*row) for row in document.correction.changes) if document.correction else ()
    markdown = render_markdown(filing, rendered, changes)
    clues = read_clues(document, filing)
    digest = hashlib.blake2b(markdown.encode(), digest_size=16)
    digest.update(repr(clues).encode())
    digest.update("".join(map(_FIELDS.__mod__, figures)).encode())
    return Transformed(
        filing=filing,
        markdown=markdown,
        passages=tuple(passages),
        chunks=tuple(chunks),
        figures=tuple(figures),
        changes=changes,
        warnings=(*document.reading.warnings, *disputes),
        digest=digest.hexdigest(),
        first_filed=first_filed(document, filing),
        filed_as=bare_name(document.corp_name) if document.corp_name else None,
        clues=clues,
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
    if not attached:
        return list(figures)
    told = {_said(figure) for figure in figures if figure.table not in attached}
    return [figure for figure in figures if figure.table not in attached or _said(figure) not in told]


def _said(figure: Figure) -> tuple[object, ...]:
    return squeeze(figure.account), figure.segment, figure.period, figure.basis, figure.value, figure.unit
