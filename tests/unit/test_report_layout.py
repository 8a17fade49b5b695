"""Whatever stands on a page comes out once, in whatever places it stands."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from core.etl.reports.furniture import without_running_heads
from core.etl.reports.layout import page_blocks
from core.etl.reports.pdf_text import Page, Segment
from core.etl.reports.rows import grid, rows_of, tables_apart

_WORDS = st.sampled_from(
    [
        "1,234",
        "매출액",
        "2025A",
        "서버용 메모리의 평균 판매가격이 올라 이익이 늘었다",
        "• 위험",
        "5.2%",
        "I. 요약",
    ]
)


@st.composite
def segments(draw: st.DrawFn) -> Segment:
    text = draw(_WORDS)
    x0 = draw(st.integers(0, 11)) * 50.0
    top = draw(st.integers(0, 60)) * 13.0
    wide = draw(st.sampled_from([4.0, 8.0])) * len(text)
    size = draw(st.sampled_from([8.0, 8.0, 8.0, 14.0]))
    return Segment(
        text, x0, top, x0 + wide, top + size, size, draw(st.sampled_from(["A", "B"])), draw(st.booleans())
    )


def letters(texts: list[str]) -> Counter[str]:
    return Counter(c for text in texts for c in text if not c.isspace() and c != "|")


@given(st.lists(segments(), max_size=60))
def test_no_word_is_lost_or_doubled(found: list[Segment]) -> None:
    blocks = page_blocks(Page(1, 595, 842, False, found))
    assert letters([block.text for block in blocks]) == letters([segment.text for segment in found])
    assert all(len({len(row) for row in block.rows}) == 1 for block in blocks if block.rows)


@given(st.lists(segments(), max_size=40))
def test_rows_keep_their_order_and_cells_their_row(found: list[Segment]) -> None:
    rows = rows_of(found)
    parted = [row for _, part in tables_apart(rows) for row in part]
    assert parted == rows
    for is_table, part in tables_apart(rows):
        if is_table:
            assert [[c for c in cells if c] for cells in grid(part)] == [
                [c.text for c in r.cells] for r in part
            ]


@given(st.lists(segments(), max_size=20), st.integers(2, 5))
def test_what_every_page_repeats_at_its_edge_goes_and_nothing_else(found: list[Segment], count: int) -> None:
    head = Segment("가나증권 리서치센터", 40, 10, 200, 18, 8, "A")
    pages = [
        Page(
            n,
            595,
            842,
            False,
            [head, Segment(str(n), 500, 820, 510, 828, 8, "A"), *(found if n == 1 else [])],
        )
        for n in range(1, count + 1)
    ]
    kept = without_running_heads(pages)
    assert all(not page.segments for page in kept[1:])
    middle = [s for s in found if s.bottom >= 0.1 * 842 and s.top <= 0.9 * 842]
    assert [s for s in kept[0].segments if s in middle] == middle
