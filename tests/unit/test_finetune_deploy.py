"""The real `ollama` client against a double that keeps models: deploy, try, roll back, switch; repairs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.errors import InputError, ModelError
from core.settings import Llm, load_settings
from finetune.deploy import Deployment, deploy, deployment, refuse_worse, rollback, switch
from finetune.modelfile import CHATS, chat_of
from finetune.repair import repair
from tests.doubles.ollama_engine import Server, serve


@dataclass
class Says:
    text: str = "결산배당을 결정했습니다."

    def stream(self, folder: Path, messages: list[dict[str, str]], options: dict[str, Any]) -> Iterator[str]:
        assert (folder / "model.safetensors").is_file()
        yield from (self.text, "stop")


@pytest.fixture
def double(tmp_path: Path) -> Iterator[Server]:
    with serve(Server(tmp_path / "ollama", Says())) as running:
        yield running


@pytest.fixture
def merged(tmp_path: Path) -> Path:
    folder = tmp_path / "merged"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "config.json").write_text("{}")
    told = {"base": "data/tiny", "template": "llama3"}
    (folder / "gongsi.json").write_text(json.dumps(told))
    return folder


def llm(double: Server) -> Llm:
    return load_settings().llm.model_copy(update={"ollama_host": double.host})


def put(double: Server, merged: Path, name: str = "llama-x") -> str:
    return deploy(deployment(merged, name, "지시"), llm(double), lambda _: None)


def test_a_model_is_made_with_template_system_stop_words_and_context(double: Server, merged: Path) -> None:
    assert put(double, merged) == "결산배당을 결정했습니다."
    made = double.models["llama-x:latest"].made
    assert set(made["files"]) == {"model.safetensors", "config.json"}
    assert made["system"] == "지시"
    assert made["parameters"]["num_ctx"] == load_settings().llm.num_ctx
    assert "<|eot_id|>" in made["parameters"]["stop"]
    assert made["template"] == CHATS["llama3"].template
    assert "<|begin_of_text|>" not in made["template"]


def test_the_model_before_is_kept_and_put_back(double: Server, merged: Path) -> None:
    put(double, merged)
    first = double.models["llama-x:latest"]
    put(double, merged)
    assert double.models["llama-x-previous:latest"] is first
    assert double.models["llama-x:latest"] is not first
    assert rollback("llama-x", llm(double)) == "결산배당을 결정했습니다."
    assert double.models["llama-x:latest"] is first
    with pytest.raises(InputError, match="되돌릴 모델이 없습니다"):
        rollback("llama-y", llm(double))


@pytest.mark.parametrize("text", ["", "갚\ufffd", "<|eot_id|>"])
def test_one_that_cannot_speak_makes_way_again(double: Server, merged: Path, text: str) -> None:
    put(double, merged)
    first = double.models["llama-x:latest"]
    double.engine = Says(text)
    for name in ("llama-x", "llama-new"):
        with pytest.raises(ModelError, match="제대로 말하지 못합니다"):
            put(double, merged, name)
    assert double.models["llama-x:latest"] is first
    assert "llama-new:latest" not in double.models


def test_a_server_that_is_not_there(merged: Path, tmp_path: Path) -> None:
    with serve(Server(tmp_path, Says())) as gone:
        pass
    with pytest.raises(ModelError, match="이야기하지 못했습니다"):
        put(gone, merged)


@pytest.mark.parametrize(
    ("told", "name", "said"),
    [
        ({"base": "meta-llama/Llama-3.1-8B", "template": "llama3"}, "gongsi", "‘Llama’로 시작"),
        ({"base": "data/tiny"}, "x", "--template"),
        ({"template": "llama3"}, "x", "--template"),
    ],
)
def test_no_deployment(merged: Path, told: dict[str, str], name: str, said: str) -> None:
    (merged / "gongsi.json").write_text(json.dumps(told))
    with pytest.raises(InputError, match=said):
        deployment(merged, name, "지시")


def test_a_gguf_is_one_file(merged: Path) -> None:
    path = merged / "m.gguf"
    path.write_bytes(b"GGUF")
    assert deployment(path, "x", "지시").files == [path]
    bare = Deployment(merged, "x", "llama3", "지시", "data/tiny")
    assert [p.name for p in bare.files] == ["config.json", "model.safetensors"]


@pytest.mark.parametrize("template", sorted(CHATS))
def test_templates_are_balanced(template: str) -> None:
    chat = chat_of(template)
    opened = chat.template.count("{{- if") + chat.template.count("{{ if") + chat.template.count("{{- range")
    ended = chat.template.count("{{- end }}") + chat.template.count("{{ end }}")
    assert opened == ended
    assert chat.stop
    with pytest.raises(InputError):
        chat_of("exaone")


def test_the_switch_keeps_the_comment(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(
        '[embedding]\nmodel = ""   # 임베딩\n[llm]\nmodel = "a"   # 이름\nnum_ctx = 1\n', encoding="utf-8"
    )
    switch(file, "llama-x")
    assert file.read_text(encoding="utf-8").splitlines()[1:4] == [
        'model = ""   # 임베딩',
        "[llm]",
        'model = "llama-x"   # 이름',
    ]
    file.write_text("[llm]\n", encoding="utf-8")
    with pytest.raises(InputError):
        switch(file, "x")


@pytest.mark.parametrize("report", [{}, {"verdict": "worse", "worse": ["figure"]}])
def test_a_worse_model_is_refused(report: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="나쁩니다"):
        refuse_worse(report)
    refuse_worse({"verdict": "ok"})


def test_repairs_are_what_ollama_reads_and_made_once(tmp_path: Path) -> None:
    rope = {"rope_theta": 500000.0, "rope_type": "llama3", "factor": 8.0}
    (tmp_path / "config.json").write_text(json.dumps({"rope_parameters": rope, "dtype": "float32"}))
    (tmp_path / "tokenizer_config.json").write_text("{}")
    (tmp_path / "chat_template.jinja").write_text("{{ bos_token }}")
    assert len(repair(tmp_path)) == 2
    config = json.loads((tmp_path / "config.json").read_text())
    assert (config["rope_theta"], config["rope_scaling"]) == (
        500000.0,
        {"rope_type": "llama3", "factor": 8.0},
    )
    assert config["torch_dtype"] == "float32"
    assert json.loads((tmp_path / "tokenizer_config.json").read_text())["chat_template"] == "{{ bos_token }}"
    assert repair(tmp_path) == []


def test_a_model_without_scaling_gets_none(tmp_path: Path) -> None:
    rope = {"rope_theta": 10000.0, "rope_type": "default"}
    (tmp_path / "config.json").write_text(json.dumps({"rope_parameters": rope}))
    repair(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["rope_theta"] == 10000.0
    assert "rope_scaling" not in config
