"""`docs/{corp_code}/{year}/{form}/{rcept_no}.md`: YAML front matter and the sections in natural language."""

from collections.abc import Sequence
from typing import Any

import frontmatter

from core.amendment import Change
from core.etl.chunk import Piece, passage_text
from core.etl.document import Section
from core.model import Filing

FICTIONAL_NOTICE = "> 가상의 예시 공시입니다. 회사와 숫자는 모두 지어낸 것입니다."


def render_markdown(
    filing: Filing,
    rendered: Sequence[tuple[Section, Sequence[Piece]]],
    changes: Sequence[Change],
) -> str:
    parts = [FICTIONAL_NOTICE] if filing.fictional else []
    if changes:
        rows = [f"- {c.item}: {_line(c.before)} → {_line(c.after)}" for c in changes]
        parts.append("\n".join(["# 정정 사항", "", *rows]))
    shown: tuple[str, ...] = ()
    for section, pieces in rendered:
        path = tuple(section.path)
        for depth, title in enumerate(path, 1):
            if path[:depth] != shown[:depth]:
                parts.append(f"{'#' * min(depth, 6)} {title}")
        shown = path
        parts.append(passage_text(pieces))
    post = frontmatter.Post("\n\n".join(parts), **_front(filing))
    return frontmatter.dumps(post, sort_keys=False, allow_unicode=True) + "\n"


def _front(filing: Filing) -> dict[str, Any]:
    front: dict[str, Any] = {
        "rcept_no": filing.rcept_no,
        "corp_code": filing.corp_code,
        "corp_name": filing.corp_name,
        "stock_code": filing.stock_code,
        "report_nm": filing.report_nm,
        "form": filing.form,
        "rcept_dt": filing.rcept_dt.isoformat(),
        "period": filing.period,
        "url": filing.url,
    }
    if filing.fictional:
        front["fictional"] = True
    return front


def _line(text: str) -> str:
    return " ".join(text.split())
