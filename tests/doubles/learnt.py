"""Records of the bundled samples, made without a database: filings transformed here, and the seed reports."""

from functools import cache
from pathlib import Path

from core.etl.reports.parse import parse_report
from core.etl.source import discover, listing, read_source
from core.etl.transform import transform
from core.model import Company
from core.models.kiwi import KiwiTokenizer
from core.profile.glossary import load_glossary
from core.report import ParsedReport
from finetune.dataset import SEEDS
from finetune.interpret import Filed, align, commented, interpret
from finetune.judge import Judge
from finetune.names import proper_nouns
from finetune.record import Record

SAMPLES = Path(__file__).parents[2] / "samples"


@cache
def filed() -> tuple[Filed, ...]:
    made = []
    for source in discover([SAMPLES]):
        document, member, _ = read_source(source)
        told = transform(document, listing(document, source, member))
        made.append(Filed(told.filing, told.chunks, told.figures))
    return tuple(made)


@cache
def companies() -> tuple[Company, ...]:
    known = {one.filing.corp_code: one.filing for one in filed()}
    return tuple(Company(f.corp_code, f.corp_name, f.stock_code) for f in known.values())


@cache
def kiwi() -> KiwiTokenizer:
    tokenizer = KiwiTokenizer(1)
    tokenizer.add_names([company.corp_name for company in companies()])
    return tokenizer


@cache
def judge() -> Judge:
    names = [company.corp_name for company in companies()]
    return Judge(load_glossary(), names, proper_nouns(kiwi().kiwi.tokenize), kiwi().terms)


@cache
def reports() -> tuple[ParsedReport, ...]:
    return tuple(parse_report(p.read_bytes(), p.name, companies()) for p in sorted(SEEDS.glob("*.md")))


@cache
def interpretations() -> tuple[Record, ...]:
    made: list[Record] = []
    for parsed in reports():
        aligned = align(parsed.report, commented(parsed.sections)[0], filed())
        assert aligned is not None, parsed.report.title
        made += interpret(aligned, load_glossary(), kiwi().terms, "seed")
    return tuple(made)
