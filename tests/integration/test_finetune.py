"""A dataset from a real database: the prompts are those the bot sends, and every file is there."""

import json
from datetime import date
from pathlib import Path

import pytest

from bots.commands.etl import import_paths
from bots.commands.reports import reports
from core.model import Level
from core.models.kiwi import KiwiTokenizer
from core.profile.glossary import load_glossary
from core.settings import Settings, load_settings
from core.wiring.answering import open_answering, open_research
from finetune.briefs import Asking
from finetune.dataset import SEEDS, Wanted, build
from finetune.record import read_records
from tests.doubles.learnt import SAMPLES
from tests.doubles.ollama import Ollama, serve

pytestmark = pytest.mark.anyio
TODAY = date(2025, 11, 24)
QUESTIONS = ("가온전자 2024년 연결 영업이익은 얼마인가요?", "누리바이오 유상증자 내용 알려 주세요.")


@pytest.fixture(scope="module")
def kiwi() -> KiwiTokenizer:
    return KiwiTokenizer()


@pytest.fixture
def here(database: str, kiwi: KiwiTokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The samples in a database of their own, and one analyser for all: it takes seconds to load."""
    for module in ("etl", "answering", "models"):
        monkeypatch.setattr(f"core.wiring.{module}.build_tokenizer", lambda *_: kiwi)
    monkeypatch.setenv("GONGSI_DATABASE__URL", database)
    monkeypatch.setenv("GONGSI_PATHS__DATA", str(tmp_path / "data"))
    import_paths([SAMPLES], load_settings(), quiet=True)
    return load_settings()


class Silent:
    def start(self, what: str, total: int) -> None: ...
    def advance(self, by: int = 1) -> None: ...
    def finish(self) -> None: ...


async def test_a_prompt_to_learn_from_is_the_prompt_the_bot_sends(here: Settings) -> None:
    with serve(Ollama(models=("m:latest",), pieces=("모릅니다.",))) as double:
        llm = here.llm.model_copy(update={"backend": "ollama", "ollama_host": double.host, "model": "m"})
        settings = here.model_copy(update={"llm": llm})
        async with open_answering(settings) as answering:
            for n, question in enumerate(QUESTIONS):
                asked = answering.ask(question, conversation=f"t:{n}", today=TODAY, level=Level.BEGINNER)
                async for _ in asked:
                    pass
        sent = [[m["content"] for m in body["messages"]] for body in double.requests]
    async with open_research(here) as (corpus, research, tokenizer, teacher):
        room = here.llm.num_ctx - here.llm.num_predict
        asking = Asking(corpus, tokenizer, research, load_glossary(), here.retrieval, room, teacher)
        for question in QUESTIONS:
            brief = await asking.brief(question, Level.BEGINNER, TODAY)
            assert brief
            assert [brief.system, brief.prompt] in sent
        assert await asking.brief("가온전자 살까요?", Level.BEGINNER, TODAY) is None


def test_a_dataset_of_filings_and_reports(
    here: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reports([SEEDS / "nuri-2024.md", SEEDS / "gaon-contract.md"], as_json=True)
    capsys.readouterr()
    out = tmp_path / "dataset"
    made = build(here, Wanted(out, cutoff=2048, per_company=12), Silent())
    for name, part in made.parts.items():
        assert read_records(out / f"{name}.json") == [*part]
    records = [record for part in made.parts.values() for record in part]
    assert {record.kind for record in records} == {"answer", "interpretation"}
    assert {record.origin for record in records} == {"filings", "report"}
    info = json.loads((out / "dataset_info.json").read_text(encoding="utf-8"))
    assert set(info) == {"gongsi_train", "gongsi_validation", "gongsi_test"}
    rejected = [
        json.loads(line) for line in (out / "rejected.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert len(rejected) == len(made.rejected)
    assert all(row["reason"] for row in rejected)
    card = (out / "README.md").read_text(encoding="utf-8")
    assert "증권사 리포트" in card
    assert f"학습 {len(made.train):,}건" in card
    assert (out / "statistics.svg").read_text(encoding="utf-8").startswith("<svg")
    told = json.loads((out / "statistics.json").read_text(encoding="utf-8"))
    assert told["tokens"]["most"] <= 2048
    again = build(here, Wanted(tmp_path / "again", cutoff=2048, per_company=12), Silent())
    assert again.parts == made.parts
