"""The hash chain of a journal: each entry seals the one before it, so that anyone can check it without us.

One entry is `{"n": 1, "case": "RG-26-00001", "event": {...}, "seal": "<64 hex>"}`.
Canonical JSON of an object: UTF-8, keys sorted by code point, separators `,` and `:` without spaces, no escape but those JSON
requires, money and dates as text, numbers only whole. The seal of entry n is

    sha256( seal of entry n-1 (64 hex characters; 64 zeros before the first) + canonical JSON of {"n", "case", "event"} )

A chain cannot show a missing tail: the export states the number of entries and the last seal, which the stage e-mails repeat.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

BEFORE_THE_FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not hold, and how."""

    n: int
    reason: str


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def seal(previous: str, n: int, case: str, event: dict[str, Any]) -> str:
    return hashlib.sha256(previous.encode() + canonical({"n": n, "case": case, "event": event})).hexdigest()


def sealed(previous: str, n: int, case: str, event: dict[str, Any]) -> dict[str, Any]:
    """The entry as it is stored and exported."""
    return {"n": n, "case": case, "event": event, "seal": seal(previous, n, case, event)}


def verify(entries: Iterable[dict[str, Any]], *, case: str, count: int, last_seal: str) -> Broken | None:
    """`None` when every entry is there, in its place and unaltered; otherwise the first that is not."""
    previous, n = BEFORE_THE_FIRST, 0
    for n, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or not {"n", "case", "event", "seal"} <= entry.keys():
            return Broken(n, "l’entrée est incomplète")
        if entry["n"] != n:
            return Broken(n, f"une entrée manque ou a été déplacée : on lit le numéro {entry['n']}")
        if entry["case"] != case:
            return Broken(n, f"l’entrée appartient au dossier {entry['case']}")
        if entry["seal"] != seal(previous, n, case, entry["event"]):
            return Broken(n, "le contenu a été modifié, ou une entrée précédente retirée")
        previous = entry["seal"]
    if n != count:
        return Broken(n + 1, f"le journal annonce {count} entrées, il en contient {n}")
    return None if previous == last_seal else Broken(n, "le dernier sceau annoncé n’est pas celui de la dernière entrée")


def note_hash(salt: str, text: str) -> str:
    """Free words are kept beside the directory; the event holds this, which says nothing about them once the salt is erased."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
