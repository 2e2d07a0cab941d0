"""What an unpaid sum is for (`kinds.toml`): it drives the limitation, and sometimes the interest."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from recovery.refusals import Invalid


class KindUnsupported(Invalid):
    field = "kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    id: str
    label: str
    limitation: Mapping[str, str]  # regime → code of law.toml
    starts: str = "due"
    interest: str = "regime"
    refused: str = ""
    see: str  # sections of docs/law.md
    mark: str
    checked: date


kinds: dict[str, Kind] = {
    id: Kind(id=id, **table) for id, table in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).items()
}


def kind_named(name: str) -> Kind | None:
    """None when nobody knows. Raises `KindUnsupported` for a name we do not know or a kind we do not recover."""
    id = name.strip().lower().replace("-", "_").replace(" ", "_")
    if not id:
        return None
    if id not in kinds:
        raise KindUnsupported(
            f"Cette nature de créance n’est pas connue. Choisissez : {', '.join(k for k in kinds if not kinds[k].refused)}."
        )
    if kinds[id].refused:
        raise KindUnsupported(kinds[id].refused)
    return kinds[id]
