"""Fit core/profile/weights.toml on labelled histories, with cross-validation by user.

    python tools/profile/fit.py ../shared/data/profile/dev.jsonl [--write] [--held-out FILE]

The signs of the weights are given by cues.toml, so the fit is convex: penalised likelihood of every
message's gold level under non-negative sizes, by accelerated projected gradient. The few numbers of memory
are chosen by an inner cross-validation within each training fold. Without --write it only reports.
"""

import argparse
import itertools
import json
import math
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from core.models.kiwi import KiwiTokenizer
from core.profile.cues import load_directions, load_fixed
from core.profile.estimate import _BURST, _DAY, _DISOWNED, is_disowned
from core.profile.glossary import load_glossary
from core.profile.signals import Reader, Reading

LEVELS = ["beginner", "intermediate", "advanced"]
NAMES = [name for name in load_directions() if name not in load_fixed()]
DOWN = np.array([load_directions()[name] == "down" for name in NAMES])
# sizes are ≥ 0; the sign of (lower, upper) by direction: a common term tells of intermediate, from both sides
SIGNS = np.array([{"down": (-1, -1), "mid": (1, -1), "up": (1, 1)}[load_directions()[n]] for n in NAMES]).T
BELOW = 1.3
_SILENCE = 0.5  # nats: with nothing known the prior must be intermediate (label guide)
GRID = {
    "overall": (0.3, 0.5, 0.7),
    "topic": (0.15, 0.3, 0.5),
    "elsewhere": (0.4, 0.7, 1.0),
    "doubt": (0.5, 0.8, 1.0),
    "keep": (0.7,),
    "half_life_days": (20.0,),
    "ridge": (0.02, 0.05, 0.1),
}
FOLDS = 5
# What each signal is taken to tell before any data (lower, upper): a size rarely seen stays near it.
# By kind of signal, from the label guide's definitions of the levels.
EXPECTED = {
    "used_beginner": (0.1, 0.1),
    "used_intermediate": (1.0, 0.2),
    "used_advanced": (0.7, 1.3),
    "asked_beginner": (2.0, 1.0),
    "asked_intermediate": (1.5, 1.0),
    "asked_advanced": (0.7, 1.2),
    "misused": (1.2, 1.2),
    "meaning": (1.0, 0.8),
    "pasted": (0.7, 0.5),
    "confess": (1.2, 0.8),
    "plain_question": (0.9, 0.4),
    "checks_term": (1.2, 0.6),
    "jargon": (0.4, 0.4),
    "simpler": (1.2, 0.8),
    "rule": (0.5, 1.2),
    "source": (0.5, 0.8),
    "adjust": (0.5, 0.8),
    "consequence": (0.4, 0.6),
    "acronym": (0.3, 0.5),
    "english": (0.4, 0.6),
    "deeper": (0.3, 0.5),
    "fluent": (0.4, 0.5),
    "compare": (0.5, 0.2),
    "trend": (0.5, 0.2),
    "driver": (0.4, 0.2),
    "arrange": (0.4, 0.2),
}
_DOUBT = (0.7, 0.4)  # of the remaining signals of not knowing


class History:
    """One user's messages as signal vectors."""

    def __init__(self, row: dict[str, Any], reader: Reader) -> None:
        self.row = row
        self.readings = [reader.read(m["text"]) for m in row["messages"]]
        self.gold = [LEVELS.index(m["level"]) for m in row["messages"]]
        self.at = [datetime.fromisoformat(m["at"]).timestamp() for m in row["messages"]]

    def features(self, memory: dict[str, float]) -> np.ndarray:
        """Shape (messages, signals): what estimate.py adds up, with each signal kept apart."""
        rows, zero = [], np.zeros(len(NAMES))
        overall, burst, topics, burst_topics, about = zero, zero, {}, {}, {}
        doubt = np.where(DOWN, memory["doubt"], 1.0)
        known = np.where(DOWN, 1.0, _DISOWNED)
        last = None
        for reading, at in zip(self.readings, self.at, strict=True):
            at = at if last is None else max(at, last)
            gap = 0.0 if last is None else at - last
            if gap >= _BURST:
                aged, keep = 0.5 ** (gap / _DAY / memory["half_life_days"]), memory["keep"]
                overall = (overall * keep + burst) * aged
                for topic, one in burst_topics.items():
                    topics[topic] = topics.get(topic, zero) * keep + one
                topics = {topic: one * aged for topic, one in topics.items()}
                burst, burst_topics = zero, {}
            if is_disowned(reading):
                overall, burst = overall * known, burst * known
                topics = {t: one * known for t, one in topics.items()}
                burst_topics = {t: one * known for t, one in burst_topics.items()}
            x = vector(reading)
            before = about
            about = dict(about) if gap < _BURST or not reading.topics else {}
            for topic, weight in reading.topics.items():
                about[topic] = about.get(topic, 0.0) + weight
            for topic in reading.topics or before:
                burst_topics[topic] = burst_topics.get(topic, zero) + x
            burst, last = burst + x, at
            new = sum(weight for topic, weight in about.items() if topic not in topics)
            share = 1 - (1 - memory["elsewhere"]) * (new / sum(about.values()) if about else 0.0)
            z = burst + memory["overall"] * share * doubt * overall
            for topic, weight in about.items():
                z = z + memory["topic"] * weight / sum(about.values()) * doubt * topics.get(topic, zero)
            rows.append(z)
        return np.array(rows)


def vector(reading: Reading) -> np.ndarray:
    x = np.zeros(len(NAMES))
    for signal in reading.signals:
        x[NAMES.index(signal.name)] += signal.strength
    return x


def fit(z: np.ndarray, gold: np.ndarray, weight: np.ndarray, ridge: float, steps: int = 250) -> np.ndarray:
    """Sizes, shape (2, signals + 1); the last column is the prior, free in its sign."""
    z = np.hstack([z, np.ones((len(z), 1))])
    signs = np.hstack([SIGNS, [[1], [1]]])
    center = np.array([[*(EXPECTED.get(name, _DOUBT)[step] for name in NAMES), 0.0] for step in range(2)])
    penalty = np.hstack([np.full((2, len(NAMES)), ridge), np.full((2, 1), 0.005)])
    target = np.stack([gold >= 1, gold >= 2]).astype(float)
    sizes = center.copy()
    sizes[:, -1] = (0.5, -0.5)
    seen, momentum = sizes.copy(), 1.0
    rate = 1.0 / (np.linalg.eigvalsh((z * weight[:, None]).T @ z)[-1] / 1.0 + penalty.max() * 2)
    for _ in range(steps):
        lower, upper = (seen * signs) @ z.T
        p = softmax(lower, upper)
        above = np.stack([p[1] + p[2], p[2]])
        slope = ((above - target) * weight) @ z * signs + 2 * penalty * (seen - center)
        new = seen - rate * slope
        new[:, :-1] = np.maximum(new[:, :-1], 0)
        new[:, -1] = max(new[0, -1], _SILENCE), min(new[1, -1], -_SILENCE)
        following = (1 + math.sqrt(1 + 4 * momentum**2)) / 2
        seen = new + (momentum - 1) / following * (new - sizes)
        sizes, momentum = new, following
    return sizes


def softmax(lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    scores = np.stack([np.zeros_like(lower), lower, lower + upper])
    scores -= scores.max(0)
    masses = np.exp(scores)
    return masses / masses.sum(0)


def predict(sizes: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Probabilities, shape (3, messages)."""
    z = np.hstack([z, np.ones((len(z), 1))])
    return softmax(*((sizes * np.hstack([SIGNS, [[1], [1]]])) @ z.T))


def decide(p: np.ndarray) -> np.ndarray:
    costs = np.array([[max(t - s, 0) * BELOW + max(s - t, 0) for t in range(3)] for s in range(3)])
    return (costs @ p).argmin(0)


def stack(histories: list[History], memory: dict[str, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    z = np.vstack([h.features(memory) for h in histories])
    gold = np.concatenate([h.gold for h in histories])
    # every user weighs alike by half: a long conversation is no more people
    weight = np.concatenate([np.full(len(h.gold), len(h.gold) ** -0.5) for h in histories])
    for at in np.cumsum([len(h.gold) for h in histories]) - 1:
        weight[at] *= 1.5  # the last message's level is the user's
    return z, gold, weight / weight.sum()


def folds(histories: list[History], count: int, seed: int) -> list[list[History]]:
    """By user, the levels spread evenly."""
    order = np.random.default_rng(seed).permutation(len(histories))
    ranked = sorted((histories[i] for i in order), key=lambda h: h.gold[-1])
    return [ranked[i::count] for i in range(count)]


def choose(histories: list[History], seed: int) -> dict[str, float]:
    """The memory with the best inner cross-validated likelihood."""
    best, parts = (math.inf, {}), folds(histories, 4, seed)
    for values in itertools.product(*GRID.values()):
        memory = dict(zip(GRID, values, strict=True))
        made = [stack(part, memory) for part in parts]
        loss = 0.0
        for i, (z, gold, weight) in enumerate(made):
            rest = [np.concatenate(x) for x in zip(*(m for j, m in enumerate(made) if j != i), strict=True)]
            p = predict(fit(rest[0], rest[1], rest[2] / rest[2].sum(), memory["ridge"] / 10, 120), z)
            loss -= float((np.log(p[gold, np.arange(len(gold))]) * weight).sum())
        if loss < best[0]:
            best = (loss, memory)
    return best[1]


def report(told: list[tuple[History, np.ndarray]]) -> dict[str, Any]:
    from core.profile.scorecard import Told, score

    rows = [
        Told(h.row, [LEVELS[i] for i in decide(p)], [tuple(column) for column in p.T], {}) for h, p in told
    ]
    return score(rows)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("histories", type=Path)
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--fixed", action="store_true", help="skip the inner choice of memory (quick look)")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    reader = Reader(load_glossary(), KiwiTokenizer().terms)
    histories = [History(json.loads(line), reader) for line in arguments.histories.read_text().splitlines()]
    fixed = {
        "overall": 0.5,
        "topic": 0.3,
        "elsewhere": 0.7,
        "doubt": 0.8,
        "keep": 0.7,
        "half_life_days": 20.0,
        "ridge": 0.02,
    }
    told = []
    for part in folds(histories, FOLDS, arguments.seed):
        rest = [h for h in histories if h not in part]
        memory = fixed if arguments.fixed else choose(rest, arguments.seed)
        z, gold, weight = stack(rest, memory)
        sizes = fit(z, gold, weight, memory["ridge"] / 10)
        told += [(h, predict(sizes, h.features(memory))) for h in part]
        if not arguments.fixed:
            sys.stderr.write(f"{memory}\n")
    sys.stdout.write(json.dumps(report(told), ensure_ascii=False, indent=1) + "\n")
    if arguments.errors:
        show_errors(told)
    memory = fixed if arguments.fixed else choose(histories, arguments.seed)
    z, gold, weight = stack(histories, memory)
    sizes = fit(z, gold, weight, memory["ridge"] / 10, 2000)
    if arguments.held_out:
        held = [History(json.loads(line), reader) for line in arguments.held_out.read_text().splitlines()]
        told = [(h, predict(sizes, h.features(memory))) for h in held]
        sys.stdout.write(json.dumps(report(told), ensure_ascii=False, indent=1) + "\n")
        if arguments.errors:
            show_errors(told)
    if arguments.write:
        write(sizes, memory, arguments)


def show_errors(told: list[tuple[History, np.ndarray]]) -> None:
    for h, p in sorted(told, key=lambda pair: pair[0].row["user"]):
        said = decide(p)
        for i, m in enumerate(h.row["messages"]):
            if said[i] != h.gold[i]:
                last = "LAST" if i == len(h.gold) - 1 else ""
                names = [(s.name, round(s.strength, 1), s.quote) for s in h.readings[i].signals]
                about = f"{h.row['user']} {h.row['kind']} gold={h.gold[i]} said={said[i]} {last}"
                sys.stdout.write(f"{about} {p[:, i].round(2)} {m['text'][:100]!r}\n")
                sys.stdout.write(f"      {h.readings[i].topics} {names}\n")


def write(sizes: np.ndarray, memory: dict[str, float], arguments: argparse.Namespace) -> None:
    both = sizes * np.hstack([SIGNS, [[1], [1]]])
    users = len(arguments.histories.read_text().splitlines())
    lines = [
        "# Made by tools/profile/fit.py --write; do not edit. [lower, upper]: how far, in nats,",
        "# strength 1 of a signal moves the odds of intermediate over beginner, of advanced over it.",
        f"# Fitted on {arguments.histories.name} ({users} users).",
        "",
        "[prior]",
        f"lower = {both[0, -1]:.3f}",
        f"upper = {both[1, -1]:.3f}",
        "",
        "[memory]",
        *(f"{name} = {value}" for name, value in memory.items() if name != "ridge"),
        "",
        "[cost]",
        f"below = {BELOW}",
        "",
        "[signals]",
        *(f"{name} = [{both[0, i]:.3f}, {both[1, i]:.3f}]" for i, name in enumerate(NAMES)),
    ]
    target = Path(__file__).parents[2] / "core/profile/weights.toml"
    target.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
