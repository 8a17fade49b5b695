"""The place of every filing among its amendments, decided anew from all filings of its company."""

from dataclasses import astuple
from typing import Any

import psycopg

from core.amendment import Change, Clues, clues_of
from core.etl.chain import Place, places
from core.etl.receipt import Receipt, amends, withdraws

_BATCH = 200  # companies in one transaction


def link_amendments(conn: psycopg.Connection[Any], corp_code: str) -> None:
    """Set the links of a company's filings and what is withdrawn; the same in any order of loading."""
    with conn.transaction():
        _turn(conn, corp_code)
        conn.execute("delete from relink where corp_code = %s", [corp_code])
        _link(conn, corp_code)


def link_waiting(conn: psycopg.Connection[Any]) -> int:
    """Link the companies of which something was listed, marked or loaded since; how many."""
    done = 0
    while waiting := conn.execute("select corp_code from relink limit %s", [_BATCH]).fetchall():
        for (corp_code,) in waiting:
            link_amendments(conn, corp_code)
        done += len(waiting)
    return done


def _turn(conn: psycopg.Connection[Any], corp_code: str) -> None:
    """One at a time for a company."""
    conn.execute("select pg_advisory_xact_lock(hashtextextended('filing:' || %s, 0))", [corp_code])


def _link(conn: psycopg.Connection[Any], corp_code: str) -> None:
    receipts = _receipts(conn, corp_code)
    if not any(receipt.amends or withdraws(receipt.report_nm) for receipt in receipts):
        made: dict[str, Place] = {}
    else:
        made = places(receipts, lambda rcept_no: _read(conn, rcept_no))
    placed = {rcept_no: astuple(place) for rcept_no, place in made.items() if place != Place()}
    columns = list(zip(*placed.values(), strict=True)) or [()] * 5
    conn.execute(
        """
        update filing set corrects = new.corrects, supersedes = new.supersedes,
            superseded_by = new.superseded_by, amended_by = new.amended_by,
            withdrawn_by = new.withdrawn_by,
            -- what a 철회신고서 withdrew is so only while it does; DART's own mark (철) stays
            withdrawn = case when new.withdrawn_by is not null then true
                             when filing.withdrawn_by is null then withdrawn
                             else exists (select from receipt where receipt.rcept_no = filing.rcept_no
                                             and row ->> 'rm' like '%%철%%') end
        from (
            select f.rcept_no, p.corrects, p.supersedes, p.superseded_by, p.amended_by, p.withdrawn_by
            from filing f left join
                unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
                p (rcept_no, corrects, supersedes, superseded_by, amended_by, withdrawn_by) using (rcept_no)
            where f.corp_code = %s
        ) new
        where filing.rcept_no = new.rcept_no
          and (filing.corrects, filing.supersedes, filing.superseded_by, filing.amended_by,
               filing.withdrawn_by) is distinct from
              (new.corrects, new.supersedes, new.superseded_by, new.amended_by, new.withdrawn_by)
        """,
        [list(placed), *map(list, columns), corp_code],
    )


def _receipts(conn: psycopg.Connection[Any], corp_code: str) -> list[Receipt]:
    """The company's filings, and the amendments that only DART's list knows."""
    filed = conn.execute(
        """
        select f.rcept_no, report_nm, period, rcept_dt, amends, first_filed,
               withdrawn and withdrawn_by is null, coalesce(row ->> 'rm', '') like '%%정%%'
        from filing f left join receipt using (rcept_no) where f.corp_code = %s
        """,
        [corp_code],
    ).fetchall()
    listed = conn.execute(
        """
        select rcept_no, row ->> 'report_nm', (row ->> 'rcept_dt')::date, row ->> 'rm' like '%%철%%'
        from receipt r where row ->> 'corp_code' = %s and row ->> 'report_nm' like '[%%'
            and not exists (select from filing f where f.rcept_no = r.rcept_no)
        """,
        [corp_code],
    ).fetchall()
    return [
        *(
            Receipt(number, name, period, day, amending and not withdraws(name), first, gone, marked=marked)
            for number, name, period, day, amending, first, gone, marked in filed
        ),
        *(
            Receipt(number, name, None, day, amends(name), withdrawn=bool(gone), here=False)
            for number, name, day, gone in listed
        ),
    ]


def _read(conn: psycopg.Connection[Any], rcept_no: str) -> tuple[Clues, list[Change]]:
    row = conn.execute("select clues, changes from filing where rcept_no = %s", [rcept_no]).fetchone()
    clues, changes = row or (None, [])
    return clues_of(clues), [Change(*change) for change in changes]
