"""The questions that the law leaves open (`settings.toml`), and the answers a statement is counted with."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from recovery.refusals import Invalid


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    title: str
    default: str
    choices: Mapping[str, str]  # answer → what it means, in French
    why: str
    see: str  # section of docs/law.md
    mark: str
    checked: date


questions: dict[str, Question] = {
    name: Question(name, **table) for name, table in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).items()
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Answers that differ from the default; `settings["interest_basis"]` gives the one that holds."""

    chosen: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.chosen.get(name, questions[name].default)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.chosen.items())))


DEFAULTS = Settings()
AS_TOLD = {  # other words for an answer: those of the table of docs/law.md 13, and yes and no
    "DAY_AFTER_FIRST_PRESENTATION": "DAY_AFTER_PRESENTATION",
    "DAY_OF_PRESENTATION": "PRESENTATION",
    "FROZEN_WHILE_RESPECTED": "FROZEN",
    "TRUE": "YES",
    "FALSE": "NO",
}


def settings(chosen: Mapping[str, object]) -> Settings:
    """What was chosen, checked. A list stands for its items joined by commas, a number for its digits. Raises `Invalid`."""
    checked = {}
    for name, answer in chosen.items():
        if name not in questions:
            raise Invalid(f"Le réglage « {name} » n’existe pas. Réglages connus : {', '.join(questions)}.", f"settings.{name}")
        parts = answer if isinstance(answer, list | tuple) else str(answer).split(",")
        text = ",".join("_".join(str(part).upper().split()) for part in parts)
        text = AS_TOLD.get(text, text)
        if text not in questions[name].choices:
            raise Invalid(f"Le réglage « {name} » accepte : {' ; '.join(questions[name].choices)}.", f"settings.{name}")
        checked[name] = text
    return Settings(checked)
