"""What somebody must tell us before we may claim what one debtor owes, checked field by field.

The form sends flat strings; out come the same strings in their settled form, and either a `Submission` that can be quoted
and opened, or one sentence per field. The two sides are told once; the fields of an invoice bear its id in the form, but for
the first: `number`, `number.2`, `number.3`. Names and addresses are data: markup stays as it is typed, what cannot be seen is
taken out. Every check is made at once, so that a person corrects the form once.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from unicodedata import bidirectional, category

from recovery import french
from recovery.agreed import agreed_rate
from recovery.days import DAY
from recovery.events import Invoice, same_number
from recovery.invoices.identifiers import compact, iban_holds, siren_holds
from recovery.invoices.written import amount, clean, day, fold
from recovery.parties import AddressIncomplete, AddressTooLong, Party, address_lines
from recovery.refusals import Invalid
from recovery.regimes import REGIMES, about_the_claim, about_the_country, allows_penalties, lapsed_sentence

FIELDS = (
    "creditor_name", "creditor_siren", "creditor_line1", "creditor_line2", "creditor_postcode", "creditor_city", "creditor_iban",
    "creditor_email", "signatory_name", "signatory_role", "debtor_kind", "debtor_name", "debtor_siren", "debtor_line1", "debtor_line2",
    "debtor_postcode", "debtor_city", "debtor_country", "debtor_email", "debtor_phone", "interest", "creditor_kind", "express_request",
)  # fmt: skip
INVOICE_FIELDS = ("number", "issued", "due", "amount", "label", "kind", "agreed", "penalty", "still_due", "still_ours")
Fields = dict[str, str]
NEVER_PRINTED = (  # as they are typed
    "debtor_kind", "debtor_country", "interest", "creditor_kind", "express_request", "issued", "due", "amount", "kind", "agreed", "penalty",
    "still_due", "still_ours",
)  # fmt: skip
MOST_INVOICES = 40  # of one case: they are all claimed in one transaction of the journal

LONGEST = {"number": 40, "label": 200, "creditor_email": 254, "debtor_email": 254, "creditor_name": 120, "debtor_name": 120}
LONGEST_BY_DEFAULT = 80
LARGEST = Decimal("10000000")
EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
COUNTRIES = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Wrong:
    field: str
    message: str


class FormRefused(Invalid):
    """Some fields cannot be accepted as they are. What was typed is kept."""

    message = "Il y a un problème dans le formulaire."

    def __init__(self, errors: tuple[Wrong, ...]) -> None:
        super().__init__(field=errors[0].field)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Paper:
    """One invoice of the form. `document` is the sha256 of its file; `document_type` is what the file says it is, whatever is typed."""

    id: str = "1"
    document: str | None = None
    document_type: str | None = None
    currency: str | None = None  # as read
    asks_kind: bool = False  # its words tell of a kind that changes the law: a person chooses
    doubts: frozenset[str] = frozenset()  # what the file says against claiming it: "paid", "maybe_paid", "assigned", "another_seller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What one debtor owes and may be claimed, invoice by invoice, and between whom."""

    creditor: Party
    creditor_iban: str
    debtor: Party
    regime: str  # "b2b" | "b2c" | "b2g"
    invoices: tuple[Invoice, ...]
    creditor_kind: str = "business"  # "business" | "public" | "individual"

    @property
    def principal(self) -> Decimal:
        return sum((invoice.amount for invoice in self.invoices), Decimal(0))

    @property
    def oldest_due(self) -> date:
        return min(invoice.due for invoice in self.invoices)


@dataclass(frozen=True, slots=True)
class Checked:
    fields: Fields  # as they will be shown and kept: dates in ISO form, amounts with a point, identifiers without spaces
    errors: tuple[Wrong, ...]
    submission: Submission | None

    def or_refuse(self) -> Submission:
        if self.submission is None:
            raise FormRefused(self.errors)
        return self.submission


def named(field: str, invoice: str) -> str:
    """The name in the form of a field of that invoice."""
    return field if invoice == "1" else f"{field}.{invoice}"


def names(invoices: Sequence[str] = ("1",)) -> tuple[str, ...]:
    """Every field of a form that holds those invoices."""
    return (*FIELDS, *(named(field, invoice) for invoice in invoices for field in INVOICE_FIELDS))


def settle(typed: Mapping[str, str], invoices: Sequence[str] = ("1",)) -> Fields:
    """The known fields, written one way. What cannot be understood stays as it was typed: people correct their own words."""
    fields = {name: clean(typed.get(name, ""), 400) for name in names(invoices)}
    for name in ("creditor_siren", "debtor_siren"):
        digits = compact(fields[name])
        fields[name] = digits[:9] if re.fullmatch(r"\d{14}", digits) else digits  # a SIRET begins with its SIREN
    fields["creditor_iban"] = compact(fields["creditor_iban"])
    fields["debtor_country"] = fields["debtor_country"].upper() or "FR"
    fields["creditor_kind"] = fields["creditor_kind"] or "business"
    fields["interest"] = "no" if fields["interest"] == "no" else "yes"
    for name in ("creditor_email", "debtor_email"):
        fields[name] = fields[name].replace(" ", "").lower()
    for invoice in invoices:
        for name in (named("issued", invoice), named("due", invoice)):
            found = day(fields[name])
            fields[name] = found.isoformat() if found else fields[name]
        name = named("amount", invoice)
        value = amount(fields[name])
        fields[name] = f"{value:.2f}" if value is not None else fields[name]
    return fields


def check(
    typed: Mapping[str, str], today: date, papers: Sequence[Paper] = (Paper(),), licences: Mapping[str, str] = MappingProxyType({})
) -> Checked:
    """`licences` are those of the agency's profile, by country: without the one that is wanted, nothing is sent there."""
    fields = settle(typed, [paper.id for paper in papers])
    errors = tuple(first_of_each(wrongs(fields, today, papers, licences)))
    return Checked(fields, errors, None if errors else submission(fields, papers))


def submission(fields: Fields, papers: Sequence[Paper]) -> Submission:
    private = fields["creditor_kind"] == "individual"
    return Submission(
        creditor=Party(
            name=fields["creditor_name"],
            siren="" if private else fields["creditor_siren"],
            line1=fields["creditor_line1"],
            line2=fields["creditor_line2"],
            postcode=fields["creditor_postcode"],
            city=fields["creditor_city"],
            country="FR",
            email=fields["creditor_email"],
            kind="consumer" if private else "business",
        ),
        creditor_iban=fields["creditor_iban"],
        debtor=debtor(fields),
        regime=REGIMES[fields["debtor_kind"]],
        invoices=tuple(invoice(fields, paper) for paper in papers),
        creditor_kind=fields["creditor_kind"],
    )


def invoice(fields: Fields, paper: Paper) -> Invoice:
    said = {field: fields[named(field, paper.id)] for field in INVOICE_FIELDS}
    penalties = allows_penalties(fields["debtor_kind"], fields["creditor_kind"], said["kind"])
    return Invoice(
        number=said["number"],
        issued=date.fromisoformat(said["issued"]),
        due=date.fromisoformat(said["due"]),
        amount=Decimal(said["amount"]),
        label=said["label"],
        document=paper.document,
        interest=fields["interest"] == "yes",
        kind=said["kind"] or "service",
        agreed=agreed_rate(said["agreed"]) if penalties == "agreed" else None,
        penalty=amount(said["penalty"]) if penalties else None,
    )


def siren_in(fields: Mapping[str, str]) -> str:
    """The creditor's; a private person has none, whatever was typed before they said so."""
    return "" if fields.get("creditor_kind") == "individual" else fields.get("creditor_siren", "")


def debtor(fields: Mapping[str, str]) -> Party:
    consumer = fields["debtor_kind"] == "consumer"
    return Party(
        name=fields["debtor_name"],
        siren="" if consumer else fields["debtor_siren"],
        line1=fields["debtor_line1"],
        line2=fields["debtor_line2"],
        postcode=fields["debtor_postcode"],
        city=fields["debtor_city"],
        country=fields["debtor_country"],
        email=fields["debtor_email"] or None,
        phone=fields["debtor_phone"] or None,
        kind="consumer" if consumer else "business",
    )


# ------------------------------------------------------------------------------------------------ the checks


def wrongs(fields: Fields, today: date, papers: Sequence[Paper], licences: Mapping[str, str]) -> Iterator[Wrong]:
    yield from about_the_files(papers)
    yield from about_the_debtor(fields)
    yield from (Wrong(*said) for said in about_the_country(fields["debtor_country"], fields["debtor_kind"], licences))
    for paper in papers:
        said = {field: fields[named(field, paper.id)] for field in INVOICE_FIELDS}
        for wrong in about_the_invoice(said, fields, paper, today):
            yield Wrong(named(wrong.field, paper.id), wrong.message)
    yield from told_twice(fields, papers)
    yield from about_the_creditor(fields)
    yield from about_the_signs(fields)
    for name, value in fields.items():
        longest = LONGEST.get(name.partition(".")[0], LONGEST_BY_DEFAULT)
        if len(value) > longest:
            yield Wrong(name, f"C’est trop long : {longest} caractères au plus.")


def about_the_signs(fields: Fields) -> Iterator[Wrong]:
    """Neither pictures nor letters read from right to left are in the fonts of a letter. What else they lack, a person sees before it leaves."""
    for name, value in fields.items():
        if name.partition(".")[0] in NEVER_PRINTED:
            continue
        picture = next((sign for sign in value if sign > "\uffff" or (sign >= "\u2600" and category(sign) == "So")), None)
        if picture:
            yield Wrong(name, f"Le signe « {picture} » ne s’imprime pas sur une lettre : retirez-le.")
        leftwards = next((sign for sign in value if bidirectional(sign) in ("R", "AL")), None)
        if leftwards:
            yield Wrong(name, f"Le signe « {leftwards} » ne s’imprime pas sur une lettre : écrivez en lettres latines.")


def about_the_files(papers: Sequence[Paper]) -> Iterator[Wrong]:
    if any(paper.document_type == "credit_note" for paper in papers):
        yield Wrong("file", "Ce document est un avoir : il diminue une facture, il n’y a rien à réclamer. Déposez la facture elle-même.")
    if len(papers) > MOST_INVOICES:
        yield Wrong("file", f"Un dossier porte {MOST_INVOICES} factures au plus : partagez-les en deux dossiers.")


def told_twice(fields: Fields, papers: Sequence[Paper]) -> Iterator[Wrong]:
    """One invoice is claimed once: numbers that differ only by spaces or case are the same invoice."""
    seen: set[str] = set()
    for paper in papers:
        name = named("number", paper.id)
        number = same_number(fields[name])
        if number and number in seen:
            yield Wrong(name, "Cette facture est déjà plus haut dans ce dossier : retirez-la, ou corrigez son numéro.")
        seen.add(number)


def about_the_debtor(fields: Fields) -> Iterator[Wrong]:
    kind = fields["debtor_kind"]
    if kind not in REGIMES:
        yield Wrong(
            "debtor_kind", "Dites si votre client est un professionnel, un particulier ou un acheteur public : la loi n’est pas la même."
        )
    yield from present(fields, debtor_name="Saisissez le nom de votre client.")
    yield from the_address(fields, "debtor", "de votre client")
    siren = fields["debtor_siren"]
    if kind != "consumer" and siren:
        yield from the_siren(siren, "debtor_siren")
    if kind != "consumer" and siren and siren == fields["creditor_siren"]:
        yield Wrong("debtor_siren", "Ce SIREN est aussi le vôtre : le client et vous seriez la même entreprise.")
    elif fields["debtor_name"] and same_place(fields):
        yield Wrong("debtor_name", "Votre client et vous avez le même nom et la même adresse : vérifiez lequel est le client.")
    if fields["debtor_email"] and not EMAIL.fullmatch(fields["debtor_email"]):
        yield Wrong("debtor_email", "Cet e-mail n’est pas complet. Par exemple, compta@entreprise.fr.")
    phone = fields["debtor_phone"]
    if phone and not re.fullmatch(r"\+?\d{6,15}", re.sub(r"[ .\-()/]", "", phone)):
        yield Wrong("debtor_phone", "Ce numéro de téléphone n’est pas complet. Par exemple, 02 40 00 00 00.")
    if not COUNTRIES.fullmatch(fields["debtor_country"]):
        yield Wrong("debtor_country", "Choisissez un pays.")


def about_the_invoice(said: Fields, fields: Fields, paper: Paper, today: date) -> Iterator[Wrong]:
    yield from present(said, number="Saisissez le numéro de la facture.")
    issued, due = a_day(said["issued"]), a_day(said["due"])
    if issued is None:
        yield Wrong("issued", "Saisissez la date de la facture, par exemple 31/01/2026.")
    elif issued > today:
        yield Wrong("issued", "La date de la facture est dans le futur.")
    if due is None:
        yield Wrong("due", "Saisissez la date d’échéance, par exemple 03/09/2026.")
    else:
        yield from the_due_date(due, issued, said["kind"], fields, today)
    yield from the_amount(said["amount"])
    yield from (Wrong(*wrong) for wrong in about_the_claim(said, fields, due, paper.asks_kind, today))
    yield from about_the_doubts(said, paper)
    if paper.currency not in (None, "", "EUR"):
        yield Wrong("amount", f"Cette facture est en {paper.currency} : nous ne recouvrons que des sommes en euros.")


def about_the_doubts(said: Fields, paper: Paper) -> Iterator[Wrong]:
    """A debt that is extinct, or another's, is not claimed: the creditor says that it is neither."""
    if "paid" in paper.doubts:
        yield Wrong(
            "amount",
            "Les données de cette facture la disent déjà payée : il n’y a rien à réclamer. Si le paiement est revenu, appelez-nous.",
        )
    for name, sentence in (
        ("still_due", "La facture porte une mention de paiement : confirmez qu’elle reste due, ou retirez-la."),
        ("still_ours", "D’après la facture, cette créance est à un autre que vous : confirmez qu’elle vous appartient, ou retirez-la."),
    ):
        if name in to_confirm(paper) and said[name] != "yes":
            yield Wrong(name, sentence)


def to_confirm(paper: Paper) -> list[str]:
    """What the creditor must say of an invoice whose file says otherwise."""
    said = {"still_due": {"maybe_paid"}, "still_ours": {"assigned", "another_seller"}}
    return [name for name, doubts in said.items() if doubts & paper.doubts]


def the_due_date(due: date, issued: date | None, kind: str, fields: Fields, today: date) -> Iterator[Wrong]:
    if due >= today:
        tomorrow = french.day_month(due + DAY)
        yield Wrong("due", f"Cette facture est à payer le {french.day(due)}. Revenez le {tomorrow}, ou corrigez la date.")
        return
    if lapsed := lapsed_sentence(due, issued, kind, fields, today):
        yield Wrong("due", lapsed)
    elif issued is not None and due < issued <= today:
        yield Wrong("due", "L’échéance est avant la date de la facture. Corrigez l’une des deux.")


def the_amount(typed: str) -> Iterator[Wrong]:
    value = amount(typed)
    if value is None:
        yield Wrong("amount", "Saisissez le montant encore dû, TTC, par exemple 3 480,00.")
    elif value == 0:
        yield Wrong("amount", "Le montant est de zéro : il n’y a rien à réclamer. Saisissez ce qui reste dû, TTC.")
    elif value < 0:
        yield Wrong("amount", "Ce montant est négatif, comme celui d’un avoir : il n’y a rien à réclamer.")
    elif value > LARGEST:
        yield Wrong("amount", "Au-delà de dix millions d’euros, appelez-nous : une personne prend votre dossier.")


def about_the_creditor(fields: Fields) -> Iterator[Wrong]:
    private = fields["creditor_kind"] == "individual"
    if fields["creditor_kind"] not in ("business", "public", "individual"):
        yield Wrong("creditor_kind", "Dites si vous êtes une entreprise, un organisme public ou un particulier.")
    yield from present(
        fields,
        creditor_name="Saisissez votre prénom et votre nom." if private else "Saisissez le nom de votre entreprise.",
        creditor_iban="Saisissez l’IBAN sur lequel nous vous reverserons les paiements.",
        creditor_email="Saisissez votre e-mail, par exemple prenom@entreprise.fr.",
    )
    if not private:
        yield from present(fields, creditor_siren="Saisissez votre SIREN : 9 chiffres.")
    elif fields["express_request"] != "yes":
        yield Wrong(
            "express_request",
            "Cochez cette demande pour commencer : sans elle, rien ne peut partir avant la fin de votre délai de rétractation de 14 jours.",
        )
    yield from the_address(fields, "creditor", "où vous écrire" if private else "de votre entreprise")
    if fields["creditor_siren"] and not private:
        yield from the_siren(fields["creditor_siren"], "creditor_siren")
    if fields["creditor_iban"] and not iban_holds(fields["creditor_iban"]):
        yield Wrong("creditor_iban", "Cet IBAN n’est pas valable : vérifiez-le, un chiffre a pu changer.")
    if fields["creditor_email"] and not EMAIL.fullmatch(fields["creditor_email"]):
        yield Wrong("creditor_email", "Cet e-mail n’est pas complet. Par exemple, prenom@entreprise.fr.")


def the_address(fields: Fields, who: str, whose: str) -> Iterator[Wrong]:
    yield from present(
        fields,
        **{
            f"{who}_line1": f"Saisissez l’adresse {whose} : numéro et rue.",
            f"{who}_postcode": f"Saisissez le code postal {whose}.",
            f"{who}_city": f"Saisissez la ville {whose}.",
        },
    )
    postcode = fields[f"{who}_postcode"]
    in_france = who == "creditor" or fields["debtor_country"] == "FR"
    if postcode and in_france and not re.fullmatch(r"\d{5}", postcode):
        yield Wrong(f"{who}_postcode", "Un code postal a 5 chiffres, par exemple 44000.")
    if who == "debtor" and all(fields[f"debtor_{part}"] for part in ("name", "line1", "postcode", "city")):
        yield from the_window(fields)


def the_window(fields: Fields) -> Iterator[Wrong]:
    """The envelope has a window: what does not fit in it would reach nobody."""
    try:
        address_lines(debtor(fields))
    except (AddressIncomplete, AddressTooLong) as refusal:
        part = refusal.field or "line1"
        name = part if part.startswith("debtor_") else f"debtor_{part}"
        yield Wrong(name if name in fields else "debtor_line1", refusal.message)


def the_siren(siren: str, field: str) -> Iterator[Wrong]:
    if not re.fullmatch(r"\d{9}", siren):
        yield Wrong(field, "Un SIREN a 9 chiffres, par exemple 732 829 320.")
    elif not siren_holds(siren):
        yield Wrong(field, "Ce SIREN n’existe pas : sa clé est fausse, un chiffre a pu changer.")


def same_place(fields: Fields) -> bool:
    return all(fold(fields[f"debtor_{part}"]) == fold(fields[f"creditor_{part}"]) for part in ("name", "line1", "postcode"))


def present(fields: Fields, **sentences: str) -> Iterator[Wrong]:
    for name, sentence in sentences.items():
        if not fields[name]:
            yield Wrong(name, sentence)


def a_day(typed: str) -> date | None:
    return day(typed)


def first_of_each(errors: Iterator[Wrong]) -> Iterator[Wrong]:
    """One sentence per field: the first one is the one to act on."""
    seen: set[str] = set()
    for error in errors:
        if error.field not in seen:
            seen.add(error.field)
            yield error


# ------------------------------------------------------------------------------------------------ who signs


def signatory(name: str, role: str, *, private: bool = False) -> tuple[str, str]:
    """Who accepts the mandate, and in what capacity: a private person has none but their own. Raises `FormRefused`."""
    name, role = clean(name, 200), "" if private else clean(role, 200)
    errors = []
    if not 2 <= len(name) <= LONGEST_BY_DEFAULT:
        errors.append(Wrong("name", "Saisissez le prénom et le nom de la personne qui accepte le mandat."))
    if not private and not 2 <= len(role) <= LONGEST_BY_DEFAULT:
        errors.append(Wrong("role", "Saisissez sa qualité, par exemple gérante."))
    if errors:
        raise FormRefused(tuple(errors))
    return name, role
