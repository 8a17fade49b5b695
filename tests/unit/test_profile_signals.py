"""What a message shows: terms used, asked about, repeated or misused; pastes; nothing from mere style."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Level
from core.models.kiwi import KiwiTokenizer
from core.profile.cues import load_cues, load_directions, load_fixed, load_morphemes, load_says, read_toml
from core.profile.glossary import load_glossary
from core.profile.pasted import quoted_spans
from core.profile.signals import Reader, Reading

PLAIN = Reader(load_glossary(), lambda _: ())
FILED = "당사는 제3회차 무기명식 이권부 전환사채의 행사에 따라 신주가 추가상장될 예정임을 공시합니다."


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(load_glossary(), KiwiTokenizer().terms)


def signals(reading: Reading) -> dict[str, str]:
    return {signal.name: signal.quote for signal in reading.signals}


@pytest.mark.parametrize(
    ("text", "name", "quote"),
    [
        ("가온전자 전환가액이랑 리픽싱 조건 알려줘", "used_advanced", "전환가액, 리픽싱"),
        ("누리바이오 영업이익률 전년 대비로", "used_intermediate", "영업이익률, 전년 대비"),
        ("리픽싱이 뭐예요?", "asked_advanced", "리픽싱"),
        ("유상증자가 도대체 뭔지 모르겠어요", "asked_intermediate", "유상증자"),
        ("배당이라는 게 무슨 뜻이죠", "asked_beginner", "배당"),
        ("EPS는 솔직히 처음 들어요", "asked_intermediate", "EPS"),
        (
            "충당부채는 회사가 모아 둔 돈이니까 많을수록 안전하죠?",
            "misused",
            "충당부채는 회사가 모아 둔 돈이니까 많을수록 안전",
        ),
        ("PER이 높을수록 안전한 회사죠", "misused", "PER이 높을수록 안전"),
        ("발행가액이 제가 내는 돈이에요?", "checks_term", "발행가액이 제가 내는 돈이에요?"),
        ("1032호 문단 11에 따른 분류인가", "rule", "1032호, 문단 11"),
        ("이거 호재예요 악재예요", "good_or_bad", "호재, 악재"),
        ("조금 더 쉽게 부탁드려요", "simpler", "쉽게"),
        ("현장별로 더 자세히 보고 싶은데", "deeper", "현장별, 더 자세히"),
        ("주식이 왜 떨어져요", "plain_why", "왜"),
        ("리픽싱이라는 게 왜 필요한가요", "asked_advanced", "리픽싱"),
        ("세법 쪽은 깜깜합니다", "confess", "깜깜"),
        ("설명해 주셨는데 못 따라갔어요", "baffled", "못 따라갔"),
        ("이게 좋은 말은 아닌 거 같은데요", "good_or_bad", "좋은 말"),
        ("그러면 제가 무엇을 해야 합니까", "own_stake", "제가 무엇을 해야"),
        ("리픽 바닥이랑 풋옵 행사일", "used_advanced", "리픽, 풋옵"),
    ],
)
def test_a_message_shows(text: str, name: str, quote: str) -> None:
    assert signals(PLAIN.read(text)).get(name) == quote


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("리픽싱이 뭐예요?", "used_advanced"),  # asking is not knowing
        ("교환사채로 찍는다던데 교환사채가 뭔지 모르겠음", "used_advanced"),
        ("뉴스에 컨센 상회라고 떴던데요", "used_intermediate"),  # only repeated
        ("감가상각은 현금이 나가는 게 아니잖아요", "misused"),  # denied
        ("파생상품평가손실은 현금 유출이 아니니 빼고", "misused"),
        ("영업이익이 줄어든 이유가 뭐예요", "asked_intermediate"),  # the reason is asked, not the term
        ("대표이사 이름 뭐였지", "asked_beginner"),
        ("매출채권 감자칩", "lay_word"),
        ("시험에 이연법인세부채, 확정급여채무가 나온대요", "used_advanced"),  # as others say
        ("오버행이 상존한다는 건 좋은 말은 아닌 거 같은데요", "used_advanced"),
        ("이연법인세부채 잔액", "deeper"),  # 세부 stands in the term
        ("이자를 못 냈다는 뜻이죠?", "asked_beginner"),  # 뜻 is of the clause, not of 이자
        ("지주사 할인 떠넘기는 거지 뭐", "asked_advanced"),
        ("현물배당이라도 하면 몰라", "confess"),
    ],
)
def test_a_message_does_not_show(text: str, name: str) -> None:
    assert name not in signals(PLAIN.read(text))


def test_everyday_words_are_found_by_their_morphemes(reader: Reader) -> None:
    assert "lay_word" in signals(reader.read("회사가 빌린 건 언제 갚아요? 돈은 벌었대요?"))
    assert "lay_word" not in signals(reader.read("순차입금이 줄었는지 확인해 주세요"))


@pytest.mark.parametrize(
    "text",
    [
        f"「{FILED}」 무슨 말인지 모르겠습니다",
        f"{FILED}\n이게 무슨 말이에요?",
        f"> {FILED}\n나쁜 거야?",
        "[공시] 주식등의대량보유상황보고서(약식) 보유비율 5.12% → 4.87% 장내매도\n누가 판 거예요",
        "헤드라인 떴다 'PRS 평가손실 인식에 따른 영업외비용 급증' 나빠?",
        "전환가액의 조정(리픽싱): 최초 전환가액의 70% 한도 / 콜옵션... 이런 글이 올라왔는데 팔아야 하나요",
        "자기자본 50%를 초과하는 손실로 관리종목 지정 우려가 있음을 안내드립니다 이런 공지가 떴어요",
    ],
)
def test_pasted_terms_are_not_the_persons(text: str) -> None:
    shown = signals(PLAIN.read(text))
    assert not {"used_intermediate", "used_advanced", "rule", "source", "adjust"} & set(shown), shown
    assert "pasted" in shown


@pytest.mark.parametrize(
    "text",
    [
        "현금창출단위의 사용가치 산정에 적용된 영구성장률과 할인율을 2개년 대조해 주시기 바랍니다.",
        "배당여력은 본사 CFO에서 capex, 만기상환 먼저 떼는 워터폴이면 좋겠습니다.",
        "그런데 주가 쪽은 제가 약해요.. 다른 업종보다 낮게 거래될 때 보통 어떤 이유로들 설명하나요?",
    ],
)
def test_a_long_or_formal_question_stays_ones_own(text: str) -> None:
    assert quoted_spans(text) == []


@pytest.mark.parametrize("style", ["ㅋㅋㅋㅋ", " ㅠㅠ", " 🙂🙏", "!!!", " ~~", "   "])
@pytest.mark.parametrize(
    "text", ["가온전자 전환가액 조정 조항 원문", "누리바이오 PER 몇 배", "적자면 망하나요"]
)
def test_style_shows_nothing(text: str, style: str) -> None:
    plain = {signal.name: signal.strength for signal in PLAIN.read(text).signals}
    assert {signal.name: signal.strength for signal in PLAIN.read(text + style).signals} == plain


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from(["'", "「", "[공시]", "리픽싱", "뭐예요", "İ", "\x00", "\ud800"])).map("".join)
)
def test_any_text_is_read(text: str) -> None:
    for signal in PLAIN.read(text).signals:
        assert 0 < signal.strength <= 2
        assert signal.name in load_directions()


def test_hostile_lengths_are_read_in_time(reader: Reader) -> None:
    for text in (
        "가" * 100_000,
        "'" * 50_000,
        "면 " * 20_000,
        "그럼 " * 20_000,
        "1" * 100_000,
        "PER" * 30_000,
    ):
        assert len(reader.read(text).signals) < 40


def test_every_cue_can_be_explained_and_is_fitted() -> None:
    fitted = set(read_toml("weights.toml")["signals"])
    assert not fitted & set(load_fixed())
    assert set(load_directions()) == fitted | set(load_fixed()) == set(load_says())
    assert set(load_directions().values()) == {"down", "mid", "up"}
    assert {cue.name for cue in load_cues()} | set(load_morphemes().values()) <= set(load_says())


def test_the_glossary_is_large_and_explains_plainly() -> None:
    glossary = load_glossary()
    assert len(glossary.terms) >= 600
    for term in glossary.terms:
        assert len(term.plain) <= 80, term.name
        hard = [
            one.name for one in glossary.find(term.plain) if one.level is Level.ADVANCED and one is not term
        ]
        assert hard == [], term.name
    names = [name.lower() for term in glossary.terms for name in (term.name, *term.also)]
    assert len(names) == len(set(names))
