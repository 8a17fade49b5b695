"""What `etl status` shows: filings by kind and state, and what is missing, refused, open or old."""

from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row

_SHOWN = 5
_FORM = """
    case when row ->> 'report_nm' like '%%사업보고서%%' then '11011'
         when row ->> 'report_nm' like '%%반기보고서%%' then '11012'
         when row ->> 'report_nm' like '%%분기보고서%%' then '11013' else row ->> 'kind' end
"""
_KINDS: LiteralString = f"""
    with state as (
        select form, count(*) as loaded, count(superseded_by) as superseded,
               count(*) filter (where withdrawn) as withdrawn, 0 as to_fetch, 0 as to_load, 0 as absent
        from filing group by form
        union all
        select {_FORM}, 0, 0, 0, count(*), 0, 0 from receipt where state = 'pending' group by 1
        union all
        select {_FORM}, 0, 0, 0, 0, count(*), 0 from unloaded_receipt group by 1
        union all
        select {_FORM}, 0, 0, 0, 0, 0, count(*) from receipt where state = 'absent' group by 1
    )
    select coalesce(form, '') as form, sum(loaded)::int as loaded, sum(superseded)::int as superseded,
           sum(withdrawn)::int as withdrawn, sum(to_fetch)::int as to_fetch, sum(to_load)::int as to_load,
           sum(absent)::int as absent
    from state group by 1 order by 1
"""  # noqa: S608  # all literals
_ABSENT: LiteralString = """
    select rcept_no, row ->> 'corp_name' as corp_name, row ->> 'report_nm' as report_nm
    from receipt where state = 'absent' order by rcept_no desc limit %(shown)s
"""
_FAILED: LiteralString = """
    select reason, count(*)::int as count, max(rcept_no) as newest from receipt
    where state = 'pending' and reason is not null group by reason
    order by count(*) desc, reason limit %(shown)s
"""
_REFUSED: LiteralString = """
    select reason, count(*)::int as count, max(source) as newest from quarantine
    group by reason order by count(*) desc, reason limit %(shown)s
"""
_OPEN: LiteralString = """
    select (select count(*) from filing where amends and corrects is null)::int as unlinked,
           (select count(*) from filing where amended_by is not null)::int as without_text,
           (select count(*) from receipt r join filing f using (rcept_no)
             where row ->> 'rm' like '%%정%%' and superseded_by is null and amended_by is null
               and not withdrawn)::int as marked
"""
_UNLINKED: LiteralString = """
    select rcept_no, corp_name, report_nm from filing where amends and corrects is null
    order by rcept_no desc limit %(shown)s
"""
_FRESH: LiteralString = """
    select (select min(through) from listed) as listed_through, (select max(rcept_dt) from filing) as newest,
           (select max(at) from etl_success where stage = 'refresh') as refreshed
"""


def overview(conn: psycopg.Connection[Any]) -> dict[str, Any]:
    """`kinds`, `freshness`, `missing`, `refused`, `amendments`, `reports`; lists show the newest few."""
    with conn.cursor(row_factory=dict_row) as cursor:

        def rows(query: LiteralString) -> list[dict[str, Any]]:
            return cursor.execute(query, {"shown": _SHOWN}).fetchall()

        (fresh,) = rows(_FRESH)
        (amendments,) = rows(_OPEN)
        (reports,) = rows("select count(*)::int as count from report")
        return {
            "kinds": rows(_KINDS),
            "freshness": fresh,
            "missing": {"absent": rows(_ABSENT), "failed": rows(_FAILED)},
            "refused": rows(_REFUSED),
            "amendments": {**amendments, "unlinked_newest": rows(_UNLINKED)},
            "reports": reports["count"],
        }


def succeeded(conn: psycopg.Connection[Any], stage: str) -> None:
    """Remember that a stage has done all that it was asked."""
    conn.execute(
        "insert into etl_success (stage) values (%s) on conflict (stage) do update set at = now()", [stage]
    )
