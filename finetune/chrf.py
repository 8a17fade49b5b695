"""chrF (Popović 2015): how alike two texts are by their character n-grams; made for words that inflect.

Word-based BLEU and ROUGE rate a negated Korean sentence above a right paraphrase; chrF is only the
likeness here, and never the judge of figures or of meaning.
"""

from collections import Counter

_ORDER = 6
_BETA = 2  # recall counts twice


def ngrams(text: str) -> list[Counter[str]]:
    """Of orders 1 to 6, spaces left out."""
    bare = "".join(text.split())
    return [Counter(bare[i : i + n] for i in range(len(bare) - n + 1)) for n in range(1, _ORDER + 1)]


def chrf(said: str, reference: str) -> float:
    """In [0, 1]; equals sacrebleu's sentence chrF2 / 100 (compared on 5 pairs, see the test)."""
    return likeness(ngrams(said), ngrams(reference))


def far(said: list[Counter[str]], other: list[Counter[str]]) -> bool:
    """Whether likeness is below a half for certain, at a tenth of the cost: with a fifth of the trigrams in
    common no longer n-gram has more, and (1 + 1 + 4 × 0.2) / 6 is 0.47."""
    mine, theirs = said[2], other[2]
    if not said[-1] or not other[-1]:
        return False
    common = sum(min(mine[gram], theirs[gram]) for gram in mine.keys() & theirs.keys())
    return common < 0.2 * min(mine.total(), theirs.total())


def likeness(said: list[Counter[str]], reference: list[Counter[str]]) -> float:
    precisions = recalls = 0.0
    orders = 0
    for mine, theirs in zip(said, reference, strict=True):
        if not mine or not theirs:
            continue
        common = sum((mine & theirs).values())
        precisions += common / mine.total()
        recalls += common / theirs.total()
        orders += 1
    if not orders or not precisions + recalls:
        return 0.0
    precision, recall = precisions / orders, recalls / orders
    return (1 + _BETA**2) * precision * recall / (_BETA**2 * precision + recall)
