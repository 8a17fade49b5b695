"""The words of filings for what a question says in everyday ones, searched for beside its own.

MRR@10 with it and without, on dart-lges (`gongsi eval retrieval`): beginners .424, .311; advanced .925, .915.
"""

from collections.abc import Sequence

from core.profile.glossary import Glossary

_MOST_ACCOUNTS = 2  # names of accounts; more of them drown the question's own words


def formal_words(text: str, accounts: Sequence[str], glossary: Glossary) -> list[str]:
    """Names of the accounts that were understood and of the lay words in the text: 빚 → 부채총계."""
    return list(dict.fromkeys((*accounts[:_MOST_ACCOUNTS], *glossary.formal(text))))


def expanded(text: str, accounts: Sequence[str], glossary: Glossary) -> str:
    """The text to search for."""
    return " ".join((text, *formal_words(text, accounts, glossary)))
