"""Document + listing → everything that is stored of a filing. Pure: same input, same bytes."""

import hashlib
from dataclasses import replace

from core.etl.agreement import compare
from core.etl.chunk import cut, render_sections
from core.etl.document import Document
from core.etl.figures import extract_figures
from core.etl.fnltt import disputes_section, only, read_statements, statement_section
from core.etl.markdown import render_markdown
from core.etl.statements import statements_of
from core.etl.supplement import Supplement
from core.korean import bare_name
from core.model import Change, Filing, Transformed


def transform(document: Document, filing: Filing, supplement: Supplement | None = None) -> Transformed:
    """With what OpenDART's statements tell beyond the document, or otherwise, in sections of their own."""
    agreed, figures = None, extract_figures(document, filing)
    if statements := read_statements(supplement or {}, filing):
        kinds = {one.table: one.kind for one in statements_of(document, figures)}
        agreed = compare(figures, kinds, [figure for one in statements for figure in one.figures])
        beyond = [kept for one in statements if (kept := only(one, agreed.beyond))]
        figures = [*agreed.document, *(figure for one in beyond for figure in one.figures)]
        told = [disputes_section(agreed.disputes)] if agreed.disputes else []
        sections = [*document.sections, *told, *map(statement_section, beyond)]
        document = replace(document, sections=sections)
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
        warnings=(*document.reading.warnings, *(agreed.disputes if agreed else ())),
        digest=digest.hexdigest(),
        first_filed=document.correction.first_filed if document.correction else None,
        filed_as=bare_name(document.corp_name) if document.corp_name else None,
    )
