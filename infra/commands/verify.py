"""`reglo verify EXPORT.zip`: does the log hold? Offline, from the file alone."""

import argparse
import hashlib
import json
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

from recovery.seal import note_hash, verify

# What a file that is no export, or was cut, or was made to harm, may raise when it is opened (RuntimeError: encrypted, nested too deep).
UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, LookupError, ValueError, TypeError, AttributeError)
LARGEST = 200 * 1024 * 1024  # of one file inside the ZIP, unpacked


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("export", type=Path, metavar="EXPORT.zip", help="le journal complet, téléchargé depuis la page du dossier")
    parser.add_argument("--seal", default="", help="le dernier sceau, lu sur un e-mail : montre aussi qu’aucune fin ne manque")
    parser.add_argument("--count", type=int, default=0, help="le nombre d’entrées annoncé par cet e-mail")


def run(args: argparse.Namespace) -> int:
    """0 when it holds; 1 with the first entry or document that does not; 2 when the file is no export."""
    try:
        with zipfile.ZipFile(args.export) as export:
            log = json.loads(_read(export, "journal.json"))
            problem = check(export, log, args.seal, args.count)
    except UNREADABLE as failure:
        print(f"Ce fichier n’est pas un export de journal lisible : {failure}", file=sys.stderr)
        return 2
    if problem:
        print(f"Le journal ne tient pas : {problem}")
        return 1
    print(f"Le journal du dossier {log['case']} tient : {log['count']} entrées, dernier sceau {log['last_seal']}.")
    print("Vérifiés : journal.json, documents/ et notes.json. journal.pdf et journal.csv en sont des copies pour la lecture.")
    if not args.seal:
        print("Une chaîne ne montre pas une fin manquante : comparez ce nombre et ce sceau à ceux du dernier e-mail reçu.")
    return 0


def check(export: zipfile.ZipFile, log: dict[str, Any], seal: str = "", count: int = 0) -> str | None:
    """The first thing that does not hold, in French, or `None`."""
    if log.get("format") != "reglo-journal/1":
        raise ValueError(f"format inconnu : {log.get('format')!r}")
    entries = log["entries"]
    broken = verify(entries, case=log["case"], count=log["count"], last_seal=log["last_seal"])
    if broken:
        return f"entrée {broken.n}, {broken.reason}"
    if count and len(entries) < count:
        return f"entrée {len(entries) + 1} : l’e-mail annonçait {count} entrées, il n’y en a que {len(entries)}"
    if seal and not _announced(entries, seal, count):
        return f"entrée {count or len(entries)} : son sceau n’est pas celui que l’e-mail annonçait"
    files = {Path(name).stem: name for name in export.namelist() if name.startswith("documents/")}
    for entry in entries:
        for digest in _documents(entry["event"]):
            if digest not in files:
                return f"entrée {entry['n']}, le document {digest[:12]}… manque"
            if hashlib.sha256(_read(export, files[digest])).hexdigest() != digest:
                return f"entrée {entry['n']}, le document {digest[:12]}… a été modifié"
    return _broken_note(export, entries)


def _announced(entries: list[dict[str, Any]], seal: str, count: int) -> bool:
    """An e-mail of an earlier stage announces an earlier seal: it must be in its place."""
    return entries[count - 1]["seal"] == seal if count else any(entry["seal"] == seal for entry in entries)


def _broken_note(export: zipfile.ZipFile, entries: list[dict[str, Any]]) -> str | None:
    """Notes may have been erased, never altered."""
    notes = json.loads(_read(export, "notes.json")) if "notes.json" in export.namelist() else {}
    for entry in entries:
        digest = entry["event"].get("note")
        if digest in notes and note_hash(notes[digest]["salt"], notes[digest]["text"]) != digest:
            return f"entrée {entry['n']}, les mots notés ont été modifiés"
    return None


def _documents(event: dict[str, Any]) -> list[str]:
    named = [event.get("document"), *(invoice.get("document") for invoice in event.get("invoices", []))]
    return [digest for digest in named if digest]


def _read(export: zipfile.ZipFile, name: str) -> bytes:
    if export.getinfo(name).file_size > LARGEST:
        raise ValueError(f"{name} est trop gros")
    return export.read(name)
