"""What a question names, looked for in what filings say: words that begin so, and labels that say most."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import LiteralString

from psycopg import sql

_MAX_HOLDING = 1_000  # chunks; what more of them say is no name
_LAST = chr(0x10FFFF)
_CASELESS = re.compile(r"[가-힣0-9]+")
_LEGAL = r"(?:주식회사|유한회사|㈜|\(주\)|\(유\))"
_RARE = 2_000  # chunks with a word; of a commoner one those of a company are read, each for the word
_IDS = sql.SQL("coalesce(array_agg(id), '{{}}') as ids, coalesce(sum(df), 0) as df from term")
# What has all the parts has one of the `begun` that is a part: it is found already.
_HOLDING = sql.SQL("""
    wanted as (
        select begun.ids as begun, case when begun.ids && parts.ids then '{{}}' else parts.ids end as parts,
               %(corp_code)s::text is null or begun.df + parts.df <= least(%(rare)s, (
                   select count(*) from (
                       select from chunk where corp_code = %(corp_code)s limit %(rare)s
                   ) as own)) as rare
        from begun, parts
    ),
    holding as (
        (select chunk_id from wanted, keyword join chunk using (chunk_id)
          where rare and terms && begun and coalesce(corp_code = %(corp_code)s, true) limit %(most)s)
        union
        (select chunk_id from wanted, keyword join chunk using (chunk_id)
          where rare and parts <> '{{}}' and terms @> parts
            and coalesce(corp_code = %(corp_code)s, true) limit %(most)s)
        union
        (select chunk_id from wanted, chunk
          where not rare and corp_code = %(corp_code)s
            and (select terms && begun or (parts <> '{{}}' and terms @> parts)
                 from keyword where keyword.chunk_id = chunk.chunk_id) limit %(most)s)
    )
""")
_WORDS = sql.SQL("""
    select corp_code, found[2], bool_or(coalesce(found[1], found[3]) is not null)
    from holding join chunk using (chunk_id), regexp_matches(content, %(word)s, 'gi') as found
    where visible and strpos(content, %(plain)s) > 0 group by 1, 2
""")


WORDS_WHOLE = sql.SQL("""
    with begun as (
        select {ids}
        where term >= %(begun)s and term < %(beyond)s and starts_with(term, %(begun)s) and df > 0
    ),
    named as (
        select {ids} where term = any(%(terms)s) and df > 0
        having count(*) = cardinality(%(terms)s::text[])
    ),
    parts as (select coalesce(min(ids), '{{}}') as ids, coalesce(min(df), 0) as df from named),
    {holding}
    {words}
""").format(ids=_IDS, holding=_HOLDING, words=_WORDS)
WORDS_APART = sql.SQL("""
    with begun as (select {ids} where term = any(%(heads)s) and df > 0),
    parts as (select '{{}}'::integer[] as ids, 0 as df),
    {holding}
    {words}
""").format(ids=_IDS, holding=_HOLDING, words=_WORDS)
_PLUS = sql.SQL(" + ")
_STANDS = sql.SQL("case when strpos(labels, {word}) > 0 then {score} else 0 end")
_LABELLED = sql.SQL("""
    with best as (
        select rcept_no, ordinal, {score} as score
        from figure where rcept_no = any(%(rcept_nos)s) and labels ~ %(any)s
        order by score desc, rcept_no desc, ordinal limit %(limit)s
    )
    {figures} join best using (rcept_no, ordinal) order by best.score desc, rcept_no desc, ordinal
""")


def values_of(name: str, terms: Sequence[str], corp_code: str | None) -> dict[str, object]:
    """What WORDS_WHOLE and WORDS_APART take: `terms` are the morphemes of the name."""
    word = rf"(?<![가-힣A-Za-z0-9&])({re.escape(name)}[가-힣A-Za-z0-9&]*)"
    return {
        "begun": name.lower(),
        "beyond": name.lower() + _LAST,
        "terms": sorted(set(terms)),
        "heads": [f"{name[:length].lower()}/{tag}" for length in range(2, len(name)) for tag in ("N", "SL")],
        "most": _MAX_HOLDING,
        "rare": _RARE,
        "plain": max(_CASELESS.findall(name), key=len, default=""),  # cheap beside the pattern
        "corp_code": corp_code,
        "word": rf"({_LEGAL}\s*)?{word}(\s*{_LEGAL})?",
    }


def labelled(
    figures: LiteralString, rcept_nos: Sequence[str], words: Mapping[str, float], limit: int
) -> list[tuple[sql.Composed, dict[str, object]]]:
    """The statements that select `figures` by what their labels say, with their values: the second, which
    looks for the light words too, is for when the first finds nothing.

    One pattern for all words is half the time of looking for eight of them one by one.
    """
    places = {word: n for n, word in enumerate(words)}
    values: dict[str, object] = {f"p{n}": word for word, n in places.items()}
    values |= {f"w{n}": weight for n, weight in enumerate(words.values())}
    values |= {"rcept_nos": list(rcept_nos), "limit": limit}
    statement = _LABELLED.format(score=_score(words, places), figures=sql.SQL(figures))
    return [
        (statement, values | {"any": "|".join(map(re.escape, looked_for))})
        for looked_for in dict.fromkeys((_shortest(_telling(words)), _shortest(list(words))))
    ]


def _score(words: Iterable[str], places: Mapping[str, int]) -> sql.Composable:
    """What those of the words weigh that stand in a label: one that another stands in (순이익 in 당기순이익)
    is looked for only where that does."""
    inside: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (len(word), word)):
        inside.setdefault(next((one for one in inside if one in word), word), []).append(word)
    weighed = []
    for shortest, *longer in inside.values():
        own = sql.SQL("{}::float8").format(sql.Placeholder(f"w{places[shortest]}"))
        score = [own, _score(longer, places)] if longer else [own]
        said = sql.Placeholder(f"p{places[shortest]}")
        weighed.append(_STANDS.format(word=said, score=_PLUS.join(score)))
    return _PLUS.join(weighed)


def _shortest(words: Sequence[str]) -> tuple[str, ...]:
    """Without those that another stands in: what says 당기순이익 says 순이익."""
    return tuple(word for word in words if not any(one != word and one in word for one in words))


def _telling(words: Mapping[str, float]) -> list[str]:
    """Without the lightest that all together weigh less than half of any other alone: what says only these is
    behind everything else, and most labels do (금액, 당기)."""
    lightest = sorted(words, key=words.__getitem__)
    weights = [words[word] for word in lightest]
    sums = accumulate(weights, initial=0.0)
    light = max(n for n, (below, least) in enumerate(zip(sums, weights, strict=False)) if below < least / 2)
    return lightest[light:]
