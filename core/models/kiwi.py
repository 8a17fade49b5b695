"""Korean morphemes by Kiwi: the terms of the keyword index and of `kiwi-static`."""

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from importlib.metadata import version
from itertools import takewhile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiwipiepy import Kiwi

_RULES = "1"  # raise when anything below changes what terms() returns: indexes must be rebuilt

_KEEP = ("NN", "NR", "NP", "VV", "VA", "XR", "SL", "SH", "SN", "MAG", "W_")
_DROP = frozenset(
    [
        "것/N",
        "수/N",
        "등/N",
        "있/VV",
        "있/VA",
        "없/VA",
        "하/VV",
        "되/VV",
        "이/N",
        "그/N",
    ]  # in nearly every sentence
)
# Split wrongly without help (notes/storage.md §5). Compounds are left split on purpose: as one word
# 영업이익 would no longer be found in 영업이익률.
_FIXED = ("주식양수도", "LG에너지솔루션")

# A long run without a space is cut into pieces: 200,000 × "a" took 23 s whole, 0.08 s in pieces. Hangul
# stays slow in pieces too: 100,000 × "가" 7 s.
_LONG_RUN = re.compile(r"(\S{100})(?=\S)")
_UNSAFE = re.compile("[\x00\ud800-\udfff]")
_LONGEST = 100  # characters of one term
_RUN = re.compile(r"[가-힣A-Za-z0-9&]+")
_NAMING = ("NNP", "SL")
_SYLLABLES = ("NNG", "NNP", "MM", "NR", "XSN", "XPN", "IC")
_SHORT, _REMEMBERED = 500, 1024  # characters of a text, texts
_FEWEST_SYLLABLES = 3  # 한 해, 두 배
_UNLISTED = 4  # ids below it are of a tag, not of a dictionary's morpheme


class KiwiTokenizer:
    """core.ports.Tokenizer. Kiwi loads at the first use (2.4 s, 520 MB) and is shared by threads.

    It analyses many texts on `threads` of its own; None: one a core.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._names: set[str] = set(_FIXED)
        self._terms = lru_cache(maxsize=_REMEMBERED)(self._analyse)
        self._runs = lru_cache(maxsize=_REMEMBERED)(self._named_runs)

    @property
    def fingerprint(self) -> str:
        return f"kiwi-{version('kiwipiepy')}-{version('kiwipiepy_model')}-r{_RULES}"

    @cached_property
    def kiwi(self) -> "Kiwi":
        """The analyser itself, for `KiwiStatic`, which reads its vectors."""
        from kiwipiepy import Kiwi

        with self._lock:
            if (made := self.__dict__.get("kiwi")) is None:
                made = Kiwi(num_workers=self._threads)
                for name in sorted(self._names):
                    made.add_user_word(name, "NNP")
                self.__dict__["kiwi"] = made
        return made

    def add_names(self, names: Iterable[str]) -> None:
        """Company names that must stay whole: unknown ones swallow their particle (name+의)."""
        clean = {_clean(name).strip() for name in names}
        with self._lock:
            new = sorted(name for name in clean - self._names if 2 <= len(name) <= _LONGEST)
            self._names.update(new)
            self._terms.cache_clear()
            self._runs.cache_clear()
            if (made := self.__dict__.get("kiwi")) is not None:
                for name in new:
                    made.add_user_word(name, "NNP")

    def terms(self, text: str) -> list[str]:
        """Remembered of the last short texts: one answer asks for those of its question eight times."""
        return list(self._terms(text) if len(text) <= _SHORT else self._analyse(text))

    def _analyse(self, text: str) -> tuple[str, ...]:
        return tuple(_content(self.kiwi.tokenize(_clean(text))))

    def names(self, text: str) -> list[str]:
        """Runs with a proper noun, foreign letters or a noun of no dictionary, or taken apart into syllables
        (한/종/희)."""
        return list(self._runs(text) if len(text) <= _SHORT else self._named_runs(text))

    def _named_runs(self, text: str) -> tuple[str, ...]:
        clean = _clean(text)
        runs = list(_RUN.finditer(clean))
        whole, *alone = self.kiwi.tokenize([clean, *(run[0] for run in runs)])
        inside = [[t for t in whole if run.start() <= t.start < run.end()] for run in runs]
        found = zip(runs, inside, alone, strict=True)
        return tuple(dict.fromkeys(run[0] for run, *ways in found if any(map(_names, ways))))

    def terms_many(self, texts: Sequence[str]) -> list[list[str]]:
        return [list(_content(tokens)) for tokens in self.kiwi.tokenize(map(_clean, texts))]


def term(form: str, tag: str) -> str:
    """`form/TAG`; nouns of every kind share the tag N."""
    return f"{form.lower()}/{'N' if tag[0] == 'N' else tag}"


def _names(tokens: Sequence[Any]) -> bool:
    if any(token.tag in _NAMING or (token.tag == "NNG" and token.id < _UNLISTED) for token in tokens):
        return True
    syllables = list(takewhile(lambda token: token.tag in _SYLLABLES and len(token.form) == 1, tokens))
    rest = tokens[len(syllables) :]
    return len(syllables) >= _FEWEST_SYLLABLES and all(token.tag[0] == "J" for token in rest)


def _content(tokens: Iterable[Any]) -> Iterator[str]:
    for token in tokens:
        tag = token.tag.split("-")[0]  # VV-I, VV-R: regular or not is no difference in meaning
        if tag.startswith(_KEEP):
            form = token.form.replace(",", "") if tag == "SN" else token.form
            found = term(form[:_LONGEST], tag)
            if found not in _DROP:
                yield found


def _clean(text: str) -> str:
    return _LONG_RUN.sub(r"\1 ", _UNSAFE.sub(" ", text))
