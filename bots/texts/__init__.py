"""Every Korean sentence that the bot says of itself; what it says of companies is written in core/rag and
core/digest.

Constants where nothing varies, functions where something does. Here is the conversation; in the modules
beside it what stands by itself: watches, digest, level, slack, alerts. Kept so that one person can read the
voice of the bot in one place: 해요체 throughout, while the command line says 합니다체. Nothing here is
markup: renderers escape.
"""

from collections.abc import Sequence
from datetime import timedelta

from core.korean import particle
from core.model import Level

# --- greeting and help -------------------------------------------------------------------------------------
HELLO = (
    "안녕하세요, 공시톡이에요. 상장회사의 공시(DART)를 읽고, 근거가 있는 숫자와 문장으로 답해요. "
    "눈높이는 대화에서 알아서 맞춰요."
)
HELLO_GROUP = "안녕하세요, 공시톡이에요. 저를 부르거나 제 말에 답장해서 물으면 공시에서 근거를 찾아 답해요."
DISCLAIMER = "공시를 찾아 알려 드리는 정보이지 투자 권유가 아니에요. 사고파는 판단은 하지 않아요."
EXAMPLES = ("가온전자 작년 영업이익이 얼마야?", "그럼 전년은?", "리픽싱이 뭐예요?")
EXAMPLES_LEAD = "이렇게 물어보세요."
HELP_LEAD = (
    "그냥 질문을 적으면 공시에서 근거를 찾아 답해요. "
    "답 아래의 단추나 ‘쉽게’, ‘더 자세히’로 다시 쓸 수 있어요."
)
HELP_COMMANDS = "명령"

COMMAND_SAYS = {
    "start": "인사와 쓰는 법",
    "help": "도움말",
    "ask": "질문하기: /ask 가온전자 작년 매출은?",
    "level": "지금 수준과 까닭; /level 초급|중급|고급|자동",
    "watch": "회사의 새 공시를 받아 보기: /watch 가온전자",
    "unwatch": "받아 보기를 그만두기: /unwatch 가온전자",
    "digest": "하루 요약의 시각과 종류: /digest 18:30",
    "sources": "마지막 답의 근거와 DART 링크",
    "reset": "지금까지의 대화를 잊고 새로 시작하기",
    "link": "텔레그램과 슬랙의 나를 잇기",
    "export": "나에 관해 저장된 모든 것을 파일로 받기",
    "forget": "나에 관한 모든 것을 지우기",
    "usage": "오늘 몇 번 물었는지 보기",
}


def unknown_command(name: str) -> str:
    return f"그런 명령이 없어요: {name} (도움말: /help)"


# --- questions ---------------------------------------------------------------------------------------------
EMPTY = "글로 적은 질문만 읽을 수 있어요. 예) 가온전자 작년 영업이익이 얼마야?"
ASK_WHAT = "/ask 뒤에 질문을 적어 주세요. 예) /ask 가온전자 작년 영업이익이 얼마야?"
SOURCES = "근거"
NO_SOURCES = "아직 보여 드릴 근거가 없어요."
FICTIONAL = "가상의 예시"
PERIOD, COMPANY = "기간", "회사"
OLD_BUTTON = "오래된 답이라 이 단추는 쓸 수 없어요. 질문을 다시 적어 주세요."
UNKNOWN_BUTTON = "이 단추는 이제 쓰지 않아요."
SIMPLEST = "이미 가장 쉬운 답이에요."
DEEPEST = "이미 가장 자세한 답이에요."
RESET = "대화를 새로 시작해요."

GOOD, BAD, SIMPLER, DEEPER = "도움됨", "아쉬움", "더 쉽게", "더 자세히"
THANKS = {
    "good": "고마워요. 다음 답에도 참고할게요.",
    "bad": "알려 줘서 고마워요. 무엇이 아쉬운지 적어 주면 다시 찾아볼게요.",
}
AGAIN = {"simpler": "더 쉽게 다시 쓸게요.", "deeper": "더 자세히 다시 쓸게요."}


def too_long(length: int, longest: int) -> str:
    return f"질문이 너무 길어요({length:,}자). {longest:,}자까지 받아요."


def footer(level: Level, source: str, backend: str) -> str:
    """The last line of an answer: its level, why this one, and who wrote it."""
    kind, _, name = backend.partition(":")
    writer = f"Ollama {name}" if kind == "ollama" else "추출 작성기(언어 모델 없음)"
    why = {"override": "고정", "inferred": "대화에서 짐작", "default": "기본"}[source]
    return f"— {level.korean}({why}) · {writer}"


# --- level -------------------------------------------------------------------------------------------------
LEVEL_WHICH = "수준은 초급, 중급, 고급, 자동 가운데 하나예요. 예) /level 초급"
LEVEL_FREE = "이제 대화에서 수준을 짐작해 답해요."


def level_fixed(level: Level) -> str:
    return f"이제 {level.korean} 수준으로 답해요."


# --- account -----------------------------------------------------------------------------------------------
LINKED = "두 계정을 이었어요. 이제 어디서 묻든 같은 분으로 알고 답해요."
FORGET_ASK = (
    "나에 관해 저장된 것을 모두 지울까요? 수준과 대화, 물은 기록, 구독, 이은 계정이 사라지고 "
    "되돌릴 수 없어요. 먼저 받아 두려면 /export 를 쓰세요."
)
FORGET_YES, FORGET_NO = "예, 모두 지워요", "아니요"
FORGOTTEN = "모두 지웠어요. 다시 물으면 처음 뵙는 분으로 답해요."
KEPT = "지우지 않았어요."
NOT_YOURS = "이 단추는 물은 분만 누를 수 있어요."
EXPORTED = "저장된 것을 모두 담은 파일이에요."
EXPORT_NAME = "gongsi-export.json"


def link_code(code: str) -> str:
    return f"다른 메신저의 공시톡에서 10분 안에 이렇게 보내세요: /link {code}"


def privately(command: str) -> str:
    return f"여러 사람이 보는 곳이라 여기서는 답하지 않아요. 저와의 1:1 대화에서 {command} 라고 보내 주세요."


def usage(questions: int, limit: int | None) -> str:
    if limit is None:
        return f"오늘 {questions:,}번 물었어요. 횟수 제한은 없어요."
    left = max(limit - questions, 0)
    asked = f"오늘 {questions:,}번 물었고 {left:,}번 더 물을 수 있어요(하루 {limit:,}번)."
    return f"{asked} 한국 시각 자정에 다시 채워져요."


# --- limits ------------------------------------------------------------------------------------------------
PERSON_SPENT = "오늘 물을 수 있는 횟수를 다 썼어요. 한국 시각 자정에 다시 채워져요."
ROOM_SPENT = "이 대화방에서 오늘 물을 수 있는 횟수를 다 썼어요. 한국 시각 자정에 다시 채워져요."


def too_fast(per_minute: int) -> str:
    return f"조금 천천히 물어 주세요. 1분에 {per_minute:,}번까지 답해요. 1분 뒤에 다시 보내 주세요."


def not_allowed(person: str) -> str:
    return f"허락된 분만 쓸 수 있는 공시톡이에요. 운영자에게 이 이름을 알려 주세요: {person}"


# --- failures ----------------------------------------------------------------------------------------------
MODEL_DOWN = "답을 쓰는 모델이 지금 대답하지 않아요. 잠시 뒤에 다시 물어 주세요."
STORE_DOWN = "저장소에 문제가 있어 답하지 못했어요. 잠시 뒤에 다시 물어 주세요."
MAINTENANCE = "공시 자료를 새로 정리하고 있어요. 잠시 뒤에 다시 물어 주세요."
SLOW = "답을 쓰는 데 너무 오래 걸려 그만두었어요. 질문을 짧게 나누어 다시 물어 주세요."
UNSAID = "답을 여기에 표시하지 못했어요. 잠시 뒤에 다시 물어 주세요."
WRITE_FIRST = "1:1 대화로 보내 드릴 내용인데 아직 대화가 없어요. 저에게 먼저 말을 걸어 주세요."
WRITING = "답을 쓰는 중…"
FAILED = "답하지 못했어요. 저희 쪽 문제이니 잠시 뒤에 다시 물어 주세요."

# --- watching, while nothing watches -----------------------------------------------------------------------
NO_WATCHES = "여기서는 새 공시를 받아 볼 수 없어요."

# --- admin -------------------------------------------------------------------------------------------------
ADMIN_HELP = (
    "/admin status · /admin block 사람 · /admin unblock 사람 · /admin quota 사람 50|기본\n"
    "사람은 telegram:42 또는 slack:T1/U2 꼴로 적어요."
)
ADMIN_SAYS = "운영: 현황, 차단, 한 사람의 하루 횟수"


def admin_status(
    questions: int,
    persons: int,
    turned_away: int,
    good: int,
    bad: int,
    blocked: Sequence[str],
    waiting: timedelta | None,
) -> str:
    wait = f"{waiting.total_seconds():.0f}초" if waiting else "없음"
    return (
        f"오늘 질문 {questions:,}건, 사람 {persons:,}명, 막은 것 {turned_away:,}건\n"
        f"도움됨 {good:,} · 아쉬움 {bad:,}\n"
        f"가장 오래 기다리는 일: {wait}\n"
        f"차단: {', '.join(blocked) or '없음'}"
    )


def blocked(person: str) -> str:
    return f"{particle(person, '을/를')} 차단했어요."


def unblocked(person: str) -> str:
    return f"{particle(person, '을/를')} 다시 받아요."


def quota_fixed(person: str, questions: int | None) -> str:
    return f"{person}: 하루 {questions:,}번" if questions is not None else f"{person}: 기본 횟수"
