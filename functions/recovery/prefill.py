"""What the form shows before anyone has typed: what was read on the invoice, where, and how sure we are."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from recovery import french
from recovery.intake import FIELDS, INVOICE_FIELDS, Fields, named, settle
from recovery.invoices.written import day, fold
from recovery.regimes import tells_of_another_kind

PLAIN_RATE = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?)\s*%")
DOUBTFUL_BELOW = 0.8
LONGEST_REASON = 120
SUGGESTED_BELOW = 0.5  # a wrong value costs more than an empty one: such a value waits beside its field

# form field → names in the reading, the first one known wins
READ_FROM: dict[str, tuple[str, ...]] = {
    "creditor_name": ("seller.name",),
    "creditor_siren": ("seller.siren", "seller.siret"),
    "creditor_line1": ("seller.line1",),
    "creditor_line2": ("seller.line2",),
    "creditor_postcode": ("seller.postcode",),
    "creditor_city": ("seller.city",),
    "creditor_iban": ("iban",),
    "creditor_email": ("seller.email",),
    "debtor_name": ("buyer.name",),
    "debtor_siren": ("buyer.siren", "buyer.siret"),
    "debtor_line1": ("buyer.line1",),
    "debtor_line2": ("buyer.line2",),
    "debtor_postcode": ("buyer.postcode",),
    "debtor_city": ("buyer.city",),
    "debtor_country": ("buyer.country",),
    "debtor_email": ("buyer.email",),
    "debtor_phone": ("buyer.phone",),
    "number": ("invoice_number",),
    "issued": ("issue_date",),
    "due": ("due_date",),
    "amount": ("amount_due", "total_gross"),
}
FORM_FIELD = {read: form for form, known in READ_FROM.items() for read in known}
LEGAL_FORMS = {
    "sarl",
    "sas",
    "sasu",
    "sa",
    "eurl",
    "sci",
    "societe",
    "ste",
    "ets",
    "et",
    "de",
    "la",
    "le",
    "les",
    "des",
    "du",
    "gmbh",
    "srl",
    "bv",
    "ltd",
}
ANSWERED_BY = {
    "maybe_paid": "still_due",
    "assigned": "still_ours",
    "another_seller": "still_ours",
}  # what must be confirmed, beside its warning
# What the law or the money needs: without it nothing can be claimed.
NEEDED = (
    "creditor_name", "creditor_siren", "creditor_line1", "creditor_postcode", "creditor_city", "creditor_iban", "creditor_email", "debtor_kind",
    "debtor_name", "debtor_line1", "debtor_postcode", "debtor_city",
)  # fmt: skip
NEEDED_OF_INVOICE = ("number", "issued", "due", "amount")


def fields(reading: Mapping[str, Any], known: Mapping[str, str], invoice: str = "1") -> Fields:
    """`known` is what we know of the person who deposits: it wins over what was read about the seller."""
    unsure = read_unsurely(reading)
    filled = {form: first(reading, read) for form, read in READ_FROM.items() if form not in unsure}
    filled["debtor_kind"] = kind_of_buyer(reading)
    filled |= {name: value for name, value in known.items() if value}
    return settle({named(name, invoice) if name in INVOICE_FIELDS else name: value for name, value in filled.items()}, [invoice])


PUBLIC = re.compile(
    r"\b(?:communes?|communaute|mairie|ville|departement|region|conseil|metropole|syndicat|prefecture|ministere|etat|hopital|hopitaux|hospitalier|chu?|universite|"
    r"lycee|college|ecole|rectorat|academie|ccas|cias|sdis|epci|etablissement public|office public|tresor|direction)\b"
)


def kind_of_buyer(reading: Mapping[str, Any]) -> str:
    """A SIREN that begins with 1 or 2 is a public body's (INSEE), when the name says so too. Without both, or a number, a person says."""
    if first(reading, ("buyer.siren", "buyer.siret")).startswith(("1", "2")):
        return "public" if PUBLIC.search(fold(first(reading, ("buyer.name",)))) else ""
    return "business" if first(reading, ("buyer.siren", "buyer.siret", "buyer.vat")) else ""


def another_seller(reading: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any] | None:
    """The warning when the page bears another seller than the creditor who is signed in: somebody else's debt, perhaps."""
    seller, name = first(reading, ("seller.siren", "seller.siret"))[:9], first(reading, ("seller.name",))
    mine, my_name = known.get("creditor_siren", ""), known.get("creditor_name", "")
    words, my_words = ({*fold(each).replace(".", "").split()} - LEGAL_FORMS for each in (name, my_name))
    if not my_name or (seller == mine if seller and mine else not words or words & my_words):
        return None
    place = (reading.get("evidence") or {}).get("seller.name") or {}
    message = f"La facture est établie par {name or french.siren(seller)}, pas par {my_name} : vérifiez que cette créance est à vous."
    return {"field": "payee", "message": message, "code": "another_seller", "page": place.get("page"), "box": place.get("box")}


def asks_kind(reading: Mapping[str, Any]) -> bool:
    """Its words tell of a claim that the law treats apart; the person then chooses."""
    return tells_of_another_kind(" ".join(str(reading.get(name) or "") for name in ("subject", "label", "notes", "document_title")))


def doubts(reading: Mapping[str, Any]) -> frozenset[str]:
    """Why this may be nothing to claim. Data that say « paid » are believed; a page may have been read wrongly, so a person confirms."""
    codes = {warning.get("code") for warning in reading.get("warnings") or []} & {"paid", *ANSWERED_BY}
    if "paid" in codes and reading.get("source") != "xml":
        codes = codes - {"paid"} | {"maybe_paid"}
    return frozenset(codes)


def agreed_rate_of(reading: Mapping[str, Any]) -> str:
    """The yearly rate that the terms of the invoice name plainly: proposed beside the field, never taken without a click."""
    told = term(reading, "penalties")
    rates = PLAIN_RATE.findall(told)
    return f"{rates[0]} %" if len(rates) == 1 and not re.search("l[ée]gal|bce|refinancement|mois|directeur", told.lower()) else ""


def suggestions(reading: Mapping[str, Any], invoice: str = "1", *, lead: bool = True) -> dict[str, dict[str, str]]:
    """What fills no field by itself: shown beside it with its reason, taken with one click."""
    unsure = read_unsurely(reading)
    settled = settle(unsure) if unsure else {}
    proposed = {name: suggested(settled[form], "Lu sans certitude") for form, name in shown_as(unsure, invoice, lead)}
    if rate := agreed_rate_of(reading):
        proposed[named("agreed", invoice)] = suggested(rate, f"La facture dit « {term(reading, 'penalties')} »")
    if (reckoned := first(reading, ("reckoned_due_date",))) and not reading.get("due_date"):
        said = term(reading, "payment")
        proposed[named("due", invoice)] = suggested(
            reckoned, f"Compté d’après ses conditions, « {said} »" if said else "Compté d’après ses conditions de paiement"
        )
    return proposed


def suggested(value: str, because: str) -> dict[str, str]:
    return {"value": value, "because": because}


def term(reading: Mapping[str, Any], name: str) -> str:
    """The invoice's own words, short enough to stand beside a field."""
    told = " ".join(str((reading.get("terms") or {}).get(name) or "").split())
    return told if len(told) <= LONGEST_REASON else f"{told[:LONGEST_REASON].rstrip()}…"


def read_unsurely(reading: Mapping[str, Any]) -> Fields:
    proofs = evidence(reading)
    return {form: first(reading, READ_FROM[form]) for form in proofs if proofs[form]["confidence"] < SUGGESTED_BELOW}


def evidence(reading: Mapping[str, Any], invoice: str = "1", *, lead: bool = True) -> dict[str, dict[str, Any]]:
    """The proof of each form field: source, confidence, invoice, page and box. The first invoice of a draft speaks for both sides."""
    proofs = reading.get("evidence") or {}
    found = {}
    for form, read in READ_FROM.items():
        name = next((name for name in read if value_of(reading, name)), None)
        if name in proofs:
            found[form] = {**proofs[name], "invoice": invoice}
    return {name: found[form] for form, name in shown_as(found, invoice, lead)}


def shown_as(forms: Mapping[str, Any], invoice: str, lead: bool) -> list[tuple[str, str]]:
    """(the field, its name in the form) of what this invoice tells."""
    return [(form, named(form, invoice) if form in INVOICE_FIELDS else form) for form in forms if lead or form in INVOICE_FIELDS]


def doubtful(reading: Mapping[str, Any], shown: Mapping[str, str], invoice: str = "1", *, lead: bool = True) -> list[str]:
    """Fields whose value is still the one we read, and not surely: the person looks at those first."""
    read = fields(reading, {}, invoice)
    return [
        name
        for name, proof in evidence(reading, invoice, lead=lead).items()
        if proof["confidence"] < DOUBTFUL_BELOW and shown.get(name) and shown[name] == read[name]
    ]


def missing(shown: Mapping[str, str], invoices: Sequence[str] = ("1",)) -> list[str]:
    private = shown.get("creditor_kind") == "individual"
    asked = [name for name in NEEDED if not (private and name == "creditor_siren")]
    needed = (*asked, *(named(field, invoice) for invoice in invoices for field in NEEDED_OF_INVOICE))
    return [name for name in needed if not shown.get(name)]


def warnings(reading: Mapping[str, Any], today: date, invoice: str = "1", *, lead: bool = True) -> list[dict[str, Any]]:
    """The reader's warnings, beside the form's fields; what has no field there concerns the file.

    `code` says the same to a program; `page` and `box` are the place to look at on the invoice.
    """
    asked, due = doubts(reading), day(str(reading.get("due_date") or ""))
    placed = []
    for warning in reading.get("warnings") or []:
        code, field = warning.get("code"), warning["field"]
        if code == "not_due" and due and due < today:
            continue  # it has fallen due since
        if field == "due_date" and reading.get("reckoned_due_date") and not due:
            continue  # the suggestion says it, with its reason
        if code == "paid" and "maybe_paid" in asked:
            code = "maybe_paid"
        form = ANSWERED_BY.get(code or "") or FORM_FIELD.get(field, field)
        at = {"code": code, "page": warning.get("page"), "box": warning.get("box"), "invoice": invoice, "message": warning["message"]}
        if form in INVOICE_FIELDS:
            placed.append({"field": named(form, invoice), **at})
        elif form not in FIELDS:
            placed.append({"field": "file", **at})
        elif lead:
            placed.append({"field": form, **at})
    return placed


def first(reading: Mapping[str, Any], read: tuple[str, ...]) -> str:
    return next((value for value in (value_of(reading, name) for name in read) if value), "")


def value_of(reading: Mapping[str, Any], name: str) -> str:
    party, _, part = name.partition(".")
    value = (reading.get(party) or {}).get(part) if part else reading.get(name)
    return str(value or "")
