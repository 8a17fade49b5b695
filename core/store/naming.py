"""What a question names, looked for in what filings say: words that begin so, and labels that say most."""

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import LiteralString

from psycopg import sql

_MAX_HOLDING = 1_000  # chunks; what more of them say is no name
_LAST = chr(0x10FFFF)
_CASELESS = re.compile(r"[가-힣0-9]+")
_LEGAL = r"(?:주식회사|유한회사|㈜|\(주\)|\(유\))"
_RARE = 2_000  # chunks with a word; of a commoner one those of a company are read, each for the word
_IDS = sql.SQL("coalesce(array_agg(id), '{{}}') as ids, coalesce(sum(df), 0) <= %(rare)s as rare from term")
_HOLDING = sql.SQL("""
    (select chunk_id from keyword join chunk using (chunk_id), {asked}
      where terms {holds} ids and (rare or %(corp_code)s::text is null)
        and coalesce(corp_code = %(corp_code)s, true) limit %(most)s)
    union all
    (select chunk_id from chunk, {asked}
      where not rare and corp_code = %(corp_code)s
        and (select terms {holds} ids from keyword where keyword.chunk_id = chunk.chunk_id) limit %(most)s)
""")
_WORDS = sql.SQL("""
    select corp_code, found[2], bool_or(coalesce(found[1], found[3]) is not null)
    from holding join chunk using (chunk_id), regexp_matches(content, %(word)s, 'gi') as found
    where visible and strpos(content, %(plain)s) > 0 group by 1, 2
""")


def _holding(asked: LiteralString, holds: LiteralString) -> sql.Composed:
    """The chunks whose terms are, of those asked, any (`&&`) or all (`@>`)."""
    return _HOLDING.format(asked=sql.SQL(asked), holds=sql.SQL(holds))


WORDS_WHOLE = sql.SQL("""
    with begun as (
        select {ids}
        where term >= %(begun)s and term < %(beyond)s and starts_with(term, %(begun)s) and df > 0
    ),
    parts as (
        select {ids} where term = any(%(terms)s) and df > 0
        having count(*) = cardinality(%(terms)s::text[])
    ),
    holding as ({any_begun} union {all_parts})
    {words}
""").format(ids=_IDS, any_begun=_holding("begun", "&&"), all_parts=_holding("parts", "@>"), words=_WORDS)
WORDS_APART = sql.SQL("""
    with heads as (select {ids} where term = any(%(heads)s) and df > 0),
    holding as ({any_head})
    {words}
""").format(ids=_IDS, any_head=_holding("heads", "&&"), words=_WORDS)
_STANDS = sql.SQL("strpos(labels, {word}) > 0")
_SAYS = sql.SQL("case when {stands} then {weight}::float8 else 0 end")
_LABELLED = sql.SQL("""
    with best as (
        select rcept_no, ordinal, {score} as score
        from figure where rcept_no = any(%(rcept_nos)s) and ({any_stands})
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
    looks for the light words too, is for when the first finds nothing."""
    stands = {word: _STANDS.format(word=sql.Placeholder(f"p{n}")) for n, word in enumerate(words)}
    says = [
        _SAYS.format(stands=stands[word], weight=sql.Placeholder(f"w{n}")) for n, word in enumerate(words)
    ]
    values: dict[str, object] = {f"p{n}": word for n, word in enumerate(words)}
    values |= {f"w{n}": weight for n, weight in enumerate(words.values())}
    values |= {"rcept_nos": list(rcept_nos), "limit": limit}
    return [
        (
            _LABELLED.format(
                score=sql.SQL(" + ").join(says),
                any_stands=sql.SQL(" or ").join(stands[word] for word in looked_for),
                figures=sql.SQL(figures),
            ),
            values,
        )
        for looked_for in dict.fromkeys((_shortest(_telling(words)), _shortest(list(words))))
    ]


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
