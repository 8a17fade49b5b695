"""The numbers of the three fictional companies; totals are computed, so that every table adds up."""

from dataclasses import dataclass

Row = tuple[str, tuple[int, ...]]


@dataclass(frozen=True)
class Books:
    """Three years (newest first) in 백만원; balance rows at year end. `shares` in 주."""

    name: str
    corp_code: str
    stock_code: str
    term: int
    year: int
    shares: int
    segments: dict[str, tuple[tuple[int, ...], tuple[int, ...]]]
    cost_ratio: tuple[float, ...]
    balance: dict[str, tuple[int, ...]]
    finance: tuple[int, ...]
    tax: tuple[int, ...]
    flows: dict[str, tuple[int, ...]]
    staff: tuple[tuple[str, int, int], ...]
    separate: float

    def income(self, share: float = 1.0) -> list[Row]:
        years = range(3)
        sales = tuple(sum(int(s[0][y] * share) for s in self.segments.values()) for y in years)
        operating = tuple(sum(int(s[1][y] * share) for s in self.segments.values()) for y in years)
        cost = tuple(int(sales[y] * self.cost_ratio[y]) for y in years)
        gross = tuple(sales[y] - cost[y] for y in years)
        selling = tuple(gross[y] - operating[y] for y in years)
        finance = tuple(int(f * share) for f in self.finance)
        before = tuple(operating[y] + finance[y] for y in years)
        tax = tuple(int(t * share) for t in self.tax)
        net = tuple(before[y] - tax[y] for y in years)
        return [
            ("수익(매출액)", sales),
            ("매출원가", cost),
            ("매출총이익", gross),
            ("판매비와관리비", selling),
            ("영업이익(손실)", operating),
            ("금융손익", finance),
            ("법인세비용차감전순이익(손실)", before),
            ("법인세비용", tax),
            ("당기순이익(손실)", net),
            ("기본주당이익(손실) (단위 : 원)", tuple(n * 1_000_000 // self.shares for n in net)),
        ]

    def sheet(self, share: float = 1.0) -> list[Row]:
        b = {name: tuple(int(v * share) for v in values) for name, values in self.balance.items()}

        def add(*names: str) -> tuple[int, ...]:
            return tuple(sum(b[n][y] for n in names) for y in range(3))

        current = ("현금및현금성자산", "매출채권", "재고자산", "기타유동자산")
        fixed = ("유형자산", "무형자산", "기타비유동자산")
        short = ("매입채무", "단기차입금", "기타유동부채")
        long = ("사채", "장기차입금", "기타비유동부채")
        assets, debts = add(*current, *fixed), add(*short, *long)
        return [
            ("유동자산", add(*current)),
            *((f"　{n}", b[n]) for n in current),
            ("비유동자산", add(*fixed)),
            *((f"　{n}", b[n]) for n in fixed),
            ("자산총계", assets),
            ("유동부채", add(*short)),
            *((f"　{n}", b[n]) for n in short),
            ("비유동부채", add(*long)),
            *((f"　{n}", b[n]) for n in long),
            ("부채총계", debts),
            ("자본총계", tuple(a - d for a, d in zip(assets, debts, strict=True))),
        ]

    def cash(self, share: float = 1.0) -> list[Row]:
        return [(name, tuple(int(v * share) for v in values)) for name, values in self.flows.items()]


GAON = Books(
    name="가온전자",
    corp_code="09900011",
    stock_code="990011",
    term=31,
    year=2024,
    shares=250_000_000,
    segments={
        "반도체 부문": ((18_240_310, 14_902_114, 16_310_020), (2_480_115, 1_820_400, 2_120_300)),
        "가전 부문": ((13_105_220, 12_880_450, 12_410_330), (520_340, 560_210, 480_120)),
        "디스플레이 부문": ((8_777_926, 8_330_291, 8_001_200), (450_779, 606_490, 351_000)),
    },
    cost_ratio=(0.71, 0.725, 0.72),
    balance={
        "현금및현금성자산": (6_120_450, 5_310_220, 4_980_110),
        "매출채권": (5_840_120, 5_120_330, 5_210_440),
        "재고자산": (4_910_880, 5_630_410, 4_880_200),
        "기타유동자산": (1_820_330, 1_710_050, 1_604_020),
        "유형자산": (21_440_700, 19_880_310, 18_230_150),
        "무형자산": (1_930_200, 1_850_900, 1_790_300),
        "기타비유동자산": (3_210_110, 3_040_060, 2_900_210),
        "매입채무": (3_930_440, 3_610_220, 3_480_310),
        "단기차입금": (2_150_000, 2_840_000, 2_610_000),
        "기타유동부채": (3_320_150, 3_080_410, 2_960_330),
        "사채": (1_800_000, 1_800_000, 1_500_000),
        "장기차입금": (2_640_000, 2_910_000, 3_020_000),
        "기타비유동부채": (1_240_330, 1_180_220, 1_110_100),
    },
    finance=(-112_300, -148_200, -96_400),
    tax=(802_400, 690_300, 701_200),
    flows={
        "영업활동 현금흐름": (5_230_400, 4_110_900, 4_420_300),
        "투자활동 현금흐름": (-3_610_200, -3_320_110, -3_540_800),
        "재무활동 현금흐름": (-809_970, -460_680, -610_200),
    },
    staff=(("남", 14_820, 98), ("여", 6_340, 81)),
    separate=0.68,
)

NURI = Books(
    name="누리바이오",
    corp_code="09900022",
    stock_code="990022",
    term=12,
    year=2024,
    shares=32_000_000,
    segments={
        "바이오의약품 부문": ((182_400, 121_300, 98_210), (14_210, -18_430, -27_900)),
        "위탁생산 부문": ((64_310, 40_220, 22_150), (4_120, -3_240, -8_120)),
    },
    cost_ratio=(0.52, 0.58, 0.63),
    balance={
        "현금및현금성자산": (58_200, 41_300, 66_900),
        "매출채권": (44_120, 30_210, 24_400),
        "재고자산": (38_930, 33_120, 27_800),
        "기타유동자산": (9_210, 8_330, 7_940),
        "유형자산": (142_300, 128_110, 101_300),
        "무형자산": (61_200, 58_900, 52_340),
        "기타비유동자산": (12_400, 11_020, 10_110),
        "매입채무": (21_300, 17_220, 14_100),
        "단기차입금": (40_000, 52_000, 30_000),
        "기타유동부채": (18_920, 16_330, 13_020),
        "사채": (30_000, 30_000, 30_000),
        "장기차입금": (48_000, 36_000, 28_000),
        "기타비유동부채": (9_330, 8_120, 7_440),
    },
    finance=(-4_210, -5_120, -3_980),
    tax=(1_120, 0, 0),
    flows={
        "영업활동 현금흐름": (22_310, -14_220, -24_300),
        "투자활동 현금흐름": (-31_400, -38_900, -29_800),
        "재무활동 현금흐름": (25_990, 27_520, 44_100),
    },
    staff=(("남", 310, 74), ("여", 402, 69)),
    separate=0.91,
)
