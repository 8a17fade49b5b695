"""Which records are learnt from: right by the judge, short enough, said once, and split so nothing leaks."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from rensa import RMinHash, RMinHashLSH

from finetune.clean import personal
from finetune.judge import Judge
from finetune.record import Record, Rejected, Split

_LIKE = 0.9  # estimated Jaccard of 5-character shingles from which two records are one
_SHINGLE, _PERMUTATIONS, _BANDS = 5, 128, 16


def check(records: Iterable[Record], judge: Judge, most: int | None) -> tuple[list[Record], list[Rejected]]:
    """`most`: tokens of a whole record, None for no limit."""
    kept: list[Record] = []
    rejected: list[Rejected] = []
    for record in records:
        reason = _reason(record, judge, most)
        if reason:
            rejected.append(Rejected(record, reason))
        else:
            kept.append(record)
    return kept, rejected


def _reason(record: Record, judge: Judge, most: int | None) -> str:
    if most is not None and record.tokens is not None and record.tokens > most:
        return f"너무 긺: {record.tokens}토큰 (한도 {most})"
    if personal(record.prompt) or personal(record.output):
        return "개인정보"
    fault = next(iter(judge.faults(record, record.output, reference=False)), None)
    return fault.told if fault else ""


def distinct(records: Sequence[Record]) -> tuple[list[Record], list[Rejected]]:
    """Without near copies: of one level, prompt and output together nearly the same (MinHash, LSH)."""
    index: dict[str, RMinHashLSH] = {}
    hashes: list[RMinHash] = []
    kept: list[Record] = []
    rejected: list[Rejected] = []
    for record in records:
        made = RMinHash(num_perm=_PERMUTATIONS, seed=42)
        made.update(_shingles(record))
        lsh = index.setdefault(
            record.level, RMinHashLSH(threshold=_LIKE, num_perm=_PERMUTATIONS, num_bands=_BANDS)
        )
        twin = next((n for n in lsh.query(made) if made.jaccard(hashes[n]) >= _LIKE), None)
        if twin is None:
            lsh.insert(len(hashes), made)
            hashes.append(made)
            kept.append(record)
        else:
            rejected.append(Rejected(record, f"거의 같은 기록: {kept[twin].id}"))
    return kept, rejected


def _shingles(record: Record) -> list[str]:
    text = "".join(f"{record.prompt}\n{record.output}".split())
    pieces = [text[i : i + _SHINGLE] for i in range(max(1, len(text) - _SHINGLE + 1))]
    return list(dict.fromkeys(pieces))


def split(records: Sequence[Record], share: float) -> Split:
    """`test`: whole companies, about `share` of the records. Of the others `validation`: what is newest,
    about `share`, and nothing of a source that `train` has seen.

    With a single company there is no test, with a single day no validation.
    """
    by_company = {
        name: list(group)
        for name, group in groupby(sorted(records, key=lambda r: r.corp_code), key=lambda r: r.corp_code)
    }
    held: list[str] = []
    left = share * len(records)
    for company in sorted(by_company, key=_order):
        if len(held) + 1 < len(by_company) and len(by_company[company]) <= max(left, 1):
            held.append(company)
            left -= len(by_company[company])
    if not held and len(by_company) > 1:
        held = [min(by_company, key=lambda name: (len(by_company[name]), _order(name)))]
    test = [r for r in records if r.corp_code in held]
    rest = sorted((r for r in records if r.corp_code not in held), key=lambda r: (r.day, r.id))
    cut = _cut(rest, share)
    if cut is None:
        return Split(rest, (), test, held_out=tuple(held))
    train = [r for r in rest if r.day < cut]
    validation = _unseen(rest, cut)
    kept = {id(r) for r in (*train, *validation)}
    rejected = [Rejected(r, "학습에 쓴 공시에도 기댐") for r in rest if id(r) not in kept]
    return Split(train, validation, test, tuple(rejected), cut, tuple(held))


def _cut(records: Sequence[Record], share: float) -> date | None:
    """The day from which what is new comes nearest to the share; the later of equals."""
    days = sorted({r.day for r in records})[1:]
    sizes = {day: len(_unseen(records, day)) for day in days}
    usable = [day for day in days if sizes[day]]
    return min(
        usable, key=lambda day: (abs(sizes[day] - share * len(records)), -day.toordinal()), default=None
    )


def _unseen(records: Sequence[Record], cut: date) -> list[Record]:
    """Of that day or later, and of no source that an earlier one has."""
    seen = {source for r in records if r.day < cut for source in r.sources}
    return [r for r in records if r.day >= cut and not seen.intersection(r.sources)]


def _order(company: str) -> str:
    """The same whatever else is there: a company stays where it was when others come."""
    return hashlib.blake2b(company.encode(), digest_size=8).hexdigest()
