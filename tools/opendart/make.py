"""OpenDART's specification → core/etl/event_tables.json: what its tables of events are called and say.

`python tools/opendart/make.py all_apis.json`, where all_apis.json is the specification scraped from the
official guide (hypn4/opendart-fss-python, MIT). Only names and labels of DS004 and DS005 are taken.
"""

import html
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OUT = Path(__file__).parents[2] / "core" / "etl" / "event_tables.json"
GROUPS = {"DS004": "지분공시 종합정보", "DS005": "주요사항보고서 주요정보"}
# What the report of a holding is called in list.json; that of an event is the table's own name.
REPORTS = {
    "majorstock": "주식등의대량보유상황보고서",
    "elestock": "임원ㆍ주요주주특정증권등소유상황보고서",
}
# The forms themselves count these in shares and per cent; the specification's labels leave it out.
UNITS = {
    "stkqy": "주", "stkqy_irds": "주", "stkrt": "%", "stkrt_irds": "%", "ctr_stkqy": "주", "ctr_stkrt": "%",
    "sp_stock_lmp_cnt": "주", "sp_stock_lmp_irds_cnt": "주",
    "sp_stock_lmp_rate": "%", "sp_stock_lmp_irds_rate": "%",
}  # fmt: skip
NOT_SHOWN = {"status", "message", "rcept_no", "rcept_dt", "corp_cls", "corp_code", "corp_name"}
IS_UNIT = re.compile(r"^\s*(?:원|주|명|%|원/주|주, %)\s*$")


def operations(specification: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for group in specification.values():
        yield from (one for one in group if one["group_code"] in GROUPS)


def flat(label: str) -> str:
    """`신주의 종류와 수(보통주식 (주))` → `신주의 종류와 수 보통주식 (주)`."""
    text = " ".join(html.unescape(label).split())
    if not text.endswith(")"):
        return text
    depth, at = 0, len(text) - 1
    while at >= 0:
        depth += {")": 1, "(": -1}.get(text[at], 0)
        if depth == 0:
            break
        at -= 1
    outer, inner = text[:at].strip(), text[at + 1 : -1].strip()
    if at <= 0 or not outer or IS_UNIT.match(inner):
        return text
    return f"{outer} {flat(inner)}"


def main() -> None:
    made = {}
    for one in operations(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))):
        endpoint = Path(one["endpoints"][0]["url"]).stem
        name = html.unescape(one["api_name"])
        labels = {
            field["name"]: flat(field["label"])
            + (f" ({UNITS[field['name']]})" if field["name"] in UNITS else "")
            for field in one["response_fields"]
            if field["name"] not in NOT_SHOWN
        }
        made[endpoint] = {
            "group": GROUPS[one["group_code"]],
            "name": name,
            "report": REPORTS.get(endpoint, name),
            "labels": labels,
        }
    OUT.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(made)} tables, {sum(len(one['labels']) for one in made.values())} labels\n")


if __name__ == "__main__":
    main()
