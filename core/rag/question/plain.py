"""A question in the words of filings, its accounts spelled as they are."""

from collections.abc import Sequence

from core.korean import squeeze
from core.model import Company
from core.ports import Corpus
from core.rag.language.sayings import formal, mended


async def plain(text: str, companies: Sequence[Company], corpus: Corpus, names: frozenset[str]) -> str:
    """`names` are of accounts; a word with one wrong letter stays where a filing has that very spelling."""
    said = formal(text)
    spelled = mended(said, names)
    if spelled == said:
        return said
    filed = await corpus.accounts_in([company.corp_code for company in companies], said)
    return mended(said, names, set(map(squeeze, filed)))
