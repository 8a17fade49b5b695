"""Which words are looked for in labels, and by which plain text a name is found."""

from hypothesis import given
from hypothesis import strategies as st

from core.store.naming import labelled, values_of

WEIGHTS = st.dictionaries(
    st.text("가나다라", min_size=1, max_size=3), st.floats(0.1, 4.5), min_size=1, max_size=8
)


def looked_for(words: dict[str, float], turn: int = 0) -> set[str]:
    _, values = labelled("select * from figure", ["20250318000911"], words, 10)[turn]
    return set(str(values["any"]).split("|"))


def test_light_words_are_looked_for_only_where_no_other_is_found() -> None:
    words = {"매출채권": 3.0, "대손": 2.5, "금액": 0.4, "당기": 0.7}
    assert looked_for(words) == {"매출채권", "대손"}
    assert looked_for(words, 1) == set(words)


def test_what_says_a_longer_word_says_the_shorter() -> None:
    assert looked_for({"당기순이익": 3.0, "순이익": 3.0, "자산": 2.0}) == {"순이익", "자산"}


@given(WEIGHTS)
def test_what_is_left_out_at_first_weighs_less_than_anything_looked_for(words: dict[str, float]) -> None:
    first = looked_for(words)
    left = {word for word in words if not any(one in word for one in first)}
    covered = [weight for word, weight in words.items() if word not in left]
    assert covered
    assert sum(words[word] for word in left) < max(covered) / 2


def test_a_name_is_looked_for_by_its_letters_without_case() -> None:
    assert values_of("DS부문", ["ds/SL", "부문/N"], None)["plain"] == "부문"
    assert values_of("Harman", ["harman/SL"], "09900011")["plain"] == ""
