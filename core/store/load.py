"""Put transformed filings into the database, many in one transaction."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb

from core.amendment import clues_row
from core.etl.receipt import amends
from core.korean import squeeze
from core.model import Chunk, Figure, Transformed
from core.store.amendments import link_waiting
from core.store.connect import explain

Index = Callable[[psycopg.Connection[Any], Sequence[Chunk]], None]

_DICTIONARY_LIMIT = 20_000  # companies; Kiwi takes their names at about 100,000 a second

# What a filing's own contents bring about: a character or a number the database cannot hold, a row too
# long for an index, an id that another filing has. Anything else concerns every filing.
_REFUSALS = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)
# DART may have marked it (철) after it was fetched.
_WITHDRAW = """
    update filing set withdrawn = true from receipt
     where receipt.rcept_no = filing.rcept_no and filing.rcept_no = any(%s)
       and not withdrawn and receipt.row ->> 'rm' like '%%철%%'
"""


def lock_keywords(conn: psycopg.Connection[Any]) -> None:
    """The lock the triggers of `keyword` take: one writer at a time, held to the end of its transaction."""
    conn.execute("select pg_advisory_xact_lock(hashtext('gongsi:keyword'))")


_NAME_ACCOUNTS: LiteralString = """
    insert into account (corp_code, account_key, bare, account)
    select corp_code, account_key, regexp_replace(account_key, '\\(.*?\\)', '', 'g'), min(account)
    from figure where rcept_no = any(%s)
    group by corp_code, account_key order by corp_code, account_key
    on conflict do nothing
"""


def load(conn: psycopg.Connection[Any], batch: Sequence[Transformed], index: Index) -> list[str]:
    """Replace what is stored of these filings, all or none; those whose digest is loaded already stay.

    Returns the receipt numbers of those that were put in. `index(conn, chunks)` writes the chunks' own
    rows in the same transaction; those of an earlier version are gone by then. Raises psycopg.Error (see
    connect.reporting), and then nothing has changed.
    """
    with conn.transaction():
        # One loader at a time, from here to its commit: the links between filings are recomputed below.
        lock_keywords(conn)
        stored = {
            rcept_no: (digest, corp_code)
            for rcept_no, digest, corp_code in conn.execute(
                "select rcept_no, digest, corp_code from filing where rcept_no = any(%s)", [_numbers(batch)]
            )
        }
        new = [one for one in batch if stored.get(one.filing.rcept_no, ("",))[0] != one.digest]
        # It may have been quarantined under another digest meanwhile; what is loaded stays.
        conn.execute("delete from quarantine where rcept_no = any(%s)", [_numbers(batch)])
        numbers = _numbers(new)
        if not numbers:
            return []
        if replaced := [number for number in numbers if number in stored]:
            _delete(conn, replaced)
        _copy_filings(conn, new)
        conn.execute(_WITHDRAW, [numbers])
        _copy_passages(conn, new)
        _copy_figures(conn, new)
        conn.execute(_NAME_ACCOUNTS, [numbers])
        index(conn, [chunk for one in new for chunk in one.chunks])
        companies = {one.filing.corp_code for one in new} | {stored[number][1] for number in replaced}
        link_waiting(conn)
        _refresh_companies(conn, sorted(companies))
    return numbers


def load_each(conn: psycopg.Connection[Any], batch: Sequence[Transformed], index: Index) -> dict[str, str]:
    """`load`, but one filing that the database refuses costs no other: its reason by receipt number.

    Halves of a refused batch are tried on their own. Raises psycopg.Error when it is not a filing's fault.
    """
    try:
        load(conn, batch, index)
    except _REFUSALS as error:
        if len(batch) == 1:
            return {batch[0].filing.rcept_no: str(explain(error))}
        middle = len(batch) // 2
        return {**load_each(conn, batch[:middle], index), **load_each(conn, batch[middle:], index)}
    return {}


def digests(conn: psycopg.Connection[Any]) -> dict[str, str]:
    """rcept_no → digest of what is loaded, or of what was refused since."""
    return dict(
        conn.execute(
            "select rcept_no, digest from filing union all"
            " select rcept_no, digest from quarantine where rcept_no is not null and digest is not null"
        ).fetchall()
    )


def states(conn: psycopg.Connection[Any]) -> dict[str, int]:
    """Filings by state. What was imported is loaded at once, so none is pending here."""
    row = conn.execute("select (select count(*) from filing), (select count(*) from quarantine)").fetchone()
    loaded, quarantined = row or (0, 0)
    return {"loaded": loaded, "quarantined": quarantined, "pending": 0}


def company_names(conn: psycopg.Connection[Any]) -> list[str]:
    """Every name of the companies here, for the analyser's dictionary."""
    rows = conn.execute("select corp_name, aliases from company limit %s", [_DICTIONARY_LIMIT]).fetchall()
    return [name for corp_name, aliases in rows for name in (corp_name, *aliases)]


def newest(conn: psycopg.Connection[Any]) -> date | None:
    row = conn.execute("select max(rcept_dt) from filing").fetchone()
    return row[0] if row else None


def _numbers(batch: Sequence[Transformed]) -> list[str]:
    return [one.filing.rcept_no for one in batch]


def _delete(conn: psycopg.Connection[Any], rcept_nos: list[str]) -> None:
    """A statement a table: a cascade goes row by row, and the counting trigger with it."""
    conn.execute(
        "delete from keyword using chunk where keyword.chunk_id = chunk.chunk_id and rcept_no = any(%s)",
        [rcept_nos],
    )
    conn.execute("delete from chunk where rcept_no = any(%s)", [rcept_nos])
    conn.execute("delete from figure where rcept_no = any(%s)", [rcept_nos])
    conn.execute("delete from passage where rcept_no = any(%s)", [rcept_nos])
    conn.execute("delete from filing where rcept_no = any(%s)", [rcept_nos])


def _copy_filings(conn: psycopg.Connection[Any], batch: Sequence[Transformed]) -> None:
    statement = (
        "copy filing (rcept_no, corp_code, corp_name, report_nm, form, rcept_dt, stock_code, period,"
        " withdrawn, fictional, digest, doc_path, warnings, changes, amends, first_filed, filed_as, clues)"
        " from stdin"
    )
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for one in batch:
            filing = one.filing
            copy.write_row(
                (
                    filing.rcept_no,
                    filing.corp_code,
                    filing.corp_name,
                    filing.report_nm,
                    filing.form,
                    filing.rcept_dt,
                    filing.stock_code,
                    filing.period,
                    filing.withdrawn,
                    filing.fictional,
                    one.digest,
                    f"{filing.path}.md",
                    list(one.warnings),
                    Jsonb([[change.item, change.before, change.after] for change in one.changes]),
                    amends(filing.report_nm) or bool(one.changes) or one.first_filed is not None,
                    one.first_filed,
                    one.filed_as,
                    Jsonb(clues_row(one.clues)),
                )
            )


def _copy_passages(conn: psycopg.Connection[Any], batch: Sequence[Transformed]) -> None:
    with (
        conn.cursor() as cursor,
        cursor.copy("copy passage (rcept_no, ordinal, path, text) from stdin") as copy,
    ):
        for one in batch:
            for passage in one.passages:
                copy.write_row((passage.rcept_no, passage.ordinal, passage.path, passage.text))


def _copy_figures(conn: psycopg.Connection[Any], batch: Sequence[Transformed]) -> None:
    statement = (
        "copy figure (rcept_no, ordinal, corp_code, account, account_key, value, unit, period,"
        " basis, section, table_no, row_label, column_label, row_no, column_no, cell, scale,"
        " segment, caption, concept, origin, disputed) from stdin"
    )
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for one in batch:
            for ordinal, figure in enumerate(one.figures):
                copy.write_row(_figure_row(one.filing.rcept_no, ordinal, figure))


def _figure_row(rcept_no: str, ordinal: int, figure: Figure) -> tuple[Any, ...]:
    return (
        rcept_no,
        ordinal,
        figure.corp_code,
        figure.account,
        account_key(figure.account),
        figure.value,
        figure.unit,
        figure.period,
        figure.basis,
        figure.section,
        figure.table,
        figure.row,
        figure.column,
        figure.row_no,
        figure.column_no,
        figure.cell,
        figure.scale,
        figure.segment,
        figure.caption,
        figure.concept,
        figure.origin,
        figure.disputed,
    )


def account_key(account: str) -> str:
    """How accounts are compared: case and white space aside."""
    return squeeze(account)


def _refresh_companies(conn: psycopg.Connection[Any], corp_codes: Sequence[str]) -> None:
    """The name on the newest filing, earlier names as aliases: the same in any order of loading."""
    conn.execute("delete from company where corp_code = any(%s)", [corp_codes])
    conn.execute(
        """
        insert into company (corp_code, corp_name, stock_code, aliases)
        select corp_code,
               (array_agg(corp_name order by rcept_no desc))[1],
               (array_agg(stock_code order by rcept_no desc)
                   filter (where stock_code is not null))[1],
               array_remove(array_agg(distinct name),
                   (array_agg(corp_name order by rcept_no desc))[1])
        from filing left join outline using (corp_code),
            unnest(array_remove(array[corp_name, filed_as, stock_name], null)) as name
        where corp_code = any(%s) group by corp_code
        """,
        [corp_codes],
    )
