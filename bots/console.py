"""The terminal: streams answers and keeps one conversation's state."""

import sys
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from bots.level_report import level_text
from bots.rendering import sources_text
from core.errors import InputError
from core.model import Answer, Level

if TYPE_CHECKING:
    from core.rag.answering import Answering

_HELP = """\
그냥 질문을 적으면 공시에서 근거를 찾아 답합니다.
  쉽게, 더 자세히      방금 답을 더 쉽게, 또는 더 자세히 다시 씁니다
  /level            지금 수준과 그렇게 본 까닭을 보여 줍니다
  /level 초급|중급|고급   수준을 정합니다 (/level 자동: 대화에서 다시 짐작합니다)
  /sources          마지막 답의 근거와 DART 링크
  /reset            지금까지의 대화를 잊고 새로 시작합니다
  /help             이 도움말
  /quit             끝내기"""


@dataclass
class Console:
    answering: "Answering"
    conversation: str
    person: str | None
    level: Level | None
    today: date
    _last: Answer | None = field(default=None, init=False)

    async def handle(self, line: str) -> None:
        """One line typed: a command or a question."""
        text = line.strip()
        if not text:
            return
        if not text.startswith("/"):
            from bots.commands.ask import parse_question

            answer = await self.say(parse_question(text))
            if answer.citations:
                sys.stdout.write("(근거와 DART 링크: /sources)\n")
            return
        command, _, rest = text.partition(" ")
        match command:
            case "/level" | "/수준":
                await self._set_level(rest.strip())
            case "/sources" | "/근거":
                shown = sources_text(self._last) if self._last and self._last.citations else ""
                sys.stdout.write(f"{shown or '아직 보여 드릴 근거가 없습니다.'}\n")
            case "/reset" | "/새로":
                await self.answering.forget(self.conversation)
                self._last = None
                sys.stdout.write("대화를 새로 시작합니다.\n")
            case "/help" | "/도움말" | "/start":
                sys.stdout.write(f"{_HELP}\n")
            case _:
                raise InputError(f"그런 명령이 없습니다: {command} (도움말: /help)")

    async def say(self, question: str) -> Answer:
        """Ask and stream; a restart voids what was shown and says so."""
        from core.rag.answering import Done, Restart, Text

        async for event in self.answering.ask(
            question,
            conversation=self.conversation,
            today=self.today,
            person=self.person,
            level=self.level,
        ):
            match event:
                case Text(text):
                    sys.stdout.write(text)
                    sys.stdout.flush()
                case Restart(reason):
                    sys.stdout.write(f"\n({reason} 다른 방법으로 다시 씁니다.)\n\n")
                case Done(answer):
                    self._last = answer
        assert self._last is not None  # noqa: S101  # Answering promises Done
        mark = {"override": "고정", "inferred": "대화에서 짐작", "default": "기본"}
        source = mark[self._last.level_source]
        sys.stdout.write(f"\n\n— {self._last.level.korean}({source}) · {_writer(self._last)}\n")
        return self._last

    async def _set_level(self, asked: str) -> None:
        """Show, lock or unlock; a lock is the person's and outlives the session."""
        from bots.commands.ask import parse_level
        from core.profile.profile import Profile

        profiles = self.answering.profiles
        if not asked:
            known = await profiles.get(self.person) if self.person else Profile()
            sys.stdout.write(level_text(known, self.level))
            return
        level = None if asked in ("자동", "auto") else parse_level(asked)
        self.level = None if self.person else level
        if self.person:
            await profiles.lock(self.person, level)
        sys.stdout.write(
            f"이제 {level.korean} 수준으로 답합니다.\n"
            if level
            else "이제 대화에서 수준을 짐작해 답합니다.\n"
        )


def _writer(answer: Answer) -> str:
    kind, _, name = answer.backend.partition(":")
    return f"Ollama {name}" if kind == "ollama" else "추출 작성기(언어 모델 없음)"
