"""How our own sentences in a filing's text are told from the filing's words."""

import re

# core/etl/narrate_form.py: `가온전자는 공급계약을 체결했으며, … 2025년 5월 12일 공시했다.`
LEAD = re.compile(r"^\S.*[은는] .+ \d{4}년 \d{1,2}월 \d{1,2}일 (?:정정 )?공시했(?:다\.$|으며, )")
# core/etl/narrate.py: `가온전자의 2024년 연결 기준 영업이익은 … 늘었다.`
ON_FIGURES = re.compile(r"^\S.*의 \d{4}년 .{0,24}기준 .+(?:이다|늘었다|줄었다|돌아섰다|견주어진다|같다)\.?$")
