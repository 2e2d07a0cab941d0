"""Reading an invoice, in order: the XML inside, then the words of the page, then the doubts of a careful person."""

from . import check, page, xml
from .identifiers import Identity
from .opened import Opened
from .reading import Found, Reading, Source, Warning, assemble, merge, refused
from .written import clean

# The sentences about a whole file, for the person who dropped it.
PROTECTED = "Ce PDF est protégé par un mot de passe. Retirez la protection, puis déposez-le de nouveau."
EMPTY = "Ce fichier est vide."
UNREADABLE = "Ce fichier n’est pas lisible. Choisissez un PDF, une image ou un Factur-X."
DAMAGED = "Ce PDF est abîmé et ne s’ouvre pas. Enregistrez-le à nouveau, ou exportez la facture une seconde fois."
TOO_SLOW = "Ce PDF est trop complexe pour être lu ici. Enregistrez-le à nouveau en PDF simple, ou imprimez-le en PDF."
TOO_LARGE = "Ce fichier dépasse 10 Mo. Choisissez un fichier plus léger."
ARCHIVE = "Ce fichier est une archive ou un document de bureautique. Enregistrez la facture en PDF, puis déposez-la."
NO_TEXT = "Ce document est une image, sans texte que nous puissions lire. Remplissez les champs, l’image reste à côté."
NO_INVOICE = "Nous n’arrivons pas à lire une facture dans ce document. Remplissez les champs, l’image reste à côté."
NOT_AN_INVOICE = "Ce fichier de données n’est pas une facture (Factur-X, CII ou UBL)."
NO_DATA = "Les données jointes à ce PDF sont illisibles : les champs ont été lus sur la page."

NO_INVOICES = ("quote", "order", "delivery_note")
FEWEST = 5  # characters: a page with fewer has no text, perhaps a number left by a scanner


def read(name: str, opened: Opened, *, own: Identity | None = None) -> Reading:
    """What this file says, `name` being the one it was given."""
    name = clean(name)
    match opened.state, opened.kind:
        case "too_large", _:
            return refused(name, "unreadable", TOO_LARGE)
        case _, "empty":
            return refused(name, "unreadable", EMPTY)
        case _, "archive":
            return refused(name, "unreadable", ARCHIVE)
        case _, "picture":
            return refused(name, "no_text", NO_TEXT)
        case _, "unknown":
            return refused(name, "unreadable", UNREADABLE)
        case "password", _:
            return refused(name, "password", PROTECTED)
        case "too_slow", _:
            return refused(name, "unreadable", TOO_SLOW)
        case "unreadable", _:
            return refused(name, "unreadable", DAMAGED)
    structured, broken = first_invoice(opened.attachments)
    if opened.kind == "xml":
        return read_from(name, "xml", structured, []) if structured else refused(name, "no_invoice", NOT_AN_INVOICE)
    printed = page.read(opened.pages, own=own)
    if structured:
        return read_from(name, "xml", merge(structured, printed), list(check.disagreements(structured, printed)))
    if opened.characters < FEWEST:
        return refused(name, "no_text", NO_TEXT)
    if not page.is_invoice(printed):
        if opened.damaged:
            return refused(name, "unreadable", DAMAGED)
        return refused(name, "no_invoice", NO_INVOICE)
    other = [remark for remark in check.nature(printed) if remark.field == "file" and check.get(printed, "document_type") in NO_INVOICES]
    if other:
        return refused(name, "no_invoice", other[0].message)
    return read_from(name, "text", printed, [Warning("file", NO_DATA)] if broken else [])


def first_invoice(attachments: tuple[bytes, ...]) -> tuple[dict[str, Found], bool]:
    """The first attachment that is an invoice, and whether one could not be parsed. Orders and delivery notes are passed over."""
    broken = False
    for attachment in attachments:
        try:
            return xml.read(attachment), False
        except xml.NotAnInvoice as reason:
            broken = broken or reason.args == ("broken",)
    return {}, broken


def read_from(name: str, source: Source, findings: dict[str, Found], remarks: list[Warning]) -> Reading:
    warnings = (*remarks, *check.check(findings))
    told = {field: found for field, found in findings.items() if field not in NOT_TOLD}
    return assemble(name, source, "read", told, warnings)


NOT_TOLD = ("paid",)  # it makes a warning, not a field
