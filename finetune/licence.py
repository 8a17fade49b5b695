"""What a base model's licence asks of what is made of it; a reminder, not legal advice."""

import json
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("licences.toml")


@dataclass(frozen=True, slots=True)
class Licence:
    """`prefix`: what a derived model's name must begin with. `notice`: what must be shown beside it."""

    name: str
    match: str
    licence: str
    commercial: bool = True
    unread: bool = False
    prefix: str = ""
    notice: str = ""


@cache
def families() -> tuple[Licence, ...]:
    return tuple(Licence(**one) for one in tomllib.loads(_FILE.read_text(encoding="utf-8"))["family"])


def licence_of(model: str) -> Licence | None:
    """By its name, its folder's, or what its config.json says it was made from; None when unknown.

    An architecture is no licence: many models are of Llama's shape.
    """
    names = [model]
    config = Path(model) / "config.json"
    if config.is_file():
        said = json.loads(config.read_text(encoding="utf-8"))
        names.append(str(said.get("_name_or_path", "")))
    for family in families():
        if any(re.search(family.match, name, re.IGNORECASE) for name in names):
            return family
    return None


def faults(model: str, name: str | None, *, accepted: bool) -> list[str]:
    """Why a model made of `model` may not be trained, or be called `name`; Korean. `accepted`: a person
    read the licence and says that this use is allowed (a name is not a matter of consent)."""
    family = licence_of(model)
    found = []
    if family is None:
        if not accepted:
            found.append(f"{model}의 라이선스를 모릅니다. 원문을 읽고 --accept-licence를 붙여 주세요.")
        return found
    if not family.commercial and not accepted:
        found.append(f"{family.licence}: 상업적으로 쓸 수 없습니다. 연구용이면 --accept-licence를 붙이세요.")
    if family.unread and not accepted:
        found.append(f"{family.licence}: 조건을 확인하고 --accept-licence를 붙여 주세요.")
    if name is not None and family.prefix and not _bare(name).lower().startswith(family.prefix.lower()):
        found.append(
            f"{family.licence}: 만든 모델의 이름은 ‘{family.prefix}’로 시작해야 합니다."
            f" 예) {family.prefix.lower()}-dart-analyst"
        )
    return found


def _bare(name: str) -> str:
    """`someone/llama-x:latest` → `llama-x:latest`."""
    return name.rsplit("/", 1)[-1]
