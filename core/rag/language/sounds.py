"""How one name is written in two scripts: letters as Koreans read them, foreign words as they sound."""

import re
from functools import lru_cache

# The longer reading of one beginning first.
_READ = {
    "더블유": "W", "더블류": "W", "에이치": "H", "에이": "A", "에스": "S", "에프": "F", "에쓰": "S",
    "아이": "I", "제이": "J", "케이": "K", "브이": "V", "엑스": "X", "와이": "Y", "제트": "Z", "비": "B",
    "씨": "C", "시": "C", "디": "D", "이": "E", "지": "G", "엘": "L", "엠": "M", "엔": "N", "오": "O",
    "피": "P", "큐": "Q", "알": "R", "티": "T", "유": "U", "앤": "&",
}  # fmt: skip
_SAID = {latin: hangul for hangul, latin in reversed(_READ.items())}
_CAPITALS = re.compile(r"(?<![A-Za-z])[A-Z&]+(?![a-z])")
_LETTERS = re.compile(rf"(?:{'|'.join(_READ)}){{2,}}")
_LETTER = re.compile("|".join(_READ))

# Sounds that are one to a Korean ear share a sign; vowels have none.
_INITIALS = ("k", "k", "n", "t", "t", "l", "m", "p", "p", "s", "s", "", "j", "j", "j", "k", "t", "p", "h")
_FINALS = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "l", "l", "l", "l", "l", "l", "l", "m", "p", "p", "t",
    "t", "n", "t", "t", "k", "t", "p", "t",
)  # fmt: skip
_SOUNDS = (
    (r"ph|f", "p"), (r"v|b", "p"), (r"sh|sch", "s"), (r"tch|ch|j|z", "j"), (r"th", "s"), (r"ck|qu|q", "k"),
    (r"x", "ks"), (r"c(?=[eiy])", "s"), (r"c|g", "k"), (r"d", "t"), (r"r(?![aeiouy])|(?<=.)h|w", ""),
    (r"r", "l"), (r"(?<=.)y(?=.)|(?<=[^aeiou])e$", "e"), (r"nk|ng", "n"),
)  # fmt: skip
_VOWELS = re.compile(r"[aeiouy]+")
_BASE, _VOWEL_COUNT, _FINAL_COUNT = ord("가"), 21, 28
_GLIDE, _GLIDING = "ʷ", frozenset((9, 10, 14, 15, 16))  # w before a vowel: ㅘ ㅙ ㅝ ㅞ ㅟ
_FEWEST, _FEWEST_OF_LABELS = 3, 2  # signs: names that share fewer share nothing
_SHORT = 2  # syllables


def in_hangul(name: str) -> str:
    """`SSG닷컴` → `에스에스지닷컴`; only capitals are read letter by letter."""
    return _CAPITALS.sub(lambda run: "".join(_SAID[letter] for letter in run[0]), name)


def in_latin(name: str) -> str:
    """`엠지손해보험` → `MG손해보험`: two or more letters read one after the other, wherever they stand."""
    return _LETTERS.sub(lambda run: _LETTER.sub(lambda letter: _READ[letter[0]], run[0]), name)


def letters_at_head(name: str) -> list[str]:
    """`와이지엔터테인먼트` → `YG엔터테인먼트`, and each longer beginning that may be letters too."""
    found, spelled, rest = [], "", name
    while letter := _LETTER.match(rest):
        spelled, rest = spelled + _READ[letter[0]], rest[letter.end() :]
        if len(spelled) > 1:
            found.append(spelled + rest)
    return found


def sound_alike(hangul: str, latin: str, *, fewest: int = _FEWEST) -> bool:
    """Whether a word of Hangul is the foreign one as it sounds: 하만 and Harman, 테슬라 and Tesla."""
    said, written = _of_hangul(hangul), _of_latin(latin)
    if len(said) < fewest or said != written:
        return False
    syllables, vowels = len(hangul), len(_VOWELS.findall(re.sub(r"(?<=[^aeiou])e$", "", latin.lower())))
    # Korean gives each cluster of consonants a vowel of its own, and adds none elsewhere
    return 0 < vowels <= syllables <= len(written) + vowels


def label_alike(hangul: str, latin: str) -> bool:
    """The same of words of labels, of which few are to be told apart: 웨이퍼, Wafer; 케미칼, Chemical."""
    said, written = _of_hangul(hangul, glides=True), latin.lower()
    vowels = len(_VOWELS.findall(re.sub(r"(?<=[^aeiou])e$", "", written)))
    glided = re.sub(r"wh?(?=[aeiouy])", _GLIDE, written)
    return (
        len(said) >= (_FEWEST_OF_LABELS if len(hangul) > _SHORT else _FEWEST)
        and any(said == _of_latin(glided.replace("ch", read)) for read in ("ch", "k"))
        and 0 < vowels <= len(hangul) <= len(written) + vowels
    )


def _of_hangul(word: str, *, glides: bool = False) -> str:
    found = ""
    for at, syllable in enumerate(word):
        code = ord(syllable) - _BASE
        if not 0 <= code < len(_INITIALS) * _VOWEL_COUNT * _FINAL_COUNT:
            return ""
        initial = _INITIALS[code // (_VOWEL_COUNT * _FINAL_COUNT)]
        if glides and not initial and code // _FINAL_COUNT % _VOWEL_COUNT in _GLIDING:
            initial = _GLIDE  # 웨, 와
        if at == 0 and not initial:
            found += "a"  # begins with a vowel
        found += (initial if not (initial == "h" and at) else "") + _FINALS[code % _FINAL_COUNT]
    return _single(found)


@lru_cache(maxsize=8_192)  # each word of the passages read is held against each name
def _of_latin(word: str) -> str:
    said = word.lower()
    for sound, sign in _SOUNDS:
        said = re.sub(sound, sign, said)
    first = "a" if _VOWELS.match(said) else ""
    return _single(first + _VOWELS.sub("", said))


def _single(signs: str) -> str:
    return re.sub(r"(.)\1+", r"\1", signs)
