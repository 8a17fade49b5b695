"""The fictional company of samples/ and its annual report, as the tests of answers name them."""

from datetime import date

from core.model import Company, Filing

GAON = Company("09900011", "가온전자")
ANNUAL = Filing(
    "20250318000911",
    "09900011",
    "가온전자",
    "사업보고서 (2024.12)",
    "11011",
    date(2025, 3, 18),
    period="2024.12",
)
