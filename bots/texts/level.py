"""A profile in words: the level, how sure it is, and the words of one's own that showed it."""

from core.model import Level
from core.profile.profile import Profile

_PUSHES = {"down": "쉽게", "mid": "보통으로", "up": "깊게"}


def level_named(text: str) -> Level | None:
    """`초급`, `beginner`, `Beginner`."""
    return next((one for one in Level if text.lower() in (one.value, one.korean)), None)


def level_text(profile: Profile, fixed: Level | None = None) -> str:
    """For /level. `fixed` is a level of this session alone."""
    locked = fixed or profile.lock
    belief = profile.belief()
    if locked:
        lines = [f"지금 수준: {locked.korean} (고정; /level 자동 으로 풀 수 있어요)"]
    elif profile.source == "default":
        return "지금 수준: 중급 (아직 대화에서 짐작할 것이 없어 기본값이에요)\n"
    else:
        lines = [f"지금 수준: {belief.level.korean} (대화에서 짐작, 확신 {belief.confidence:.0%})"]
    for topic, told in profile.topics().items():
        lines.append(f"\n{topic}: {told.level.korean} (확신 {told.confidence:.0%})")
        lines += [
            f"  - “{one.quote}” → {one.says} ({_PUSHES[one.direction]})"
            for one in profile.why(topic, told.level)
        ]
    if not locked:
        lines.append("\n맞지 않으면 /level 초급|중급|고급 으로 정해 주세요.")
    return "\n".join(lines) + "\n"
