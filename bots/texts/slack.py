"""The sentences that only Slack's own surfaces show: the pane, the home tab, the slash command."""

PLACEHOLDER = "…"
WORKING = "공시를 찾아보고 있어요…"
CUT = " …"

SLASH_IN_THREAD = "이 채널에 질문을 올렸어요. 답은 그 글의 스레드에 달아요."
SLASH_IN_DM = "답은 저와의 다이렉트 메시지로 보내요."
NOT_INSTALLED = "이 워크스페이스의 설치가 끊겼어요. 공시톡을 다시 설치해 주세요."
ASKED = "님의 질문:"

HOME_TITLE = "공시톡"
HOME_LEVEL = "내 투자 지식 수준"
HOME_WATCHED = "알림을 받는 회사"
HOME_NOT_WATCHED = "아직 없어요. 메시지 탭에서 /watch 회사이름 이라고 보내 주세요."
HOME_DIGEST = "하루 요약을 받는 시각"
HOME_NO_DIGEST = "받지 않음"
HOME_UNWATCH = "그만 받기"
HOME_LEVELS = (
    ("초급", "/level 초급"),
    ("중급", "/level 중급"),
    ("고급", "/level 고급"),
    ("자동", "/level 자동"),
)


def home_more(count: int) -> str:
    return f"외 {count:,}곳은 /watch 로 볼 수 있어요."


DESCRIPTION = "상장사 공시를 근거로 눈높이에 맞춰 답해요."
ASSISTANT = "상장사 공시와 증권사 리포트에 대해 물어보세요. 숫자마다 근거를 달아요."
COMMAND = "공시에 대해 물어요"
COMMAND_HINT = "[질문이나 명령]"
