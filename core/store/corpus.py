"""Reads of the loaded filings: core.ports.Corpus in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool

from core.amendment import Change
from core.model import Chunk, Company, Figure, Filing, Passage
from core.ports import Corpus
from core.store.connect import reporting
from core.store.load import account_key

SELECT_COMPANIES: LiteralString = (
    "select corp_code, corp_name, stock_code, aliases from company order by corp_code"
)
_SELECT_FILING = (
    "select rcept_no, corp_code, corp_name, report_nm, form, rcept_dt, stock_code, period,"
    " supersedes, superseded_by, withdrawn, fictional from filing"
)
_SELECT_FIGURE = (
    "select figure.rcept_no, figure.corp_code, account, value, unit, figure.period, basis, section,"
    " table_no, row_label, column_label, row_no, column_no, cell, scale, segment, caption,"
    " concept, origin, disputed from figure"
)


@dataclass(frozen=True, slots=True)
class PostgresCorpus(Corpus):
    """`pool` may be shared and of any row factory. Every method raises StoreError."""

    pool: AsyncConnectionPool[Any]

    async def companies(self) -> list[Company]:
        rows = await self._rows(SELECT_COMPANIES, {})
        return [Company(code, name, stock, tuple(aliases)) for code, name, stock, aliases in rows]

    async def filings(self, corp_codes: Sequence[str]) -> list[Filing]:
        rows = await self._rows(
            _SELECT_FILING + " where corp_code = any(%(corp_codes)s) order by rcept_dt desc, rcept_no desc",
            {"corp_codes": list(corp_codes)},
        )
        return [Filing(*row) for row in rows]

    async def figures(
        self, corp_codes: Sequence[str], accounts: Sequence[str], *, limit: int
    ) -> list[Figure]:
        """Exact matches first, each in the order of `accounts`; then the newest filing first."""
        keys = [key for key in map(account_key, accounts) if key]
        rows = await self._rows(
            _SELECT_FIGURE  # noqa: S608  # all literals, as LiteralString makes sure
            + """
            join filing using (rcept_no)
            cross join lateral (
                select min(case when account_key = asked.key then asked.place
                                else asked.place + 100000 end) as place
                from unnest(%(keys)s::text[]) with ordinality as asked (key, place)
                where strpos(figure.account_key, asked.key) > 0
            ) best
            where figure.corp_code = any(%(corp_codes)s)
              and best.place is not null
              and filing.superseded_by is null and not filing.withdrawn
            order by best.place, filing.rcept_dt desc, rcept_no desc, figure.ordinal
            limit %(limit)s
            """,
            {"corp_codes": list(corp_codes), "keys": keys, "limit": limit},
        )
        return [Figure(*row) for row in rows]

    async def accounts_in(self, corp_codes: Sequence[str], text: str) -> list[str]:
        rows = await self._rows(
            """
            select account_key, min(account) from figure
            where corp_code = any(%(corp_codes)s) and length(account_key) > 1
              and strpos(%(text)s, regexp_replace(account_key, '\\(.*?\\)', '', 'g')) > 0
              and regexp_replace(account_key, '\\(.*?\\)', '', 'g') <> ''
            group by account_key order by length(account_key) desc, account_key
            """,
            {"corp_codes": list(corp_codes), "text": account_key(text)},
        )
        return [account for _, account in rows]

    async def figures_of(self, rcept_no: str) -> list[Figure]:
        rows = await self._rows(
            _SELECT_FIGURE + " where rcept_no = %(rcept_no)s order by ordinal",
            {"rcept_no": rcept_no},
        )
        return [Figure(*row) for row in rows]

    async def figures_in(self, keys: Sequence[tuple[str, str]]) -> list[Figure]:
        rows = await self._rows(
            _SELECT_FIGURE  # noqa: S608  # all literals
            + """
            where (rcept_no, section) in (select * from unnest(%(rcept_nos)s::text[], %(paths)s::text[]))
            order by rcept_no, ordinal
            """,
            {"rcept_nos": [rcept_no for rcept_no, _ in keys], "paths": [path for _, path in keys]},
        )
        return [Figure(*row) for row in rows]

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
            "select changes from filing where rcept_no = %(rcept_no)s", {"rcept_no": rcept_no}
        )
        return [Change(*change) for (changes,) in rows for change in changes]

    async def chunks_of(self, rcept_no: str) -> list[Chunk]:
        rows = await self._rows(
            "select chunk_id::text, rcept_no, corp_code, ordinal, passage, header, content from chunk"
            " where rcept_no = %(rcept_no)s order by ordinal",
            {"rcept_no": rcept_no},
        )
        return [Chunk(*row) for row in rows]

    async def _rows(self, query: LiteralString, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        with reporting(self.pool.conninfo if isinstance(self.pool.conninfo, str) else ""):
            async with (
                self.pool.connection() as connection,
                connection.cursor(row_factory=tuple_row) as cursor,
            ):
                await cursor.execute(query, values)
                rows: list[tuple[Any, ...]] = await cursor.fetchall()
                return rows
