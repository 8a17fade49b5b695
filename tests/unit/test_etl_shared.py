"""The whole ETL over the real filings beside the checkout and over the committed samples."""

from functools import cache
from pathlib import Path

import pytest

from core.etl.document import Document, Table
from core.etl.markdown import FICTIONAL_NOTICE
from core.etl.source import Source, discover, listing, read_source
from core.etl.transform import transform
from core.korean import parse_amount
from core.model import Transformed

REPO = Path(__file__).parents[2]
REAL = REPO.parent / "shared" / "data" / "filings"
SAMPLES = REPO / "samples"


def sources(folder: Path) -> list[Source]:
    return discover([folder]) if folder.is_dir() else []


def named(found: list[Source], reason: str) -> list[object]:
    skipped = pytest.param(None, marks=pytest.mark.skip(reason=reason))
    return [pytest.param(source, id=source.path.name) for source in found] or [skipped]


real = pytest.mark.parametrize("source", named(sources(REAL), "../shared/data/filings is not there"))
every = pytest.mark.parametrize(
    "source", named([*sources(REAL), *sources(SAMPLES)], "neither samples nor ../shared are there")
)
sample = pytest.mark.parametrize("source", named(sources(SAMPLES), "samples/ is not there"))


@cache
def etl(path: Path) -> tuple[Document, Transformed]:
    (source,) = discover([path])
    document, member, _ = read_source(source)
    return document, transform(document, listing(document, source, member))


@every
def test_nothing_is_lost(source: Source) -> None:
    reading = etl(source.path)[0].reading
    assert reading.mode in ("strict", "html")
    assert list(reading.warnings) == []


@every
def test_every_figure_reads_back_from_its_cell(source: Source) -> None:
    document, made = etl(source.path)
    grids = {b.number: b.grid for s in document.sections for b in s.blocks if isinstance(b, Table)}
    for figure in made.figures:
        cell = grids[figure.table][figure.row_no][figure.column_no]
        assert figure.cell in cell.text
        value = parse_amount(figure.cell)
        assert value is not None
        assert value * figure.scale == figure.value
        assert figure.unit
        assert figure.account


@every
def test_only_a_disputed_cell_gives_two_figures(source: Source) -> None:
    figures = etl(source.path)[1].figures
    cells = [(f.table, f.row_no, f.column_no) for f in figures if not f.disputed]
    assert len(cells) == len(set(cells))
    both = [(f.table, f.row_no, f.column_no, f.origin) for f in figures if f.disputed]
    assert len(both) == len(set(both))
    assert not set(cells) & {cell[:3] for cell in both}


@every
def test_no_filing_here_disputes_itself(source: Source) -> None:
    """Looked at one by one: every line that two tables share has one value, every attribute its header's."""
    assert [figure for figure in etl(source.path)[1].figures if figure.disputed] == []


@every
def test_every_grid_is_rectangular(source: Source) -> None:
    for section in etl(source.path)[0].sections:
        for block in section.blocks:
            if isinstance(block, Table):
                assert len({len(row) for row in block.grid}) == 1


@every
def test_transform_is_deterministic(source: Source) -> None:
    document, made = etl(source.path)
    again = transform(document, made.filing)
    assert again.digest == made.digest
    assert again == made


@real
def test_a_real_filing_is_not_called_fictional(source: Source) -> None:
    made = etl(source.path)[1]
    assert not made.filing.fictional
    assert FICTIONAL_NOTICE not in made.markdown
    assert made.passages
    assert made.chunks


@sample
def test_a_sample_says_that_it_is_fictional(source: Source) -> None:
    made = etl(source.path)[1]
    assert made.filing.fictional
    assert FICTIONAL_NOTICE in made.markdown
    assert "fictional: true" in made.markdown
    assert made.figures


def test_the_samples_are_committed() -> None:
    assert len(sources(SAMPLES)) == 9
