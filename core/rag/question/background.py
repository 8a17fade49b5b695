"""Clauses that only say how a question came up: 어제 뉴스에서 봤는데요 | 회의 들어가야 돼요.

What they name narrows nothing down, and no filing says it: whether one does is looked up, not guessed.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from core.korean import squeeze
from core.model import Question
from core.rag.language.companies import called
from core.rag.question.asked import telling, units_asked

# Where a clause ends that stands for itself.
CLAUSE = re.compile(
    r"(?:(?<=던데)|(?<=는데)|(?<=인데)|(?<=은데)|(?<=데요)|(?<=더라)|(?<=[다라]며)|(?<=길래)|(?<=니까)|(?<=면서)|(?<=려고)|(?<=해서)"
    r"|(?<=[해세어아이예네군가나죠지까서]요)|(?<=니다)|(?<=[려해여겨라]줘)|(?<=[려해여]\s줘)|(?<=얼마야)|(?<=뭐야))"
    r"[\s,.!?~ㅋㅎㅠ]+|[.!?~]+\s+"
)
_ASKS = re.compile(r"얼마|몇|무엇|뭐|언제|누구|어디|어느|어떻|어떤|왜|알려|비교|궁금한")
_HEARSAY = re.compile(
    r"(?:[다라자]던데|[다라]는데|[다라]면서요?|[다라]며|그랬는데|봤는데|들었는데|많던데|그러던데|(?:얘기|말|소문)[가-힣]{0,2}\s\S+데)요?[\s,.?!~]*$"
)


def foreground(question: Question, said: str, terms: Callable[[str], list[str]]) -> Question:
    """The question without its clauses that name no company and nothing that is `said`: the squeezed text of
    what was found for it. The whole where nothing else is left, or no clause asks. What was only heard
    is left out, where the rest names the company."""
    names = [squeeze(name) for company in question.companies for name in called(company)]

    def names_something(clause: str) -> bool:
        bare = squeeze(clause)
        if any(name in bare for name in names) or any(char.isdigit() for char in bare):
            return True
        own = telling(terms(clause), question)
        return any(form in said for form, term in own.items() if "/N" in term or "/SL" in term)

    ends = [*(end.end() for end in CLAUSE.finditer(question.text)), len(question.text)]
    clauses = [question.text[start:end] for start, end in pairwise([0, *ends]) if end > start]
    kept = [one for one in clauses if _ASKS.search(one) or units_asked(one) or names_something(one)]
    heard = [one for one in kept if _HEARSAY.search(one) and not any(map(str.isdigit, one))]
    rest = [one for one in kept if one not in heard]
    if heard and any(name in squeeze(one) for one in rest for name in names):
        kept = rest  # what somebody said is not asked, where the company is named again
    if len(kept) == len(clauses) or not any(map(names_something, kept)):
        return question
    text = "".join(kept).strip()
    return replace(question, text=text, terms=tuple(terms(text)))
