"""The full log of a case as one ZIP that anyone can check without us: what it holds, and how to check it.

    LISEZMOI.txt               what this is, the count and the last seal, how to check
    journal.pdf                to read                     journal.csv   to compute
    journal.json               the sealed entries          notes.json    the free words the events hash, with their salts
    documents/<sha256>.<ext>   every document the entries name: its name is the sha256 of its bytes

`journal.json` is `{"format": "reglo-journal/1", "case", "count", "last_seal", "entries": [...]}`, one canonical entry a line (seal.py).
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from recovery import french
from recovery.seal import canonical
from recovery.timeline import Entry

FORMAT = "reglo-journal/1"
COLUMNS = ("numero", "date", "heure", "titre", "detail", "par", "note", "document", "sceau")


def documents_named(entries: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The sha256 of every document these sealed entries name, each once, in order."""
    named: dict[str, None] = {}
    for entry in entries:
        event = entry["event"]
        for digest in (event.get("document"), *(invoice.get("document") for invoice in event.get("invoices", ()))):
            if digest:
                named[digest] = None
    return tuple(named)


def archive(
    case: str,
    entries: tuple[dict[str, Any], ...],
    story: tuple[Entry, ...],
    *,
    notes: Mapping[str, Mapping[str, str]],
    documents: Mapping[str, bytes],
    pdf: bytes,
    at: datetime,
) -> bytes:
    """The ZIP. Same log, same day: same bytes. `notes` is hash → {salt, text}; those that were erased are simply not there."""
    last_seal = entries[-1]["seal"]
    files: dict[str, bytes] = {
        "LISEZMOI.txt": readme(case, len(entries), last_seal, at).encode(),
        "journal.pdf": pdf,
        "journal.csv": table(entries, story),
        "journal.json": journal(case, entries),
        "notes.json": json.dumps(
            dict(sorted((k, dict(v)) for k, v in notes.items())), ensure_ascii=False, indent=1, sort_keys=True
        ).encode(),
    }
    files |= {f"documents/{digest}.{extension(data)}": data for digest, data in sorted(documents.items())}
    return _zipped(files, at)


def journal(case: str, entries: tuple[dict[str, Any], ...]) -> bytes:
    head = canonical({"format": FORMAT, "case": case, "count": len(entries), "last_seal": entries[-1]["seal"]})
    return head[:-1] + b',"entries":[\n' + b",\n".join(canonical(entry) for entry in entries) + b"\n]}\n"


def table(entries: tuple[dict[str, Any], ...], story: tuple[Entry, ...]) -> bytes:
    """For a French spreadsheet: semicolons, a byte order mark, and no cell that could be taken for a formula."""
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    rows.writerow(COLUMNS)
    for sealed, entry in zip(entries, story, strict=True):
        here = french.local(entry.at)
        cells = (
            entry.n,
            f"{here:%Y-%m-%d}",
            f"{here:%H:%M:%S}",
            entry.title,
            entry.sentence,
            entry.by,
            entry.note or "",
            entry.document or "",
            sealed["seal"],
        )
        rows.writerow([harmless(str(cell)) for cell in cells])
    return "\ufeff".encode() + out.getvalue().encode()


def harmless(cell: str) -> str:
    """A spreadsheet runs what begins with one of these signs: an apostrophe makes it a word again."""
    return (
        f"'{cell}"
        if cell.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n")) or cell.startswith(("\t", "\r", "\n"))
        else cell
    )


def extension(data: bytes) -> str:
    """What the file is, from its first bytes: names given by people are not trusted."""
    for start, known in (
        (b"%PDF", "pdf"),
        (b"\x89PNG", "png"),
        (b"\xff\xd8\xff", "jpg"),
        (b"<?xml", "xml"),
        (b"\xef\xbb\xbf<", "xml"),
        (b"From:", "eml"),
    ):
        if data.startswith(start):
            return known
    return "xml" if data.lstrip()[:1] == b"<" else "bin"


def readme(case: str, count: int, last_seal: str, at: datetime) -> str:
    here = french.local(at)
    return f"""Dossier {case} : journal complet, état du {french.day(here.date())} à {french.hour(at)} (heure de Paris)

{french.plural(count, "écriture")}. Dernier sceau :
{last_seal}

Ce que contient ce dossier
  journal.pdf    le journal, à lire
  journal.csv    le même, pour un tableur (séparateur : point-virgule)
  journal.json   les écritures scellées, une par ligne
  notes.json     les mots libres (appels, contestations) : les écritures n’en gardent que l’empreinte, pour qu’ils puissent être effacés
  documents/     chaque document, nommé par l’empreinte sha256 de son contenu

Comment vérifier
  Avec notre outil, hors ligne :       reglo verify CE_FICHIER.zip
  À la main, pour chaque document :    sha256sum documents/*
    L’empreinte affichée est le nom du fichier, sans son extension.
  À la main, pour chaque écriture n de journal.json :
    sceau n = sha256( sceau n-1 suivi de l’écriture n sans son champ « seal » )
    Avant la première, le sceau est fait de 64 zéros. L’écriture est en JSON canonique : UTF-8, clés triées, aucun espace.
    Par exemple, pour la première :
      printf '%064d%s' 0 "$(jq -cS '.entries[0] | del(.seal)' journal.json)" | sha256sum
  Pour chaque note : son nom est sha256( sel, un retour à la ligne, texte ).

Une chaîne ne montre pas qu’il manque la fin. Comparez le nombre d’écritures et le dernier sceau à ceux du dernier message
d’étape que vous avez reçu : ils y figurent.
"""


def _zipped(files: Mapping[str, bytes], at: datetime) -> bytes:
    """Dates, order and modes are settled, so that the same files make the same archive."""
    here = french.local(at)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (here.year, here.month, here.day, 0, 0, 0))
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            packed.writestr(info, data)
    return out.getvalue()
