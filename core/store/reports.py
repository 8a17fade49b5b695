"""Brokers' reports in the database: loading, reading and searching, apart from filings."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from core.model import Company
from core.ports import Embedder, Tokenizer
from core.report import (
    ParsedReport,
    Rating,
    Report,
    ReportChunk,
    ReportHit,
    ReportSection,
    ReportTopic,
    TargetPrice,
)
from core.store.connect import reporting
from core.store.corpus import SELECT_COMPANIES
from core.store.index import embed_texts, query_vector, vector_literal

_BATCH = 500
_K1, _B = 1.2, 0.75
# Both legs of every piece in scope, fused as in search.py: a leg whose scores are all equal adds nothing.
# Word statistics are those of the scope, so a search for one company reads that company's pieces alone.
_SEARCH: LiteralString = """
    with scope as materialized (
        select report_id from linked_report where %(corps)s::text[] is null or corp_code = any(%(corps)s)),
    piece as materialized (
        select c.chunk_id, c.length, -(c.embedding <#> %(vector)s::halfvec) as cosine,
               array(select c.counts[array_position(c.terms, term)]
                       from unnest(%(terms)s::text[]) as asked (term)) as counts
          from report_chunk c join scope using (report_id)
         where %(topics)s::text[] is null
            or (select topic from report_section s where s.report_id = c.report_id and ordinal = c.section)
               = any(%(topics)s)),
    whole as (select count(*) as n, greatest(1, avg(length)) as avgdl from piece),
    held as materialized (
        select place, count(*) as df from piece, unnest(counts) with ordinality as u (count, place)
         where count is not null group by place),
    scored as materialized (
        select chunk_id, cosine,
               (select coalesce(sum(ln(1 + (n - df + 0.5) / (df + 0.5)) * count * (%(k1)s + 1)
                                    / (count + %(k1)s * (1 - %(b)s + %(b)s * length / avgdl))), 0)
                  from unnest(counts) with ordinality as u (count, place) join held using (place)
                 where count is not null) as bm
          from piece, whole),
    best as (
        select chunk_id, (1 - %(dense)s) * coalesce((bm - low_bm) / nullif(high_bm - low_bm, 0), 0)
               + %(dense)s * coalesce((cosine - low) / nullif(high - low, 0), 0) as score
          from scored, (select min(bm) as low_bm, max(bm) as high_bm, min(cosine) as low,
                               max(cosine) as high from scored) as limits
         where bm > 0 or %(meaning)s order by score desc, chunk_id limit %(top_k)s)
    select b.score, c.chunk_id, c.ordinal, c.section, c.page, c.header, c.content,
           s.topic, s.title as section_title, r.*
      from best b join report_chunk c using (chunk_id) join linked_report r using (report_id)
      join report_section s on s.report_id = c.report_id and s.ordinal = c.section
     order by b.score desc, c.chunk_id
"""


def load_report(
    conn: psycopg.Connection[Any], parsed: ParsedReport, tokenizer: Tokenizer, embedder: Embedder
) -> bool:
    """Put a report in, in place of another copy of it; False when these very bytes are loaded already.

    A copy is what has the same company, broker, day and title. Raises FingerprintMismatch, and
    psycopg.Error (see connect.reporting); then nothing has changed.
    """
    report = parsed.report
    with conn.transaction():
        conn.execute("select pg_advisory_xact_lock(hashtext('gongsi:report'))")
        if find_report(conn, report.report_id):
            return False
        conn.execute(
            "delete from report where corp_name = %s and broker = %s and published = %s and title = %s",
            [report.corp_name, report.broker, report.published, report.title],
        )
        conn.execute(
            "insert into report (report_id, file_name, broker, published, corp_name, stock_code, title,"
            " rating, target, previous_target, summary, pages)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                report.report_id,
                report.file_name,
                report.broker,
                report.published,
                report.corp_name,
                report.stock_code,
                report.title,
                _json(report.rating),
                _json(report.target),
                _json(report.previous_target),
                report.summary,
                report.pages,
            ],
        )
        with conn.cursor() as cursor:
            cursor.executemany(
                "insert into report_section (report_id, ordinal, topic, title, first_page, last_page, text)"
                " values (%s, %s, %s, %s, %s, %s, %s)",
                [
                    (report.report_id, s.ordinal, s.topic, s.title, s.first_page, s.last_page, s.text)
                    for s in parsed.sections
                ],
            )
        _insert_chunks(conn, report.report_id, parsed.chunks, tokenizer, embedder)
    return True


def _json(claim: Rating | TargetPrice | None) -> Jsonb | None:
    return Jsonb(asdict(claim)) if claim else None


def _insert_chunks(
    conn: psycopg.Connection[Any],
    report_id: str,
    chunks: Sequence[ReportChunk],
    tokenizer: Tokenizer,
    embedder: Embedder,
) -> None:
    terms, vectors = embed_texts(conn, [chunk.indexed for chunk in chunks], tokenizer, embedder)
    with conn.cursor() as cursor:
        cursor.executemany(
            "insert into report_chunk (chunk_id, report_id, ordinal, section, page, header, content,"
            " terms, counts, length, embedding)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::halfvec)",
            [
                (
                    chunk.chunk_id,
                    report_id,
                    chunk.ordinal,
                    chunk.section,
                    chunk.page,
                    chunk.header,
                    chunk.text,
                    *_counted(words),
                    vector_literal(vector),
                )
                for chunk, words, vector in zip(chunks, terms, vectors, strict=True)
            ],
        )


def _counted(words: Sequence[str]) -> tuple[list[str], list[int], int]:
    counts = Counter(words)
    return list(counts), list(counts.values()), len(words)


def reembed_reports(conn: psycopg.Connection[Any], embedder: Embedder, tokenizer: Tokenizer) -> int:
    """Analyse and embed every piece of every report anew; call after index.reembed. How many pieces."""
    rows = conn.execute(
        "select chunk_id, header || E'\\n' || content from report_chunk order by report_id, ordinal"
    ).fetchall()
    with conn.transaction(), conn.cursor() as cursor:
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            terms, vectors = embed_texts(conn, [text for _, text in batch], tokenizer, embedder)
            cursor.executemany(
                "update report_chunk set terms = %s, counts = %s, length = %s, embedding = %s::halfvec"
                " where chunk_id = %s",
                [
                    (*_counted(words), vector_literal(vector), chunk_id)
                    for (chunk_id, _), words, vector in zip(batch, terms, vectors, strict=True)
                ],
            )
    return len(rows)


def companies(conn: psycopg.Connection[Any]) -> list[Company]:
    """The companies with filings here: the ones a report can be recognised as being of."""
    return [
        Company(code, name, stock, tuple(aliases))
        for code, name, stock, aliases in conn.execute(SELECT_COMPANIES)
    ]


def find_report(conn: psycopg.Connection[Any], report_id: str) -> Report | None:
    with conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute("select * from linked_report where report_id = %s", [report_id]).fetchone()
    return _report(row) if row else None


def quarantine_report(conn: psycopg.Connection[Any], source: str, reason: str | None) -> None:
    """Remember why the file at `source` was refused; None forgets it, as it reads now."""
    conn.execute("delete from report_quarantine where source = %s", [source])
    if reason is not None:
        conn.execute("insert into report_quarantine (source, reason) values (%s, %s)", [source, reason])


async def reports_of(
    pool: AsyncConnectionPool[Any], corp_codes: Sequence[str], *, limit: int = 20
) -> list[Report]:
    """Reports on these companies, newest first. Raises StoreError."""
    async with _rows(pool) as cursor:
        await cursor.execute(
            "select * from linked_report where corp_code = any(%s)"
            " order by published desc, report_id limit %s",
            [list(corp_codes), limit],
        )
        return [_report(row) for row in await cursor.fetchall()]


async def sections_of(pool: AsyncConnectionPool[Any], report_id: str) -> list[ReportSection]:
    """The sections of one report in its order. Raises StoreError."""
    async with _rows(pool) as cursor:
        await cursor.execute(
            "select ordinal, topic, title, first_page, last_page, text from report_section"
            " where report_id = %s order by ordinal",
            [report_id],
        )
        return [
            ReportSection(**{**row, "topic": ReportTopic(row["topic"])}) for row in await cursor.fetchall()
        ]


async def search_reports(
    pool: AsyncConnectionPool[Any],
    tokenizer: Tokenizer,
    embedder: Embedder,
    query: str,
    *,
    top_k: int,
    corp_codes: Sequence[str] = (),
    topics: Sequence[ReportTopic] = (),
    dense_weight: float = 0.2,
) -> list[ReportHit]:
    """The best pieces of reports within these companies and topics (empty: all), best first.

    Filings are never among them, nor these among filings. Raises StoreError.
    """
    words = await asyncio.to_thread(tokenizer.terms, query)
    async with _rows(pool) as cursor:
        vector = await query_vector(cursor.connection, embedder, query, words)
        await cursor.execute(
            _SEARCH,
            {
                "terms": sorted(set(words)),
                "vector": vector_literal(vector),
                "meaning": bool(vector.any()),
                "corps": list(corp_codes) or None,
                "topics": [topic.value for topic in topics] or None,
                "dense": dense_weight,
                "k1": _K1,
                "b": _B,
                "top_k": top_k,
            },
        )
        return [_hit(row) for row in await cursor.fetchall()]


@asynccontextmanager
async def _rows(pool: AsyncConnectionPool[Any]) -> AsyncIterator[psycopg.AsyncCursor[dict[str, Any]]]:
    with reporting(pool.conninfo if isinstance(pool.conninfo, str) else ""):
        async with pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            yield cursor


def _report(row: dict[str, Any]) -> Report:
    """From the columns of `linked_report`, whatever else stands beside them."""
    values = {name: row[name] for name in Report.__dataclass_fields__}
    values["rating"] = Rating(**row["rating"]) if row["rating"] else None
    for name in ("target", "previous_target"):
        values[name] = TargetPrice(**row[name]) if row[name] else None
    return Report(**values)


def _hit(row: dict[str, Any]) -> ReportHit:
    chunk = ReportChunk(
        chunk_id=str(row["chunk_id"]),
        ordinal=row["ordinal"],
        section=row["section"],
        page=row["page"],
        header=row["header"],
        text=row["content"],
    )
    return ReportHit(chunk, _report(row), ReportTopic(row["topic"]), row["section_title"], row["score"])


def every_report(conn: psycopg.Connection[Any]) -> list[tuple[Report, list[ReportSection]]]:
    """All of them with their sections, oldest first."""
    with conn.cursor(row_factory=dict_row) as cursor:
        reports = cursor.execute("select * from linked_report order by published, report_id").fetchall()
        rows = cursor.execute(
            "select report_id, ordinal, topic, title, first_page, last_page, text from report_section"
            " order by report_id, ordinal"
        ).fetchall()
    sections: dict[str, list[ReportSection]] = {}
    for row in rows:
        topic = ReportTopic(row["topic"])
        sections.setdefault(row.pop("report_id"), []).append(ReportSection(**{**row, "topic": topic}))
    return [(_report(row), sections.get(row["report_id"], [])) for row in reports]
