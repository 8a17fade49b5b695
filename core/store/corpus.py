"""Reads of the loaded filings: core.ports.Corpus in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString

from psycopg import sql
from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool

from core.amendment import Change, Fact, clues_of
from core.etl.changes import differences, merge
from core.model import Chunk, Company, Figure, Filing, Passage
from core.ports import Corpus
from core.store.connect import reporting
from core.store.load import account_key
from core.store.naming import WORDS_APART, WORDS_WHOLE, labelled, values_of

SELECT_COMPANIES: LiteralString = (
    "select corp_code, corp_name, stock_code, aliases from company order by corp_code"
)
SELECT_FILING: LiteralString = (
    "select rcept_no, corp_code, corp_name, report_nm, form, rcept_dt, stock_code, period,"
    " supersedes, superseded_by, withdrawn, fictional, amended_by from filing"
)
# Of the transactions that wrote them: their sum changes with every row written, their greatest need not.
_COMPANIES_STAMP: LiteralString = "select count(*), sum(xmin::text::bigint) from company"
_NEWEST_REPORTS = 2
_MAX_DIFFERENCES = 200  # of two periodic reports; a restated one differs in thousands
SELECT_FIGURE: LiteralString = (
    "select figure.rcept_no, figure.corp_code, account, value, unit, figure.period, basis, section,"
    " table_no, row_label, column_label, row_no, column_no, cell, scale, segment, caption,"
    " concept, origin, disputed from figure"
)


@dataclass(frozen=True, slots=True)
class PostgresCorpus(Corpus):
    """`pool` may be shared and of any row factory. Every method raises StoreError."""

    pool: AsyncConnectionPool[Any]
    _known: dict[tuple[Any, ...], list[Company]] = field(default_factory=dict, repr=False, compare=False)

    async def companies(self) -> list[Company]:
        """Read again only when one of them changed: 4,000 take 20 ms."""
        (stamp,) = await self._rows(_COMPANIES_STAMP, {})
        known = self._known.get(stamp)
        if known is None:
            rows = await self._rows(SELECT_COMPANIES, {})
            known = [Company(code, name, stock, tuple(aliases)) for code, name, stock, aliases in rows]
            self._known.clear()
            self._known[stamp] = known
        return known

    async def filings(self, corp_codes: Sequence[str]) -> list[Filing]:
        rows = await self._rows(
            SELECT_FILING + " where corp_code = any(%(corp_codes)s) order by rcept_dt desc, rcept_no desc",
            {"corp_codes": list(corp_codes)},
        )
        return [Filing(*row) for row in rows]

    async def figures(
        self, corp_codes: Sequence[str], accounts: Sequence[str], *, limit: int
    ) -> list[Figure]:
        """Exact matches first, each in the order of `accounts`; then the newest filing first."""
        keys = [key for key in map(account_key, accounts) if key]
        rows = await self._rows(
            """
            with named as (
                select corp_code, account_key,
                       min(case when account_key = key then place else place + 100000 end) as place
                from account join unnest(%(keys)s::text[]) with ordinality as asked (key, place)
                  on strpos(account_key, key) > 0
                where corp_code = any(%(corp_codes)s)
                group by corp_code, account_key
            )
            """  # noqa: S608  # all literals, as LiteralString makes sure
            + SELECT_FIGURE
            + """
            join named using (corp_code, account_key) join filing using (rcept_no)
            where filing.superseded_by is null and not filing.withdrawn
            order by place, filing.rcept_dt desc, rcept_no desc, figure.ordinal
            limit %(limit)s
            """,
            {"corp_codes": list(corp_codes), "keys": keys, "limit": limit},
        )
        return [Figure(*row) for row in rows]

    async def figures_named(self, corp_code: str, accounts: Sequence[str], *, limit: int) -> list[Figure]:
        rows = await self._rows(
            SELECT_FIGURE  # all literals
            + """
            join filing using (rcept_no)
            where figure.corp_code = %(corp_code)s and account_key = any(%(keys)s)
              and filing.superseded_by is null and not filing.withdrawn
            order by filing.rcept_dt desc, rcept_no desc, figure.ordinal
            limit %(limit)s
            """,
            {"corp_code": corp_code, "keys": list(map(account_key, accounts)), "limit": limit},
        )
        return [Figure(*row) for row in rows]

    async def accounts_in(self, corp_codes: Sequence[str], text: str) -> list[str]:
        rows = await self._rows(
            """
            select account_key, min(account) from account
            where corp_code = any(%(corp_codes)s) and length(account_key) > 1
              and bare <> '' and strpos(%(text)s, bare) > 0
            group by account_key order by length(account_key) desc, account_key
            """,
            {"corp_codes": list(corp_codes), "text": account_key(text)},
        )
        return [account for _, account in rows]

    async def words_of(
        self, name: str, terms: Sequence[str], *, corp_code: str | None = None
    ) -> list[tuple[str, str, bool]]:
        """Of chunks with a term that begins with the name or with all of its terms, else with one that it
        begins with: in a sentence a name may be taken apart otherwise."""
        values = values_of(name, terms, corp_code)
        rows = await self._rows(WORDS_WHOLE, values) or await self._rows(WORDS_APART, values)
        return [(corp_code, word, company) for corp_code, word, company in rows]

    async def latin_labels(self, corp_code: str) -> list[str]:
        rows = await self._rows(
            r"""
            select distinct found[1]
            from (
                select distinct unnest(string_to_array(row_label, ' > ') || array[column_label, segment])
                    as label
                from figure where rcept_no in (
                    select rcept_no from filing
                    where corp_code = %(corp_code)s and superseded_by is null and not withdrawn
                    order by period desc nulls last, rcept_no desc limit %(reports)s
                )
            ) as labelled, regexp_matches(label, '^((?:[A-Z][a-z]+)+)(\(\*\d*\))?$') as found
            """,
            {"corp_code": corp_code, "reports": _NEWEST_REPORTS},
        )
        return [word for (word,) in rows]

    async def figures_of(self, rcept_no: str) -> list[Figure]:
        rows = await self._rows(
            SELECT_FIGURE + " where rcept_no = %(rcept_no)s order by ordinal",
            {"rcept_no": rcept_no},
        )
        return [Figure(*row) for row in rows]

    async def figures_in(self, keys: Sequence[tuple[str, str]], *, within: str | None = None) -> list[Figure]:
        rows = await self._rows(
            SELECT_FIGURE  # noqa: S608  # all literals
            + """
            where (rcept_no, section) in (select * from unnest(%(rcept_nos)s::text[], %(paths)s::text[]))
              and (%(within)s::text is null or strpos(%(within)s, replace(lower(cell), ' ', '')) > 0)
            order by rcept_no, ordinal
            """,
            {
                "rcept_nos": [rcept_no for rcept_no, _ in keys],
                "paths": [path for _, path in keys],
                "within": within,
            },
        )
        return [Figure(*row) for row in rows]

    async def tables(self, keys: Sequence[tuple[str, int]]) -> list[Figure]:
        rows = await self._rows(
            SELECT_FIGURE
            + " join unnest(%(rcept_nos)s::text[], %(tables)s::integer[]) as asked (rcept_no, table_no)"
            " using (rcept_no, table_no) order by figure.rcept_no, ordinal",
            {"rcept_nos": [key[0] for key in keys], "tables": [key[1] for key in keys]},
        )
        return [Figure(*row) for row in rows]

    async def labelled(
        self, rcept_nos: Sequence[str], words: Mapping[str, float], *, limit: int
    ) -> list[Figure]:
        """Reads all labels of these filings: 23 ms for 13,000, 43 if the light words were looked for too."""
        for statement, values in labelled(SELECT_FIGURE, rcept_nos, words, limit):
            if rows := await self._rows(statement, values):
                return [Figure(*row) for row in rows]
        return []

    async def passages(self, keys: Sequence[tuple[str, int]]) -> list[Passage]:
        rows = await self._rows(
            """
            select p.rcept_no, p.ordinal, p.path, p.text
            from unnest(%(rcept_nos)s::text[], %(ordinals)s::integer[])
                with ordinality as asked (rcept_no, ordinal, place)
            join passage p on p.rcept_no = asked.rcept_no and p.ordinal = asked.ordinal
            order by asked.place
            """,
            {"rcept_nos": [key[0] for key in keys], "ordinals": [key[1] for key in keys]},
        )
        return [Passage(*row) for row in rows]

    async def sections(self, keys: Sequence[tuple[str, str]]) -> list[Passage]:
        """In the order asked; the parts of one section in document order."""
        rows = await self._rows(
            """
            select p.rcept_no, p.ordinal, p.path, p.text
            from unnest(%(rcept_nos)s::text[], %(paths)s::text[])
                with ordinality as asked (rcept_no, path, place)
            join passage p on p.rcept_no = asked.rcept_no and p.path = asked.path
            order by asked.place, p.ordinal
            """,
            {"rcept_nos": [key[0] for key in keys], "paths": [key[1] for key in keys]},
        )
        return [Passage(*row) for row in rows]

    async def changes(self, rcept_no: str) -> list[Change]:
        rows = await self._rows(
            """
            select new.changes, new.clues, old.clues, new.period is not null, old.rcept_no
            from filing new left join filing old on old.rcept_no = new.supersedes
            where new.rcept_no = %(rcept_no)s
            """,
            {"rcept_no": rcept_no},
        )
        if not rows:
            return []
        changes, after, before, periodic, original = rows[0]
        listed = [Change(*change) for change in changes]
        if original is None:
            return listed
        if not periodic:
            return merge(listed, differences(clues_of(before).facts, clues_of(after).facts))
        return merge(listed, await self._differing(original, rcept_no))

    async def _differing(self, before: str, after: str) -> list[tuple[Fact, Fact]]:
        """Figures that stand once in both filings and differ, in the order of the later one."""
        rows = await self._rows(
            """
            with once as (
                select rcept_no, section, row_label, column_label, account_key, unit, caption, period, basis,
                       segment, min(value) as value, min(cell) as cell, min(ordinal) as ordinal,
                       min(table_no) as table_no, min(row_no) as row_no, min(column_no) as column_no
                from figure where rcept_no in (%(before)s, %(after)s) and origin <> 'fnltt'
                group by rcept_no, section, row_label, column_label, account_key, unit, caption, period,
                         basis, segment
                having count(*) = 1
            )
            select concat_ws(' > ', section, row_label, nullif(column_label, '')),
                   old.cell, array[old.table_no, old.row_no, old.column_no],
                   new.cell, array[new.table_no, new.row_no, new.column_no]
            from once old join once new
                using (section, row_label, column_label, account_key, unit, caption)
            where old.rcept_no = %(before)s and new.rcept_no = %(after)s and old.value <> new.value
              and (old.period, old.basis, old.segment)
                  is not distinct from (new.period, new.basis, new.segment)
            order by new.ordinal limit %(limit)s
            """,
            {"before": before, "after": after, "limit": _MAX_DIFFERENCES},
        )
        return [
            (Fact(label, was, tuple(was_at)), Fact(label, now, tuple(now_at)))
            for label, was, was_at, now, now_at in rows
        ]

    async def chunks_of(self, rcept_no: str) -> list[Chunk]:
        rows = await self._rows(
            "select chunk_id::text, rcept_no, corp_code, ordinal, passage, header, content from chunk"
            " where rcept_no = %(rcept_no)s order by ordinal",
            {"rcept_no": rcept_no},
        )
        return [Chunk(*row) for row in rows]

    async def _rows(
        self, query: LiteralString | sql.Composed, values: Mapping[str, object]
    ) -> list[tuple[Any, ...]]:
        with reporting(self.pool.conninfo if isinstance(self.pool.conninfo, str) else ""):
            async with (
                self.pool.connection() as connection,
                connection.cursor(row_factory=tuple_row) as cursor,
            ):
                await cursor.execute(query, values)
                rows: list[tuple[Any, ...]] = await cursor.fetchall()
                return rows
