"""Documents that come with a filing's main one, as the audit reports in a periodic report's zip do."""

from collections.abc import Sequence
from dataclasses import replace

from core.etl.document import Document, Section, Table


def attach(main: Document, others: Sequence[Document]) -> Document:
    """The sections of `others` follow under the name of their document, tables counted on.

    A document of another company stays out, with a warning.
    """
    sections, correction = list(main.sections), main.correction
    tables = main.tables
    warnings = list(main.reading.warnings)
    for other in others:
        name = other.title or "첨부"
        if other.corp_code != main.corp_code and None not in (other.corp_code, main.corp_code):
            warnings.append(f"첨부 {name}: 다른 회사의 문서라 읽지 않았습니다.")
            continue
        sections += [_under(name, section, tables) for section in other.sections]
        tables += other.tables
        correction = correction or other.correction  # [첨부정정]: the audit report alone was amended
        warnings += [f"첨부 {name}: {warning}" for warning in other.reading.warnings]
    reading = replace(main.reading, warnings=tuple(warnings))
    return replace(main, sections=tuple(sections), tables=tables, correction=correction, reading=reading)


def _under(name: str, section: Section, tables: int) -> Section:
    blocks = [replace(b, number=b.number + tables) if isinstance(b, Table) else b for b in section.blocks]
    return replace(section, path=(name, *section.path), blocks=tuple(blocks), attached=True)
