"""Names in two scripts."""

import pytest

from core.model import Company
from core.rag.language.companies import find_companies
from core.rag.language.sounds import in_hangul, in_latin, label_alike, letters_at_head, sound_alike


@pytest.mark.parametrize(
    ("latin", "hangul"),
    [("SNG닷컴", "에스엔지닷컴"), ("AB&C", "에이비앤씨"), ("G마켓", "지마켓"), ("가람BM", "가람비엠")],
)
def test_letters_are_read_wherever_they_stand(latin: str, hangul: str) -> None:
    assert in_hangul(latin) == hangul


def test_two_letters_read_one_after_the_other_are_written() -> None:
    assert in_latin("엔지손해보험") == "NG손해보험"
    assert in_latin("가람디엑스") == "가람DX"
    assert in_latin("시소") == "시소"  # one alone is a syllable
    assert letters_at_head("와이지뮤직") == ["YG뮤직"]
    assert in_hangul("Harman") == "Harman"


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        ("하만", "Harman"),
        ("테슬라", "Tesla"),
        ("인텔", "Intel"),
        ("애플", "Apple"),
        ("퀄컴", "Qualcomm"),
        ("버라이즌", "Verizon"),
        ("마이크론", "Micron"),
        ("도시바", "Toshiba"),
        ("페이스북", "Facebook"),
    ],
)
def test_a_foreign_name_as_it_sounds(hangul: str, latin: str) -> None:
    assert sound_alike(hangul, latin)


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        ("하만", "Hyundai"),
        ("인텔", "Natal"),  # begins with a vowel or not
        ("소니", "Sun"),  # too little to go by
        ("테슬라", "Tsl"),
        ("마이크론", "Maker"),
        ("harman", "Harman"),
    ],
)
def test_other_names_sound_otherwise(hangul: str, latin: str) -> None:
    assert not sound_alike(hangul, latin)


def test_a_slip_is_of_one_letter_of_a_syllable() -> None:
    gaon = [Company("1", "가온전자")]
    assert find_companies("가온젼자 매출", gaon)[0] == gaon
    assert find_companies("가온전기 매출", gaon)[0] == []  # another company


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        ("웨이퍼", "Wafer"),
        ("케미칼", "Chemical"),
        ("카메라", "Camera"),
        ("윈도우", "Window"),
        ("모듈", "Module"),
    ],
)
def test_a_word_of_labels_as_it_sounds(hangul: str, latin: str) -> None:
    assert label_alike(hangul, latin)


@pytest.mark.parametrize(("hangul", "latin"), [("웨이퍼", "Paper"), ("케미칼", "Camera"), ("가스", "Case")])
def test_another_word_of_labels_does_not(hangul: str, latin: str) -> None:
    assert not label_alike(hangul, latin)
