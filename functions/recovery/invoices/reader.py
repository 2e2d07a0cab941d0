"""Reading an invoice, in order: the XML inside, then the words of the page, then the doubts of a careful person."""

from datetime import date

from . import arithmetic, check, claim, moments, page, xml
from .identifiers import Identity
from .opened import Opened
from .reading import Evidence, Found, Reading, Source, Warning, assemble, get, merge, refused
from .written import clean, fold

# The sentences about a whole file, for the person who dropped it.
PROTECTED = "Ce PDF est protégé par un mot de passe. Retirez la protection, puis déposez-le de nouveau."
EMPTY = "Ce fichier est vide."
UNREADABLE = "Ce fichier n’est pas lisible. Choisissez un PDF, une image ou un Factur-X."
DAMAGED = "Ce PDF est abîmé et ne s’ouvre pas. Enregistrez-le à nouveau, ou exportez la facture une seconde fois."
TOO_SLOW = "Ce PDF est trop complexe pour être lu ici. Enregistrez-le à nouveau en PDF simple, ou imprimez-le en PDF."
TOO_LARGE = "Ce fichier dépasse 10 Mo. Choisissez un fichier plus léger."
ARCHIVE = "Ce fichier est une archive ou un document de bureautique. Enregistrez la facture en PDF, puis déposez-la."
ZIP = "Ce fichier est une archive ZIP : elle contient peut-être des factures, mais n’en est pas une."
TOO_MANY_DOTS = "Cette photo est trop grande pour être affichée. Reprenez-la en qualité ordinaire, ou déposez le PDF de la facture."
HEIC = (
    "Cette photo est au format HEIC, que les navigateurs n’affichent pas. Envoyez-la en JPEG : choisie depuis le téléphone, elle est"
    " convertie d’elle-même ; depuis un ordinateur, exportez-la en JPEG."
)
OTHER_PICTURE = "Ce format d’image n’est pas lu ici. Enregistrez la photo en JPEG ou en PNG, puis déposez-la de nouveau."
BROKEN_PICTURE = "Cette photo est abîmée, ou trop petite pour être lue. Reprenez-la, ou enregistrez-la à nouveau."
NO_TEXT = "Ce document est une image, sans texte que nous puissions lire. Remplissez les champs, l’image reste à côté."
NO_INVOICE = "Nous n’arrivons pas à lire une facture dans ce document. Remplissez les champs, l’image reste à côté."
NOT_AN_INVOICE = "Ce fichier de données n’est pas une facture (Factur-X, CII ou UBL)."
NO_DATA = "Les données jointes à ce PDF sont illisibles : les champs ont été lus sur la page."

NO_INVOICES = ("quote", "order", "delivery_note")
FEWEST = 5  # characters: a page with fewer has no text, perhaps a number left by a scanner


def read(name: str, opened: Opened, *, own: Identity | None = None, today: date | None = None) -> Reading:
    """What this file says, `name` being the one it was given. Told the day, it also says what is not due yet."""
    name = clean(name)
    match opened.state, opened.kind:
        case "too_large", _:
            return refused(name, "unreadable", TOO_LARGE)
        case _, "empty":
            return refused(name, "unreadable", EMPTY)
        case _, "zip":
            return refused(name, "unreadable", ZIP)
        case _, "archive" | "spreadsheet":
            return refused(name, "unreadable", ARCHIVE)
        case "too_many_dots", _:
            return refused(name, "unreadable", TOO_MANY_DOTS)
        case "heic", _:
            return refused(name, "unreadable", HEIC)
        case "other_picture", _:
            return refused(name, "unreadable", OTHER_PICTURE)
        case "unreadable", "picture":
            return refused(name, "unreadable", BROKEN_PICTURE)
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
    if opened.kind == "xml" and not structured:
        return refused(name, "no_invoice", NOT_AN_INVOICE)
    printed = page.read(opened.pages, own=own) if opened.pages else {}
    if structured:
        remarks = tuple(arithmetic.disagreements(structured, printed))
        findings = reckoned(merge(structured, printed))
        return read_from(name, "xml", findings, remarks, opened, today)
    if opened.characters < FEWEST:
        return refused(name, "no_text", NO_TEXT)
    if not page.is_invoice(printed):
        if opened.damaged:
            return refused(name, "unreadable", DAMAGED)
        return refused(name, "no_invoice", NO_INVOICE)
    kind = get(printed, "document_type")
    if kind in NO_INVOICES:
        return refused(name, "no_invoice", claim.OTHER_DOCUMENTS[str(kind)])
    return read_from(name, "text", printed, (Warning("file", NO_DATA),) if broken else (), opened, today)


def first_invoice(attachments: tuple[bytes, ...]) -> tuple[dict[str, Found], bool]:
    """The first attachment that is an invoice, and whether one could not be parsed. Orders and delivery notes are passed over."""
    broken = False
    for attachment in attachments:
        try:
            return xml.read(attachment), False
        except xml.NotAnInvoice as reason:
            broken = broken or reason.args == ("broken",)
    return {}, broken


def reckoned(findings: dict[str, Found]) -> dict[str, Found]:
    """Data may tell the terms and not the day: « 30 jours fin de mois » and its kin give one, to be suggested, never filled in."""
    issued, terms = get(findings, "issue_date"), fold(str(get(findings, "terms.payment") or ""))
    if "due_date" in findings or not isinstance(issued, date) or moments.NOT_TERMS.search(terms) or len(moments.DAYS.findall(terms)) > 1:
        return findings
    day = moments.day_of(terms, issued)
    return findings | {"reckoned_due_date": Found(day, Evidence("guess", 0.8))} if day else findings


def read_from(
    name: str, source: Source, findings: dict[str, Found], remarks: tuple[Warning, ...], opened: Opened, today: date | None
) -> Reading:
    warnings = (*remarks, *check.check(findings, opened.pages, today))
    told = {field: found for field, found in findings.items() if field not in NOT_TOLD}
    return assemble(name, source, "read", told, warnings)


NOT_TOLD = ("paid",)  # it makes a warning, not a field
