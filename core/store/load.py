"""Put transformed filings into the database, one transaction each."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from core.etl.receipt import amends
from core.korean import squeeze
from core.model import Chunk, Figure, Transformed
from core.store.amendments import clues_row, link_amendments

Index = Callable[[psycopg.Connection[Any], Sequence[Chunk]], None]


def load(
    conn: psycopg.Connection[Any], transformed: Transformed, index: Index, *, made_from: str | None = None
) -> bool:
    """Replace what is stored of this filing; False when the same digest is loaded already.

    `made_from` names the input, for `loaded_from`.

    `index(conn, chunks)` writes the chunks' own rows in the same transaction; those of an earlier
    version are gone by then (they reference `filing` with on delete cascade). Raises psycopg.Error
    (see connect.reporting), and then nothing of this filing has changed.
    """
    filing = transformed.filing
    with conn.transaction():
        # One loader per company at a time: the links between its filings are recomputed below.
        conn.execute("select pg_advisory_xact_lock(hashtextextended('filing:' || %s, 0))", [filing.corp_code])
        row = conn.execute(
            "select digest, corp_code from filing where rcept_no = %s", [filing.rcept_no]
        ).fetchone()
        if row is not None and row[0] == transformed.digest:
            # It may have been quarantined under another digest meanwhile; what is loaded stays.
            conn.execute("update filing set input = %s where rcept_no = %s", [made_from, filing.rcept_no])
            return False
        conn.execute("delete from filing where rcept_no = %s", [filing.rcept_no])
        _insert_filing(conn, transformed, made_from)
        _copy_passages(conn, transformed)
        _copy_figures(conn, filing.rcept_no, transformed.figures)
        index(conn, transformed.chunks)
        conn.execute("delete from quarantine where rcept_no = %s", [filing.rcept_no])
        for corp_code in {filing.corp_code, row[1] if row else filing.corp_code}:
            link_amendments(conn, corp_code)
            _refresh_company(conn, corp_code)
    return True


def states(conn: psycopg.Connection[Any]) -> dict[str, int]:
    """Filings by state. What was imported is loaded at once, so none is pending here."""
    row = conn.execute("select (select count(*) from filing), (select count(*) from quarantine)").fetchone()
    loaded, quarantined = row or (0, 0)
    return {"loaded": loaded, "quarantined": quarantined, "pending": 0}


def loaded_from(conn: psycopg.Connection[Any], made_from: str) -> tuple[str, str] | None:
    """(rcept_no, doc_path) of the filing that was made from this input."""
    return conn.execute("select rcept_no, doc_path from filing where input = %s", [made_from]).fetchone()


def newest(conn: psycopg.Connection[Any]) -> date | None:
    row = conn.execute("select max(rcept_dt) from filing").fetchone()
    return row[0] if row else None


def _insert_filing(conn: psycopg.Connection[Any], transformed: Transformed, made_from: str | None) -> None:
    filing = transformed.filing
    changes = [[change.item, change.before, change.after] for change in transformed.changes]
    conn.execute(
        """
        insert into filing (rcept_no, corp_code, corp_name, report_nm, form, rcept_dt, stock_code,
            period, withdrawn, fictional, digest, doc_path, warnings, changes, amends, first_filed,
            input, filed_as, clues)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        [
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
            transformed.digest,
            f"{filing.path}.md",
            list(transformed.warnings),
            Jsonb(changes),
            amends(filing.report_nm) or bool(changes) or transformed.first_filed is not None,
            transformed.first_filed,
            made_from,
            transformed.filed_as,
            clues_row(transformed.clues),
        ],
    )


def _copy_passages(conn: psycopg.Connection[Any], transformed: Transformed) -> None:
    with (
        conn.cursor() as cursor,
        cursor.copy("copy passage (rcept_no, ordinal, path, text) from stdin") as copy,
    ):
        for passage in transformed.passages:
            copy.write_row((passage.rcept_no, passage.ordinal, passage.path, passage.text))


def _copy_figures(conn: psycopg.Connection[Any], rcept_no: str, figures: Sequence[Figure]) -> None:
    statement = (
        "copy figure (rcept_no, ordinal, corp_code, account, account_key, value, unit, period,"
        " basis, section, table_no, row_label, column_label, row_no, column_no, cell, scale,"
        " segment, caption, concept, origin, disputed) from stdin"
    )
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for ordinal, figure in enumerate(figures):
            copy.write_row(
                (
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
            )


def account_key(account: str) -> str:
    """How accounts are compared: case and white space aside."""
    return squeeze(account)


def _refresh_company(conn: psycopg.Connection[Any], corp_code: str) -> None:
    """The name on the newest filing, earlier names as aliases: the same in any order of loading."""
    conn.execute("delete from company where corp_code = %s", [corp_code])
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
        where corp_code = %s group by corp_code
        """,
        [corp_code],
    )
