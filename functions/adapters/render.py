"""Typst and Jinja: what is decided becomes a PDF or an e-mail, and nothing is decided here.

A text of templates/letters is plain words with five marks: `# ` subject, `## ` word in the margin, `> ` small note, `**bold**`,
`[[block]]`. It becomes a list of blocks, then data for the house style: no template, name or address is ever Typst source.
PDFs are PDF/A-2a and PDF/UA-1, made with our fonts only, dated by their own date: same data, same bytes.
"""

import functools
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import jinja2
import jinja2.sandbox
import segno
from segno import helpers

from recovery import french, letters
from recovery.days import morning
from recovery.letters import Letter
from recovery.mandate import Acceptance, Mandate, acceptance_lines, fingerprint, to_json

# Beside functions/ in the repository, beside the code in the Lambda package.
TEMPLATES = next(path for parent in Path(__file__).resolve().parents if (path := parent / "templates").is_dir())
TYPST = TEMPLATES / "letters" / "typst"  # the only folder a compilation can read
FONTS = TEMPLATES / "letters" / "fonts"
STANDARDS: list[Any] = ["a-2a", "ua-1"]


class Unprintable(Exception):
    """It cannot be printed right: a person looks at it. `character` may be empty (the address does not fit), `where` is French."""

    def __init__(self, character: str, where: str) -> None:
        self.character, self.where = character, where
        code = f" (U+{ord(character):04X})" if len(character) == 1 else ""
        self.message = (
            f"Le signe « {character} »{code} ne peut pas être imprimé dans {where} : il faut une écriture en lettres latines."
            if character
            else f"Ce document ne peut pas être imprimé : {where}."
        )
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message: the same words twice."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One line of the printed log."""

    n: int
    at: datetime
    by: str
    title: str
    sentence: str
    proofs: tuple[str, ...]
    seal: str


# --- letters -----------------------------------------------------------------------------------------------------------


def letter(composed: Letter) -> bytes:
    """The PDF of a letter. Raises `Unprintable`, or `letters.MentionMissing` when its text forgot a mandatory block."""
    body = blocks(composed)
    data = {
        "title": composed.title,
        "author": composed.author,
        "keywords": composed.keywords,
        "agency": composed.agency,
        "address": composed.address,
        "place_and_date": composed.place_and_date,
        "references": composed.references,
        "reference": composed.reference,
        "footer": composed.footer,
        "page": composed.page and dict(composed.page) | {"qr": _qr(segno.make(composed.page["link"], error="m", micro=False))},
        "body": body,
        "known": {name: _with_transfer(block) for name, block in composed.blocks.items()},
    }
    return _compile("letter", _breakable(_cleaned(data)), composed.on)


def blocks(composed: Letter) -> list[dict[str, Any]]:
    """The text of a letter as data: what the approved copies compare. Raises `letters.MentionMissing`."""
    text = _texts().get_template(f"{composed.step}.txt.j2").render(**composed.fields)
    found: list[dict[str, Any]] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        words = re.sub(r"\s*\n\s*", " ", paragraph.strip())
        if named := re.fullmatch(r"\[\[(\w+)\]\]", words):
            if named[1] not in letters.BLOCKS:
                raise ValueError(f"{composed.step}: unknown block [[{named[1]}]]")
            if composed.blocks.get(named[1]) is not None:
                found.append({"kind": "block", "name": named[1]})
        elif words.startswith("## "):
            found.append({"kind": "label", "runs": _runs(words[3:])})
        elif words.startswith("# "):
            found.append({"kind": "subject", "runs": _runs(words[2:])})
        elif words.startswith("> "):
            found.append({"kind": "note", "runs": _runs(words[2:])})
        elif words:
            found.append({"kind": "paragraph", "runs": _runs(words)})
    letters.require_blocks(composed.step, (block["name"] for block in found if block["kind"] == "block"))
    return found


# --- mandate and journal ------------------------------------------------------------------------------------------------


def mandate(agreed: Mandate, accepted: Acceptance | None = None) -> bytes:
    """The PDF of a mandate, with who accepted it and when once that is known."""
    data = to_json(agreed) | {
        "keywords": (agreed.reference,),
        "counted": f"Sommes arrêtées au {french.day(agreed.on)}",
        "accepted": list(acceptance_lines(accepted)) if accepted else None,
        "unsigned": f"Projet à lire. Il engage quand {agreed.signatory} l’accepte sur la page.",
        "fingerprint": fingerprint(agreed),
        "rows": [(row.what, row.detail, row.amount) for row in agreed.rows],
    }
    return _legible("mandate", data, french.local(accepted.at).date() if accepted else agreed.on)


def journal(
    case: str,
    parties: Sequence[tuple[str, str]],
    entries: Iterable[JournalEntry],
    *,
    agency: str,
    footer: Sequence[str],
    count: int,
    last_seal: str,
    on: date,
) -> bytes:
    """The whole log of a case as one PDF, with its count and last seal."""
    data = {
        "title": f"Journal du dossier {case}",
        "author": agency,
        "agency": agency,
        "keywords": (case,),
        "reference": case,
        "footer": footer,
        "parties": parties,
        "count": french.plural(count, "écriture"),
        "last_seal": last_seal,
        "on": french.day(on),
        "entries": [
            {
                "n": str(entry.n),
                "day": french.figures_day(french.local(entry.at).date()),
                "hour": french.hour(entry.at),
                "by": entry.by,
                "title": entry.title,
                "sentence": entry.sentence,
                "proofs": entry.proofs,
                "seal": entry.seal,
            }
            for entry in entries
        ],
    }
    return _legible("journal", data, on)


# --- e-mails ------------------------------------------------------------------------------------------------------------


def email(name: str, /, **data: Any) -> Rendered:
    """The message of that name (templates/emails). Its first line is the subject.

    Raises `jinja2.UndefinedError` when a value is missing: better no message than one with a hole.
    """
    text = _mails().get_template(f"{name}.txt.j2").render(**data)
    first, _, body = text.strip().partition("\n")
    subject = _plain(first.removeprefix("Objet : "))
    html = (
        _page().get_template("_page.html.j2").render(subject=subject, parts=_email_parts(body), agency=clean(data.get("agency", "Réglo")))
    )
    return Rendered(subject=subject, text=_email_text(body), html=html)


# --- how ----------------------------------------------------------------------------------------------------------------

BEGIN, END = "\ue000", "\ue001"  # private-use marks around every substituted value: what stands between is never parsed
UNSAFE = re.compile(r"[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff\ud800-\udfff]")


def clean(value: object) -> str:
    """One line of readable signs: no control, direction, zero-width or private sign survives from outside."""
    text = unicodedata.normalize("NFC", str(value)).replace("\u2011", "-")
    return re.sub(" {2,}", " ", UNSAFE.sub(" ", text))


def spaced(text: str) -> str:
    """French no-break spaces where one types an ordinary one. Only on our own words, never inside a name."""
    text = re.sub(r" (?=[:;!?»%€])", french.NO_BREAK, text)
    return re.sub(r"(?<=«) |(?<=\bn°) |(?<=\bart\.) |(?<=\b[LR]\.) |(?<=\bréf\.) |(?<=\barticle) (?=[LR\d])", french.NO_BREAK, text)


def _marked(value: object) -> object:
    return value if isinstance(value, jinja2.Undefined) else BEGIN + clean(value).strip() + END


@functools.cache
def _texts() -> jinja2.Environment:
    return _sandbox(TEMPLATES / "letters", trim=False)  # a blank line parts two paragraphs, wherever it stands


@functools.cache
def _mails() -> jinja2.Environment:
    return _sandbox(TEMPLATES / "emails", trim=True)  # rows of a loop follow each other


def _sandbox(folder: Path, *, trim: bool) -> jinja2.Environment:
    """Plain text: values are marked, not escaped."""
    return jinja2.sandbox.ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        autoescape=False,
        finalize=_marked,
        trim_blocks=trim,
        lstrip_blocks=trim,
    )


@functools.cache
def _page() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / "emails"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _pieces(text: str) -> Iterable[tuple[bool, str]]:
    """(is a value, text): our words are spaced the French way, values are left as they are."""
    for i, part in enumerate(re.split(f"{BEGIN}(.*?){END}", text, flags=re.S)):
        if part:
            yield bool(i % 2), part if i % 2 else spaced(part)


def _plain(text: str) -> str:
    return "".join(part for _, part in _pieces(text)).strip()


def _runs(text: str) -> list[tuple[str, str]]:
    runs: list[tuple[str, str]] = []
    bold = False
    for is_value, part in _pieces(text):
        for piece in [part] if is_value else re.split(r"(\*\*)", part):
            if piece == "**" and not is_value:
                bold = not bold
            elif piece:
                style = "bold" if bold else ""
                if runs and runs[-1][0] == style:
                    runs[-1] = (style, runs[-1][1] + piece)
                else:
                    runs.append((style, piece))
    return runs


def _with_transfer(block: Any) -> Any:
    """The payment block with its SEPA code drawn (EPC069-12, version 002, level M)."""
    if not isinstance(block, Mapping) or "transfer" not in block:
        return block
    transfer = block["transfer"]
    code = helpers.make_epc_qr(
        name=clean(transfer["name"])[:70],
        iban=transfer["iban"],
        amount=Decimal(transfer["amount"]),
        text=transfer["text"],
        bic=transfer["bic"] or None,
        encoding="utf-8",
    )
    return {key: value for key, value in block.items() if key != "transfer"} | {"qr": _qr(code)}


def _qr(code: segno.QRCode) -> str:
    out = io.BytesIO()
    code.save(out, kind="svg", border=0, xmldecl=False, svgns=True, nl=False, dark="#000000")
    return out.getvalue().decode()


def _compile(name: str, data: Mapping[str, Any], on: date) -> bytes:
    import typst  # 80 MB of code that only the printing functions load

    payload = json.dumps(data, ensure_ascii=False)
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(TYPST / f"{name}.typ"),
            root=str(TYPST),
            font_paths=_fonts(),
            timestamp=morning(on),
            pdf_standards=STANDARDS,
            sys_inputs={"data": payload},
        )
    except typst.TypstError as error:
        raise _explained(str(error), data) from error
    if warnings:
        raise RuntimeError(f"{name}: {[str(warning) for warning in warnings]}")
    return bytes(pdf)


def _legible(name: str, data: Mapping[str, Any], on: date) -> bytes:
    """For papers that must exist whatever a name is written in: a sign our fonts lack is printed as its number, `[U+4E2D]`."""
    data = _cleaned(data)
    for _ in range(20):
        try:
            return _compile(name, data, on)
        except Unprintable as lacking:
            if not lacking.character:
                raise
            data = _replaced(data, lacking.character)
    raise Unprintable("", "trop de signes que nos polices n’ont pas")


def _replaced(value: Any, signs: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _replaced(item, signs) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(item, signs) for item in value]
    return "".join(f"[U+{ord(c):04X}]" if c in signs or FOREIGN.match(c) else c for c in value) if isinstance(value, str) else value


@functools.cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _cleaned(value: Any) -> Any:
    """`qr` is our own drawing; everything else is text from somewhere."""
    if isinstance(value, Mapping):
        return {key: item if key == "qr" else _cleaned(item) for key, item in value.items()}
    if isinstance(value, str):
        return "\n".join(clean(line) for line in value.split("\n"))
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value if value is None or isinstance(value, bool) else str(value)


def _explained(error: str, data: Mapping[str, Any]) -> Exception:
    """Typst names what it cannot print; a person needs to know where it stands."""
    if "does not fit the window" in error:
        return Unprintable("", "l’adresse ne tient pas dans la fenêtre de l’enveloppe")
    if "references do not fit" in error:
        return Unprintable("", "le nom ou l’adresse du créancier est trop long")
    if found := re.search(r"the text `\"(.+?)\"` could not be displayed", error):
        return Unprintable(found[1], _place(found[1], data))
    return RuntimeError(error)


ENDLESS = re.compile(r"([^\s\u00a0\u202f]{24})(?=[^\s\u00a0\u202f]{6})")


def _breakable(value: Any) -> Any:
    """A word of thirty signs may turn (U+200B) rather than run off the page. After `_cleaned`, which takes out those from outside."""
    if isinstance(value, Mapping):
        return {key: item if key == "qr" else _breakable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_breakable(item) for item in value]
    return ENDLESS.sub("\\1\u200b", value) if isinstance(value, str) else value


FOREIGN = re.compile(r"[^\u0000-\u058f\u1e00-\u1fff\u2000-\u22ff]")  # scripts our fonts do not draw, all at once
PLACES = {
    "address": "l’adresse du débiteur",
    "references": "les références",
    "body": "le texte",
    "known": "le texte",
    "parties": "les parties",
    "rows": "le décompte",
}


def _place(character: str, data: Mapping[str, Any]) -> str:
    for key, place in PLACES.items():
        if key in data and any(sign in json.dumps(data[key], ensure_ascii=False) for sign in character):
            return place
    return "le document"


def _email_parts(body: str) -> list[dict[str, Any]]:
    """The marks of an e-mail: `# ` headline, `> ` small note, `- ` list, `| what | how much` rows, `-> Label : address` the one button."""
    parts: list[dict[str, Any]] = []
    for paragraph in re.split(r"\n\s*\n", body.strip()):
        for line in paragraph.split("\n"):
            kind, found = _email_line(line.strip())
            grouped = kind in ("rows", "list", "paragraph", "note") and parts and parts[-1]["kind"] == kind and parts[-1]["open"]
            if grouped:
                parts[-1]["items"].append(found)
            elif line.strip():
                parts.append({"kind": kind, "items": [found], "open": True})
        if parts:
            parts[-1]["open"] = False
    return parts


CELLS = re.compile(rf" \| (?![^{BEGIN}]*{END})")  # between cells; a bar inside a value parts nothing


def _email_line(line: str) -> tuple[str, Any]:
    if line.startswith("-> "):
        label, _, address = line[3:].rpartition(" : ")
        return "button", {"label": _plain(label), "address": _plain(address)}
    if line.startswith("| "):
        return "rows", [_runs(cell.strip()) for cell in CELLS.split(line[2:])]
    for mark, kind in (("# ", "headline"), ("> ", "note"), ("- ", "list")):
        if line.startswith(mark):
            return kind, _runs(line[len(mark) :])
    return "paragraph", _runs(line)


def _email_text(body: str) -> str:
    """The same words for those who read plain text: no mark survives, the address of the button stands alone on its line."""
    shown: list[str] = []
    for part in _email_parts(body):
        shown.append("\n".join(_email_words(part["kind"], item) for item in part["items"]))
    return "\n\n".join(shown) + "\n"


def _email_words(kind: str, item: Any) -> str:
    if kind == "button":
        return f"{item['label']}{french.NO_BREAK}:\n{item['address']}"
    if kind == "rows":
        return f"{french.NO_BREAK}: ".join(_words(cell) for cell in item if _words(cell))
    return f"- {_words(item)}" if kind == "list" else _words(item)


def _words(runs: Sequence[tuple[str, str]]) -> str:
    return "".join(text for _, text in runs)
