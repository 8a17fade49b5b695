"""A market by simulation: copies of the real filings beside this checkout with new companies and numbers.

    python benchmarks/corpus.py FOLDER [--filings 5000] [--large 20]

One round copies every small real filing (exchange, 주요사항, 8 to 32 kB) once; each company of the round
becomes a fictional one and every amount written with thousands separators becomes another of as many
digits, so no two copies say the same and amendments stay with their originals. The first `--large`
rounds also copy the half-year report (3.6 MB) and the audit report (1.1 MB). Zipped as DART does.

By notes/dart.md §1.1 a filing is 1.3 MB on average (4,204 filings, 5.56 GB), nearly all of it periodic
reports. 5,000 such would be 6.6 GB and hours on two cores, so the share of large ones is scaled down:
what costs time and disk is bytes, and chunks per MB are alike (290 in small filings, 320 in large).
"""

import argparse
import json
import random
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.etl.sanitise import decode

REAL = Path(__file__).parents[2] / "shared" / "data" / "filings"
_LARGE = 500_000  # bytes
_AMOUNT = re.compile(r"(?<![\d,.])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])")
_FIRST = [f"{a}{b}" for a in ("가", "누", "다", "라", "마") for b in ("온", "리", "솜", "람")]
_SECOND = [
    *("전자", "바이오", "건설", "화학", "물산", "중공업", "제약", "식품", "통신", "에너지", "소재", "반도체"),
    *("증권", "산업", "테크", "시스템", "모빌리티"),
]
_THIRD = [
    "",
    "홀딩스",
    "코리아",
    "글로벌",
    "앤컴퍼니",
    "솔루션",
    "네트웍스",
    "그룹",
    "인더스",
    "파트너스",
    "월드",
    "원",
    "플러스",
    "랩",
]


@dataclass(frozen=True, slots=True)
class Corpus:
    filings: int
    companies: int
    xml_bytes: int
    zip_bytes: int


def generate(folder: Path, filings: int, large: int, seed: int = 1, start: int = 0) -> Corpus:
    """Write `filings` zips and their manifest.jsonl under `folder`.

    `start`: how many were made before, for other folders; names and receipt numbers go on behind them.
    """
    originals = [(row, decode((REAL / row["file"]).read_bytes())[0]) for row in _rows(REAL)]
    folder.mkdir(parents=True, exist_ok=True)
    total = zipped = 0
    names: set[str] = set()
    rows = []
    rng = random.Random(seed)  # noqa: S311  # no secret
    for row, text in _copies(originals, filings, large, rng, names, start):
        path = folder / f"{row['rcept_no']}.zip"
        data = text.encode()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(f"{row['rcept_no']}.xml", data)
        total += len(data)
        zipped += path.stat().st_size
        rows.append(json.dumps({**row, "file": path.name}, ensure_ascii=False))
    (folder / "manifest.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return Corpus(len(rows), len(names), total, zipped)


def _rows(folder: Path) -> list[dict[str, str]]:
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def _copies(
    originals: list[tuple[dict[str, str], str]],
    filings: int,
    large: int,
    rng: random.Random,
    names: set[str],
    start: int,
) -> Iterator[tuple[dict[str, str], str]]:
    made = 0
    for number in range(filings):
        companies: dict[str, tuple[str, str]] = {}
        for row, text in originals:
            if len(text.encode()) > _LARGE and number >= large:
                continue
            if made == filings:
                return
            if row["corp_code"] not in companies:
                name = _name(start + len(names))
                names.add(name)
                companies[row["corp_code"]] = f"9{start + len(names):07}", name
            corp_code, name = companies[row["corp_code"]]
            # its day and whether the exchange took it (the 9th digit) stay
            rcept_no = f"{row['rcept_no'][:9]}{start + made:05}"
            yield (
                {
                    "rcept_no": rcept_no,
                    "corp_code": corp_code,
                    "corp_name": name,
                    "report_nm": row["report_nm"],
                    "rcept_dt": row["rcept_dt"],
                },
                _AMOUNT.sub(lambda found: _other(found[0], rng), text.replace(row["corp_name"], name)),
            )
            made += 1


def _name(number: int) -> str:
    first, rest = number % len(_FIRST), number // len(_FIRST)
    second, third = rest % len(_SECOND), rest // len(_SECOND)
    return _FIRST[first] + _SECOND[second] + _THIRD[third]


def _other(amount: str, rng: random.Random) -> str:
    digits = [str(rng.randint(1, 9)), *(str(rng.randint(0, 9)) for _ in range(amount.count(",") * 3))]
    lead = len(amount.split(",")[0])
    digits += [str(rng.randint(0, 9)) for _ in range(lead - 1)]
    return f"{int(''.join(digits)):,}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--filings", type=int, default=5_000)
    parser.add_argument("--large", type=int, default=20)
    asked = parser.parse_args()
    if not REAL.is_dir():
        sys.exit("../shared/data/filings is not beside this checkout")
    print(generate(asked.folder, asked.filings, asked.large))


if __name__ == "__main__":
    main()
