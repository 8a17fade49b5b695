"""Brokers' reports and filings: aligned by company, time and amounts; records that hold what they say."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.model import Level
from core.profile.glossary import load_glossary
from core.report import ReportTopic
from finetune.interpret import BEFORE, Commented, align, commented, interpret
from finetune.record import record_of, row
from tests.doubles.learnt import filed, interpretations, judge, kiwi, reports


def test_each_seed_report_finds_the_filing_it_speaks_of() -> None:
    found = {}
    for parsed in reports():
        aligned = align(parsed.report, commented(parsed.sections)[0], filed())
        assert aligned
        found[parsed.report.file_name] = aligned.filed.filing.rcept_no
    assert found == {
        "dasom-bond.md": "20250703000915",
        "dasom-suit.md": "20251029000916",
        "gaon-2024.md": "20250318000911",
        "gaon-3q25.md": "20251114000913",
        "gaon-contract.md": "20250512800912",
        "nuri-2024.md": "20250320000912",
        "nuri-rights.md": "20250609000914",
    }


def test_a_report_is_never_aligned_to_what_was_filed_later_or_long_before() -> None:
    parsed = next(one for one in reports() if one.report.file_name == "nuri-rights.md")
    said, _ = commented(parsed.sections)
    filing = date(2025, 6, 9)
    before = replace(parsed.report, published=filing - timedelta(days=1))
    late = replace(parsed.report, published=filing + BEFORE + timedelta(days=1))
    assert align(parsed.report, said, filed())
    assert not align(late, said, filed())
    early = align(before, said, filed())
    assert early is None or early.filed.filing.rcept_dt < filing


def test_nothing_in_common_is_no_alignment() -> None:
    report = reports()[0].report
    said = [Commented(ReportTopic.RISK, "원가율이 99.7%까지 올라 부담이다.", None)]
    assert align(report, said, filed()) is None


def test_every_record_is_right_by_the_judge_and_says_every_level_in_its_words() -> None:
    records = interpretations()
    assert {record.level for record in records} == set(Level)
    assert not [f.told for r in records for f in judge().faults(r, r.output, reference=False)]
    for record in records:
        assert record.topics == ("실적", "밸류에이션", "가이던스", "리스크")
        assert record.day >= date(2025, 2, 1)
        assert all(f"{topic}:" in record.output for topic in record.topics)


def test_what_the_filing_does_not_hold_is_shown_as_the_brokers() -> None:
    (record,) = [r for r in interpretations() if r.level is Level.ADVANCED and "3조 9,800억원" in r.output]
    assert "[2] 증권사 리포트: 예시증권 2025-03-21" in record.input
    line = next(one for one in record.output.split(" [2].") if "3조 9,800억원" in one)
    assert "[1]" not in line.split("추정")[1]


def test_beginners_are_told_less_and_hard_words_explained() -> None:
    by_level = {r.level: r for r in interpretations() if r.sources[0] == "20250703000915"}
    beginner, advanced = by_level[Level.BEGINNER], by_level[Level.ADVANCED]
    assert "전환사채(" in beginner.output
    assert "전환사채(" not in advanced.output
    assert beginner.output.count("[") < advanced.output.count("[")
    assert beginner.terms


def test_a_record_survives_its_file() -> None:
    for record in interpretations():
        assert record_of(row(record)) == replace(record, sources=tuple(record.sources))


@pytest.mark.parametrize("word", ["매수", "목표주가", "지어낸", "발간일"])
def test_opinions_and_notices_are_in_no_record(word: str) -> None:
    assert not [r.output for r in interpretations() if word in r.output]


def test_a_report_of_advice_alone_makes_no_record() -> None:
    parsed = reports()[0]
    aligned = align(parsed.report, commented(parsed.sections)[0], filed())
    assert aligned
    assert not list(interpret(replace(aligned, said=[]), load_glossary(), kiwi().terms, "seed"))
