"""Lies made of a source's own words: subjects exchanged, plans told as deeds, denials taken away."""

import re
from datetime import date, timedelta

from tests.doubles.analyst import Claim
from tests.doubles.lies.liar import COMPANIES, Liar
from tests.doubles.prompt import Prompt, prose, topic, when

_DAY = re.compile(r"(20\d{2})\s?[-년.]\s?(\d{1,2})\s?[-월.]\s?(\d{1,2})(?:일)?")
_SUBJECT = re.compile(r"^((?:[가-힣A-Za-z]+ ){0,2}[가-힣A-Za-z]{2,}[은는]) (.+)$")
_NOBODY = re.compile(r"^(?:당사|회사|이|그|다만|또한|다음)[은는]?\b|20\d\d|않")
_DISCLAIMER = re.compile(r"지어낸|실제가 아닙니다")  # that a sample is one: no filing says so
_DONE = (
    (r"(\S+)할 계획이(?:며.*|ㅂ니다|습니다)?\.$", r"\1했습니다."),
    (r"(\S+)할 계획입니다\.$", r"\1했습니다."),
    (r"추진합니다\.$", "마쳤습니다."),
    (r"바뀔 수 있습니다\.$", "바뀝니다."),
    (r"할 수 있습니다\.$", "합니다."),
    (r"예정입니다\.$", "결정되었습니다."),
    (r"씁니다\.$", "썼습니다."),
    (r"유지합니다\.$", "유지하지 못했습니다."),
    (r"줄어듭니다\.$", "줄었습니다."),
    (r"늘어납니다\.$", "늘었습니다."),
)
_UNDENIED = (
    ("하지 않았습니다", "했습니다"),
    ("하지 않습니다", "합니다"),
    ("없습니다", "있습니다"),
    ("없어", "있어"),
    ("아닙니다", "맞습니다"),
    ("못했습니다", "했습니다"),
    ("해소되었습니다", "해소되지 않았습니다"),
    ("나왔습니다", "나오지 않았습니다"),
    ("입니다", "이 아닙니다"),
)


class Sources(Liar):
    """Every word stands in the filing, and the sentence does not."""

    def lie_spliced(self, p: Prompt) -> str | None:
        """The subject of one sentence with what another says of its own."""
        told = [(n, s) for n, s in prose(p) if not _DISCLAIMER.search(s)]
        split = [(n, m[1], m[2]) for n, s in told if (m := _SUBJECT.match(s)) and not _NOBODY.search(m[1])]
        own = {company for _, company, _ in p.sources}  # of whom all of its filing tells
        pairs = [
            (one, other)
            for one in split
            for other in split
            if one[1] != other[1]
            and one[1][:-1] not in own
            and one[2] != other[2]
            and one[1][:-1].split()[-1] not in other[2]
        ]
        if not pairs:
            return None
        one, other = self.rng.choice(pairs)
        return f"{one[1]} {other[2].removesuffix('.')}"

    def lie_doer(self, p: Prompt) -> str | None:
        """What one company did told of another."""
        found = [(n, s) for n, s in prose(p) if not _DISCLAIMER.search(s)]
        if not found:
            return None
        n, sentence = self.rng.choice(found)
        own = next(company for number, company, _ in p.sources if number == n)
        other = self.rng.choice([c for c in COMPANIES if c != own and c not in sentence])
        bare = sentence.removesuffix(".")
        if own in bare:
            return bare.replace(own, other)
        if bare.startswith(("당사는 ", "회사는 ")):
            return f"{topic(other)} {bare[4:]}"
        return f"{other}의 {bare}"

    def lie_deed(self, p: Prompt) -> str | None:
        """A plan, a hedge or a condition told as a deed."""
        made = [
            re.sub(pattern, new, s).removesuffix(".")
            for _, s in prose(p)
            for pattern, new in _DONE
            if re.search(pattern, s)
        ]
        return self.rng.choice(made) if made else None

    def lie_undenied(self, p: Prompt) -> str | None:
        made = [
            s.removesuffix(".").removesuffix(old) + new
            for _, s in prose(p)
            for old, new in _UNDENIED
            if s.removesuffix(".").endswith(old)
        ]
        return self.rng.choice(made) if made else None

    def lie_cause_swapped(self, p: Prompt) -> str | None:
        """The reason that a source gives for one thing given for another that it tells of."""
        causes = [m[1] for _, s in prose(p) if (m := re.search(r"까닭은 (.+?)기? 때문입니다", s))]
        causes += [
            m[1]
            for _, s in prose(p)
            if (m := re.search(r"[은는] (.+? [가-힣]+[어아여져라]) [가-힣]+[이가] ", s))
        ]
        heads = [m[1] for _, s in prose(p) if (m := re.match(r"(.+? 까닭은) ", s))]
        heads += [
            f"{m[1]} 까닭은" for _, s in prose(p) if (m := re.match(r"((?:\S+ ){1,2}\S+[이가] (?:줄|늘))", s))
        ]
        pairs = [
            (h, c) for h in heads for c in causes if not any(h[:-1] in s and c in s for _, s in prose(p))
        ]
        if not pairs:
            return None
        head, cause = self.rng.choice(pairs)
        return f"{head} {cause}기 때문입니다" if cause[-1] != "기" else f"{head} {cause} 때문입니다"

    def lie_qualified(self, p: Prompt) -> str | None:
        """A noun of the sources put before an account it does not stand before in any of them."""
        f = self.pick(p)
        texts = " ".join(text for _, _, text in p.sources)
        nouns = sorted(
            {
                m[1]
                for _, s in prose(p)
                for m in re.finditer(
                    r"(?<![가-힣])([가-힣]{1,4}?[가-힣])(?<![에서로])(?:의|이|가|을|를|은|는)(?= )", s
                )
                if m[1] not in ("당사", "회사", "까닭", "이유", "영향", "기준")
            }
        )
        if not f or not nouns:
            return None
        squeezed = re.sub(r"\s", "", texts)
        noun = self.rng.choice(nouns)
        last = f.label.split()[-1]
        if (
            noun in f.label
            or noun in f.company
            or last in noun
            or f"{noun}{last}" in squeezed
            or f"{noun}의{last}" in squeezed
        ):
            return None
        return self.say(f, label=f"{noun} {f.label}", value=self.rng.choice((f.text, f.mark)))

    def lie_shifted_day(self, p: Prompt) -> str | None:
        """A day of a source moved by one, its words kept."""
        found = [
            (m, line) for _, _, text in p.sources for line in text.splitlines() for m in _DAY.finditer(line)
        ]
        if not found:
            return None
        m, line = self.rng.choice(found)
        words = re.sub(r"[|:›,]+", " ", line[: m.start()]).split()[-2:]
        if not words or not re.search("[가-힣]", words[-1]):
            return None
        moved = date(int(m[1]), int(m[2]), int(m[3])) + timedelta(days=self.rng.choice((-1, 1)))
        days = {tuple(map(int, d.groups())) for _, _, text in p.sources for d in _DAY.finditer(text)}
        if (moved.year, moved.month, moved.day) in days:
            return None
        words[-1] = re.sub(r"(?<=[가-힣]{2})[은는이가]$", "", words[-1])
        said = self.rng.choice((f"{moved.year}년 {moved.month}월 {moved.day}일", moved.isoformat()))
        return f"{topic(' '.join(words))} {said}입니다"

    def lie_basis_said(self, p: Prompt) -> str | None:
        """The basis exchanged, in plain words."""
        found = [f for f in p.figures if f.basis]
        if not found:
            return None
        f = self.rng.choice(found)
        words = (
            ("자회사까지 합친", "종속회사를 포함한")
            if f.basis == "별도"
            else ("자회사를 뺀", "본체만 본", "개별")
        )
        made = f"{f.company}의 {self.rng.choice(words)} {when(f.period)} {topic(f.label)} {f.text}입니다"
        other = "연결" if f.basis == "별도" else "별도"
        self.said = (made, Claim(f.company, when(f.period), other, f.label, f.text))
        return made
