"""What is kept and how it is split: nothing of the test is learnt, nothing of the validation was seen."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from finetune.record import Record
from finetune.selection import check, distinct, split
from tests.doubles.learnt import interpretations, judge


def record(company: int, day: int, filing: int) -> Record:
    return replace(
        interpretations()[0],
        corp_code=f"{company:08}",
        day=date(2025, 1, 1) + timedelta(days=day),
        sources=(f"{company}-{filing}",),
        input=f"{company} {day} {filing}",
    )


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 20), st.integers(0, 9)), min_size=1, max_size=60),
    st.sampled_from([0.05, 0.1, 0.3]),
)
def test_a_split_leaks_nothing(drawn: list[tuple[int, int, int]], share: float) -> None:
    records = [record(*one) for one in drawn]
    made = split(records, share)
    parts = [*made.train, *made.validation, *made.test, *(one.record for one in made.rejected)]
    assert sorted(map(id, parts)) == sorted(map(id, records))
    assert made.train or len({r.corp_code for r in records}) > 1
    test, others = {r.corp_code for r in made.test}, {r.corp_code for r in (*made.train, *made.validation)}
    assert test.isdisjoint(others)
    assert test == set(made.held_out)
    seen = {source for r in made.train for source in r.sources}
    assert not [r for r in made.validation if seen.intersection(r.sources)]
    if made.validation:
        assert max((r.day for r in made.train), default=date.min) < min(r.day for r in made.validation)


def test_a_company_stays_where_it_was_when_others_come() -> None:
    few = [record(company, company, 0) for company in range(8) for _ in range(3)]
    more = few + [record(company, company, 0) for company in range(8, 12) for _ in range(3)]
    before, after = split(few, 0.25).held_out, split(more, 0.25).held_out
    assert set(after) & {f"{company:08}" for company in range(8)} <= {*before, *after}
    assert before


def test_near_copies_are_learnt_once() -> None:
    one = interpretations()[0]
    twin = replace(one, input=one.input + " ")
    other = interpretations()[4]
    kept, rejected = distinct([one, twin, other])
    assert kept == [one, other]
    assert [r.reason for r in rejected] == [f"거의 같은 기록: {one.id}"]


def test_wrong_personal_and_long_records_are_rejected_with_the_reason() -> None:
    good = replace(interpretations()[0], tokens=500)
    wrong = replace(good, output=good.output.replace("500억원", "510억원"))
    personal = replace(good, output=good.output + " 문의는 02-123-4567로 합니다 [1].")
    long = replace(good, tokens=1025)
    kept, rejected = check([good, wrong, personal, long], judge(), 1024)
    assert kept == [good]
    assert [one.reason for one in rejected] == [
        "숫자: 자료에 없는 숫자: 510억원",
        "개인정보",
        "너무 긺: 1025토큰 (한도 1024)",
    ]
