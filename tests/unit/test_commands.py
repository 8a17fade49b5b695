"""What is typed as a command, and the one table of them."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots import texts
from bots.apology import apology
from bots.conversation import cleaned
from bots.talk import commands
from bots.talk.admin import _person
from bots.talk.answers import answer_id, buttons
from core.errors import FingerprintMismatch, InputError, ModelError, StoreError
from core.model import Answer, Level

# fmt: off
NAMES = [
    "start", "help", "ask", "level", "watch", "unwatch", "digest", "sources", "reset", "link", "export",
    "forget", "usage", "시작", "도움말", "질문", "수준", "관심", "관심해제", "요약", "근거", "새로", "연결",
    "내보내기", "잊기", "사용량",
]
# fmt: on


@pytest.mark.parametrize("name", NAMES)
def test_every_command_is_known_in_both_languages(name: str) -> None:
    assert commands.find(name) is not None
    assert commands.find(name.upper()) is commands.find(name)


def test_the_menu_is_what_messengers_take() -> None:
    menu = commands.menu()
    assert len({name for name, _ in menu}) == len(menu) == len(texts.COMMAND_SAYS)
    assert "admin" not in dict(menu)
    for name, says in menu:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert 1 <= len(says) <= 256


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/level 초급", ("level", "초급")),
        ("/level@gongsi_bot 초급", ("level", "초급")),
        ("／수준", ("수준", "")),
        ("/ask 가온전자 매출은?", ("ask", "가온전자 매출은?")),
        ("도움말", ("도움말", "")),
        ("가온전자 /level", None),
        ("1/2가 뭐야?", None),
        ("//", None),
        ("/", None),
        ("도움말이 뭐야?", None),
    ],
)
def test_commands_are_told_from_questions(text: str, found: tuple[str, str] | None) -> None:
    assert commands.typed(text) == found


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read(text: str) -> None:
    clean = cleaned(text)
    assert "\x00" not in clean
    assert clean == cleaned(clean)
    found = commands.typed(clean)
    if found and clean.startswith("/"):
        name, rest = found
        assert name
        assert clean.startswith(f"/{name}")
        assert clean.endswith(rest)
        assert rest == rest.strip()


def test_a_question_from_a_mac_is_composed() -> None:
    assert cleaned("가온  전자\x00\n매출?") == "가온 전자 매출?"


@given(st.text(max_size=300), st.lists(st.text(max_size=100), max_size=3))
def test_buttons_fit_into_what_messengers_carry(event: str, suggestions: list[str]) -> None:
    answer = Answer("", Level.BEGINNER, "default", "x", suggestions=suggestions)
    rows = buttons(answer_id(event), answer)
    assert [button.label for button in rows[0]] == ["도움됨", "아쉬움", "더 쉽게", "더 자세히"]
    for row in rows:
        for button in row:
            assert len(button.value.encode()) <= 64
            assert len(button.label) <= 75


@pytest.mark.parametrize(
    "person", ["", "42", "telegram:", "telegram:4 2", "slack:t1/u2", "x:1", "telegram:1'--"]
)
def test_an_admin_names_persons_as_platforms_do(person: str) -> None:
    with pytest.raises(InputError):
        _person(person)
    assert _person("telegram:42") == "telegram:42"
    assert _person("slack:T1/U2") == "slack:T1/U2"


def test_every_failure_has_its_own_words() -> None:
    errors = [
        FingerprintMismatch("x"),
        StoreError("postgresql://me:secret@host"),
        ModelError("x"),
        TimeoutError(),
        RuntimeError("secret"),
    ]
    told = [str(apology(error).to_json()) for error in errors]
    assert len(set(told)) == len(errors)
    assert not any("secret" in one for one in told)


def test_the_bot_speaks_in_one_register() -> None:
    for path in sorted(Path(texts.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.search("니다(?:[.!?]|$)", node.value.splitlines()[0] if node.value else ""), (
                    path
                )


def test_no_sentence_of_the_bot_is_written_twice() -> None:
    said = [value for value in vars(texts).values() if isinstance(value, str) and re.search("[가-힣]", value)]
    assert len(said) == len(set(said))
    assert texts.usage(3, 100).startswith("오늘 3번 물었고 97번")
    assert texts.usage(120, 100).startswith("오늘 120번 물었고 0번")
