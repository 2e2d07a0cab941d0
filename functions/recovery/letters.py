"""What a letter says: every sum, date and legal mention is settled here; the text (templates/letters) and the page only place them.

    first_letter    first contact, all the mentions of R. 124-4     second_letter   a way out, by instalments
    formal_notice   mise en demeure, registered                     receipt         quittance, for every payment (R. 124-6)

Fields and blocks are the words an operator types in a text: the only French names in the house, settled in `FIELDS` and `BLOCKS`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from recovery import french, lines
from recovery.agency import Agency, Person, consultant, missing
from recovery.amounts import Statement, claim_of
from recovery.case import Case
from recovery.days import add_months
from recovery.events import Invoice, PaymentReceived
from recovery.kinds import kinds
from recovery.law import quote
from recovery.mandate import INSTALMENTS
from recovery.parties import Party, address_lines
from recovery.refusals import Refusal
from recovery.regimes import licence_shown
from recovery.timeline import MEANS
from recovery.tokens import printed_code

FIELDS = {
    "agence.nom": "le nom de l’agence",
    "agence.telephone": "son téléphone",
    "agence.heures": "ses heures d’ouverture",
    "creancier.nom": "le nom du créancier, avec sa forme",
    "creancier.adresse": "son adresse, sur une ligne",
    "debiteur.nom": "le nom du débiteur",
    "interlocuteur.nom": "la personne chargée du dossier",
    "interlocuteur.telephone": "son téléphone",
    "dossier": "le numéro du dossier",
    "reference": "la référence de cette lettre",
    "date": "la date de cette lettre, en toutes lettres",
    "repondre_avant": "le dernier jour pour répondre, en toutes lettres",
    "total": "la somme réclamée à la date de la lettre",
    "factures": "« la facture F-1 du … (objet), échue le … » ou « 3 factures, détaillées ci-dessous… »",
    "objet": "« facture F-1 » ou « 3 factures »",
    "page": "l’adresse de la page du débiteur",
    "site": "l’adresse du site",
    "professionnel": "vrai pour un professionnel ou un acheteur public, faux pour un particulier",
    "aide": "vrai pour un particulier en France, qui peut s’y faire aider",
    "interet_legal": "vrai quand la somme porte intérêt au taux légal dès la mise en demeure",
    "penalites": "« les pénalités courues depuis cette lettre sont abandonnées », de même des intérêts, ou vide",
    "versements": "le nombre de versements acceptés d’avance",
    "versement": "le montant d’un versement",
    "paiement": "le montant du paiement reçu",
    "paiement_le": "la date du paiement reçu, en toutes lettres",
    "reste": "ce qui reste réclamé après le paiement",
    "solde": "vrai quand plus rien n’est réclamé",
    "trop_percu": "la somme à rendre au débiteur, ou vide",
    "abandon": "les intérêts abandonnés par le créancier, ou vide",
    "mediation": "le médiateur de la consommation, ou vide quand le créancier n’est pas un professionnel",
}
BLOCKS = {
    "rappel": "le dossier, la référence et la date de la première lettre (R. 124-4, dernier alinéa)",
    "tableau_creances": "principal, intérêts et indemnité, sur des lignes séparées",
    "bloc_paiement": "la demande de payer, le compte et le code de virement",
    "echeancier": "les versements acceptés d’avance",
    "paiements": "les paiements reçus et ce qui reste",
    "activite": "l’activité de recouvrement amiable",
    "reproduction_articles": "l’activité, puis les alinéas 2 et 3 de l’article L. 111-8",
    "donnees_personnelles": "qui, source, but, droits, CNIL",
    "detail_penalites": "le calcul des pénalités, ligne à ligne, quand il y a plusieurs factures",
    "signature": "la personne chargée du dossier",
}
# A text without one of these blocks is refused before anything is printed.
REQUIRED_BLOCKS = {
    "first_letter": ("tableau_creances", "bloc_paiement", "reproduction_articles", "donnees_personnelles", "signature"),
    "second_letter": ("rappel", "tableau_creances", "bloc_paiement", "echeancier", "activite", "signature"),
    "formal_notice": ("rappel", "tableau_creances", "bloc_paiement", "reproduction_articles", "signature"),
    "receipt": ("rappel", "paiements", "signature"),
}
SENDING = {
    "first_letter": "Lettre simple",
    "second_letter": "Lettre simple",
    "formal_notice": "Recommandé avec avis de réception",
    "receipt": "Lettre simple",
}
CLAIMING = ("first_letter", "second_letter", "formal_notice")


class MentionMissing(Refusal):
    """A letter may not leave without them (R. 124-4; fine of the 5th class, R. 124-7). `mentions` lists what is lacking, in French."""

    message = "Cette lettre ne peut pas partir : il manque une mention obligatoire."

    def __init__(self, mentions: Iterable[str]) -> None:
        self.mentions = tuple(mentions)
        super().__init__(f"Cette lettre ne peut pas partir, il manque : {' ; '.join(self.mentions)}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Everything decided. `fields` feeds the text, `blocks` the page; both hold strings that are ready to print."""

    step: str
    reference: str
    on: date
    total: Decimal
    title: str
    author: str
    keywords: tuple[str, ...]
    agency: Mapping[str, Any]
    address: tuple[str, ...]
    place_and_date: str
    references: tuple[tuple[str, str, bool], ...]  # label, value, strong
    footer: tuple[str, ...]
    page: Mapping[str, str] | None
    fields: Mapping[str, Any]
    blocks: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An e-mail to the debtor: the name of its text in templates/emails, and what it says."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)


def compose(
    step: str,
    case: Case,
    statement: Statement,
    *,
    agency: Agency,
    creditor: Party,
    debtor: Party,
    reference: str,
    on: date,
    answer_by: date,
    code: str,
    site: str,
    payment: PaymentReceived | None = None,
) -> Letter:
    """The letter of that step on that day. `step` may be `receipt` or `receipt:<payment>`, with the payment it acknowledges.

    Raises `MentionMissing` when the agency profile, a mention of R. 124-4 or the first letter to recall is lacking, `AddressTooLong`
    or `AddressIncomplete` when it could not reach anybody, `LawUnknown` when the quoted article is not known on that day.
    """
    kind = step.partition(":")[0]
    if lacking := missing(agency):
        raise MentionMissing(lacking)
    person = consultant(agency, case.consultant)
    recalled = recall(case)
    if kind == "receipt" and not recalled:
        recalled = f"Dossier n° {case.case}."  # paid before our first letter: a receipt is owed all the same, and claims nothing
    if kind != "first_letter" and not recalled:
        raise MentionMissing(["la référence et la date d’envoi de la première lettre (R. 124-4, dernier alinéa)"])
    total = max(statement.balance, Decimal("0.00"))
    fields = _fields(case, statement, agency, creditor, debtor, person, reference, on, answer_by, site)
    blocks: dict[str, Any] = {"signature": {"name": person.name, "title": person.title}}
    if recalled:
        blocks["rappel"] = recalled
    if kind in CLAIMING:
        blocks |= {
            "tableau_creances": _claims(case, statement, on),
            "bloc_paiement": _payment(case, total, agency, answer_by),
            "reproduction_articles": _law(agency, on),
            "activite": _activity(agency),
            "donnees_personnelles": _privacy(agency, creditor, site),
            "echeancier": _instalments(total, answer_by),
            "detail_penalites": _arithmetic(case, statement),
        }
    if payment is not None:
        fields |= _receipt_fields(statement, payment)
        blocks["paiements"] = _payments(statement, payment)
    letter = Letter(
        step=kind,
        reference=reference,
        on=on,
        total=total,
        title=f"{TITLES[kind]}, réf. {reference}",
        author=agency.legal_name,
        keywords=(case.case, reference),
        agency={
            "name": agency.name,
            "lines": [f"{agency.legal_name}, société de recouvrement amiable", agency.address, f"{agency.phone} · {agency.email}"],
        },
        address=address_lines(debtor),
        place_and_date=f"{agency.city},\nle {french.day(on)}",
        references=_references(kind, case, creditor, person, reference),
        footer=_foot(case, agency),
        page=_page(code, site) if code and kind in CLAIMING else None,
        fields=fields,
        blocks=blocks,
    )
    if lacking := missing_mentions(letter):
        raise MentionMissing(lacking)
    return letter


def _foot(case: Case, agency: Agency) -> tuple[str, ...]:
    """The licence of the debtor's country ends the line that says by what right the agency writes."""
    who, right, *more = agency.legal_lines
    licence = licence_shown(case.debtor_country, case.regime, agency.licences)
    return (who, f"{right} {licence}".strip(), *more)


TITLES = {"first_letter": "Première lettre", "second_letter": "Deuxième lettre", "formal_notice": "Mise en demeure", "receipt": "Quittance"}


def missing_mentions(letter: Letter) -> list[str]:
    """The mentions of R. 124-4 this letter lacks (law.md 1.3, L-1a to L-6). A receipt claims nothing and needs none."""
    if letter.step not in CLAIMING:
        return []
    claims, pay, law = (letter.blocks.get(name) or {} for name in ("tableau_creances", "bloc_paiement", "reproduction_articles"))
    fields = letter.fields
    quoted = "\n".join(law.get("text", ()))
    checks = {
        "le nom de l’agence (R. 124-4, 1°)": letter.author.strip(),
        "l’adresse de l’agence (R. 124-4, 1°)": letter.agency["lines"][1].strip(" ,"),
        "l’activité de recouvrement amiable (R. 124-4, 1°)": any(ACTIVITY in line for line in law.get("before", ())),
        "le nom du créancier (R. 124-4, 2°)": fields["creancier"]["nom"].strip(),
        "l’adresse du créancier (R. 124-4, 2°)": fields["creancier"]["adresse"].strip(),
        "le fondement de la somme : au moins une facture avec son numéro et ses dates (R. 124-4, 3°)": claims.get("rows")
        and fields["factures"],
        "une somme à payer, détaillée (R. 124-4, 3°)": letter.total > 0 and claims.get("sums") == letter.total,
        "l’indication d’avoir à payer (R. 124-4, 4°)": ASKED in pay.get("sentence", ""),
        "les modalités de paiement (R. 124-4, 4°)": pay.get("transfer", {}).get("iban"),
        "la reproduction des alinéas 2 et 3 de l’article L. 111-8 (R. 124-4, 5°)": all(
            quote(name, letter.on) in quoted for name in ("l111_8_2", "l111_8_3")
        ),
        "la référence et la date de la lettre (R. 124-4, dernier alinéa)": letter.reference and letter.place_and_date,
    }
    return [mention for mention, present in checks.items() if not present]


def require_blocks(step: str, placed: Iterable[str]) -> None:
    """A text that forgot a mandatory block stops at the desk. Raises `MentionMissing`."""
    placed = set(placed)
    if lacking := [f"le bloc [[{name}]] ({BLOCKS[name]})" for name in REQUIRED_BLOCKS[step] if name not in placed]:
        raise MentionMissing(lacking)


def recall(case: Case) -> str:
    """The line every later contact carries (R. 124-4, last paragraph; INV-03). Empty before the first letter was posted."""
    if case.first_letter is None:
        return ""
    reference, posted = case.first_letter
    return f"Dossier n° {case.case} — notre lettre du {french.day(posted)} (réf. {reference})."


def message(
    step: str,
    case: Case,
    statement: Statement,
    *,
    agency: Agency,
    creditor: Party,
    debtor: Party,
    reference: str,
    on: date,
    answer_by: date,
    code: str,
    site: str,
    payment: PaymentReceived | None = None,
) -> Message:
    """The e-mail to the debtor of that step: `reminder`, `<letter>:copy` or `receipt:<payment>`. Its subject tells nobody of a debt.

    Raises `MentionMissing` before the first letter was posted: nothing but a receipt reaches the debtor before it (INV-02).
    """
    kind, _, detail = step.partition(":")
    if case.first_letter is None and kind != "receipt":
        raise MentionMissing(["la première lettre, dont l’envoi n’est pas encore enregistré (R. 124-4)"])
    if lacking := missing(agency):
        raise MentionMissing(lacking)
    person = consultant(agency, case.consultant)
    posted = case.step(kind).posted if detail == "copy" else None
    letter_on = posted.on if posted else case.first_letter[1] if case.first_letter else on
    total = max(statement.balance, Decimal("0.00"))
    data: dict[str, Any] = {
        "letter_on": french.day(letter_on),
        "recall": recall(case) or f"Dossier n° {case.case}.",
        "creditor": creditor.full_name,
        "creditor_address": creditor.address,
        "debtor": debtor.full_name,
        "agency": agency.name,
        "agency_legal": f"{_activity(agency)} {licence_shown(case.debtor_country, case.regime, agency.licences)}".strip(),
        "agency_address": agency.address,
        "phone": agency.phone,
        "hours": agency.hours,
        "person": person.name,
        "person_title": person.title,
        "person_phone": person.phone,
        "fictional": agency.fictional,
        "reference": reference,
        "answer_by": _weekday(answer_by),
        "total": french.euros(total),
        "total_on": french.day(on),
        "lines": [(f"{lines.title(line)} ({line.detail})", french.euros(line.amount)) for line in statement.lines],
        "holder": agency.account.holder,
        "iban": french.iban(agency.account.iban).replace(french.NO_BREAK, " "),  # may turn on a narrow screen
        "bic": agency.account.bic,
        "transfer_reference": case.case,
        "link": f"{site}/lettre#{_plain_code(code)}" if code else f"{site}/lettre",
        "code": shown_code(code),
        "privacy_link": f"{site}/donnees-personnelles",
        "instalments": INSTALMENTS,
    }
    if payment is not None:
        data |= _receipt_fields(statement, payment, narrow=False)
    names = {"reminder": "debtor_reminder", "receipt": "debtor_receipt", "returned": "debtor_returned"}
    return Message(name="debtor_copy" if detail == "copy" else names[kind], data=data)


def shown_code(code: str) -> str:
    """`KP7M-2XQ9-4T`: easier to type, and to say on the telephone."""
    return printed_code(_plain_code(code))


def instalments(total: Decimal, first: date, count: int = INSTALMENTS) -> tuple[tuple[date, Decimal], ...]:
    """Equal monthly payments that add up to the total; the last one takes the odd cents."""
    each = french.cents(total / count)
    amounts = [each] * (count - 1)
    return tuple((add_months(first, n), amount) for n, amount in enumerate([*amounts, total - sum(amounts, Decimal("0.00"))]))


ACTIVITY = "exerce une activité de recouvrement amiable pour le compte d’autrui"
ASKED = "Nous vous demandons de payer cette somme"
NOT_OFFICIAL = "Elle n’est ni un tribunal ni un commissaire de justice."


def _activity(agency: Agency) -> str:
    return f"{agency.legal_name} {ACTIVITY} (articles L. 124-1 et R. 124-1 et suivants du code des procédures civiles d’exécution). {NOT_OFFICIAL}"


def _fields(
    case: Case,
    statement: Statement,
    agency: Agency,
    creditor: Party,
    debtor: Party,
    person: Person,
    reference: str,
    on: date,
    answer_by: date,
    site: str,
) -> dict[str, Any]:
    many = len(case.invoices) > 1
    total = max(statement.balance, Decimal("0.00"))
    return {
        "agence": {"nom": agency.name, "telephone": _kept(agency.phone), "heures": re.sub(r"(?<=\d) (?=h)", french.NO_BREAK, agency.hours)},
        "creancier": {"nom": creditor.full_name, "adresse": creditor.address},
        "debiteur": {"nom": debtor.full_name},
        "interlocuteur": {"nom": person.name, "telephone": _kept(person.phone or agency.phone)},
        "dossier": case.case,
        "reference": reference,
        "date": french.day(on),
        "repondre_avant": _weekday(answer_by),
        "total": _euros(total),
        "factures": _invoices(case.invoices),
        "objet": f"{len(case.invoices)}{french.NO_BREAK}factures" if many else f"Facture {case.invoices[0].number}",
        "page": shown_address(f"{site}/lettre"),
        "site": shown_address(site),
        "professionnel": case.regime != "b2c",
        "aide": case.regime == "b2c" and case.debtor_country == "FR",
        "interet_legal": case.debtor_country == "FR" and _bears_legal_interest(case),
        "penalites": _accrued(statement),
        "versements": INSTALMENTS,
        "versement": _euros(instalments(total, answer_by)[0][1]),
        "paiement": "",
        "paiement_le": "",
        "reste": "",
        "solde": False,
        "trop_percu": "",
        "abandon": "",
        "mediation": ""
        if case.creditor_kind == "individual"
        else agency.mediator or "celui de votre vendeur (liste : economie.gouv.fr/mediation-conso)",
    }


def _bears_legal_interest(case: Case) -> bool:
    """From the formal notice on: nothing else runs on such a claim (amounts.terms_of)."""
    known = [kinds.get(invoice.kind) for invoice in case.invoices]
    return claim_of(case).legal_interest or all(kind and kind.interest == "legal" for kind in known)


def _penalties(statement: Statement) -> bool:
    """Between professionals late interest is a penalty (L441-10); elsewhere the law says interest."""
    return any(line.kind == "interest" and lines.title(line).startswith("Pénalités") for line in statement.lines)


def _accrued(statement: Statement) -> str:
    if not statement.interest:
        return ""
    what = "les pénalités courues{} abandonnées" if _penalties(statement) else "les intérêts courus{} abandonnés"
    return what.format(" depuis cette lettre sont")


def _receipt_fields(statement: Statement, payment: PaymentReceived, *, narrow: bool = True) -> dict[str, Any]:
    rest = max(statement.balance, Decimal("0.00"))
    over = max(-statement.balance, Decimal("0.00"))
    return {
        "paiement": french.euros(payment.amount, narrow=narrow),
        "paiement_le": french.day(payment.on),
        "reste": french.euros(rest, narrow=narrow),
        "solde": rest == 0,
        "trop_percu": french.euros(over, narrow=narrow) if over else "",
        "abandon": french.euros(statement.waived, narrow=narrow) if statement.waived else "",
    }


def _references(kind: str, case: Case, creditor: Party, person: Person, reference: str) -> tuple[tuple[str, str, bool], ...]:
    return (
        ("Dossier", case.case, True),
        ("Référence", reference, False),
        ("Créancier", f"{creditor.full_name}\n{creditor.address}", False),
        ("Suivi par", person.name, False),
        ("Envoi", SENDING[kind], False),
    )


def _page(code: str, site: str) -> dict[str, str]:
    """The debtor's page, as a code to scan and as one to type: it also proves the letter genuine."""
    address = shown_address(f"{site}/lettre")
    return {
        "title": "Votre dossier en ligne",
        "address": address,
        "code": shown_code(code),
        "note": "sans créer de compte",
        "link": f"{site}/lettre#{_plain_code(code)}",
        "alt": f"Code QR : votre dossier en ligne, {address}, code {shown_code(code)}",
    }


def _claims(case: Case, statement: Statement, on: date) -> dict[str, Any]:
    """One invoice: a line for each element, with its arithmetic. Several: a row for each invoice, a column for each element."""
    total = ("Somme réclamée", _euros(statement.balance))
    if len(case.invoices) == 1:
        return {
            "kind": "lines",
            "head": ["Élément", "Calcul", "Montant"],
            "rows": [(lines.title(line), _fine(line.detail), _euros(line.amount)) for line in statement.lines],
            "total": total,
            "sums": sum((line.amount for line in statement.lines), Decimal("0.00")),
            "note": _rules(statement),
        }
    columns = [
        ("Principal TTC", "principal"),
        ("Pénalités" if _penalties(statement) else "Intérêts", "interest"),
        ("Indemnité", "indemnity"),
        ("Clause pénale", "penalty"),
    ]
    columns = [(title, name) for title, name in columns if name == "principal" or getattr(statement, name)]
    shares = [(invoice, statement.of(invoice.number)) for invoice in sorted(case.invoices, key=lambda i: (i.due, i.number))]
    entries: list[tuple[list[str], list[Decimal]]] = []
    for invoice, share in shares:
        credits = [line for line in share.lines if line.kind == "credit"]
        amounts = [getattr(share, name) for _, name in columns]
        amounts[0] -= sum((line.amount for line in credits), Decimal("0.00"))  # the sum printed on the invoice, which the debtor holds
        words = [invoice.number, french.figures_day(invoice.issued), french.figures_day(invoice.due)]
        entries.append((words, [*amounts, sum(amounts, Decimal("0.00"))]))
        for line in credits:
            others = [Decimal("0.00")] * (len(columns) - 1)
            entries.append(([line.text.partition(" du ")[0], "", ""], [line.amount, *others, line.amount]))
    for line in statement.lines:
        if line.invoice is None or line.kind in ("payment", "returned"):  # what is not of one invoice: money, waivers, sums a judge awarded
            entries.append(
                (
                    [lines.title(line), "", french.figures_day(line.last) if line.last else ""],
                    [Decimal("0.00")] * len(columns) + [line.amount],
                )
            )
    sums = [Decimal("0.00")] * (len(columns) + 1)
    rows2 = []
    for words, amounts in entries:
        sums = [a + b for a, b in zip(sums, amounts, strict=True)]
        cells = [*words, *(_number(amount) if amount or words[1] else "" for amount in amounts)]
        rows2.append((cells, [_number(s) for s in sums]))
    return {
        "kind": "invoices",
        "head": ["Facture", "Émise le", "Échue le", *(title for title, _ in columns), "Total en €"],
        "rows": rows2,
        "total": [f"Somme réclamée au {french.figures_day(on)}", *(_number(s) for s in sums)],
        "sums": sums[-1],
        "note": _rules(statement),
    }


def _rules(statement: Statement) -> str:
    """The article each accessory rests on, and what the debtor is not asked (L111-8)."""
    return f"{lines.articles(statement)} Nos frais{french.NO_BREAK}: {_euros(Decimal('0.00'))}, à la charge du créancier.".strip()


def _arithmetic(case: Case, statement: Statement) -> dict[str, Any] | None:
    """How each segment of interest was computed: beside the total with one invoice, at the end of the letter with several."""
    segments = [line for line in statement.lines if line.kind == "interest"]
    if len(case.invoices) == 1 or not segments:
        return None
    rows = [
        (
            line.invoice or "",
            f"{french.figures_day(line.first)} – {french.figures_day(line.last)}" if line.first and line.last else "",
            str(line.days),
            french.percent(line.rate or Decimal(0)),
            _number(line.base or Decimal(0)),
            _number(line.amount),
        )
        for line in segments
    ]
    return {
        "title": segments[0].rule,
        "head": [
            "Facture",
            "Période, jours compris",
            "Jours",
            "Taux annuel",
            "Base en €",
            f"{'Pénalités' if _penalties(statement) else 'Intérêts'} en €",
        ],
        "rows": rows,
        "note": "Chaque ligne : base × taux × jours / 365, arrondie au centime.",
    }


def _payment(case: Case, total: Decimal, agency: Agency, answer_by: date) -> dict[str, Any]:
    account = agency.account
    return {
        "title": f"{_euros(total)} au plus tard le {_weekday(answer_by)}",
        "sentence": f"{ASKED} par virement{french.NO_BREAK}:",
        "rows": [
            ("Titulaire", account.holder, False),
            ("IBAN", french.iban(account.iban), True),
            ("BIC", f"{account.bic}, compte réservé aux fonds de tiers", False),
            ("Motif", case.case, True),
        ],
        "qr_caption": "Virement prérempli : scannez le code depuis l’application de votre banque.",
        "alt": f"Code QR de virement SEPA : {_euros(total)} à {account.holder}, IBAN {french.iban(account.iban)}, motif {case.case}",
        "transfer": {
            "name": account.holder,
            "iban": account.iban.replace(" ", ""),
            "bic": account.bic,
            "amount": str(total),
            "text": case.case,
        },
    }


def _instalments(total: Decimal, first: date) -> dict[str, Any]:
    count = {1: "Premier", 2: "Deuxième", 3: "Troisième"}
    rows = [
        (f"{count.get(n, f'{n}e')} versement, au plus tard le {_weekday(on)}", _euros(amount))
        for n, (on, amount) in enumerate(instalments(total, first), 1)
    ]
    return {"head": ["En trois fois, sans frais de plus", "Montant"], "rows": rows}


def _payments(statement: Statement, payment: PaymentReceived) -> dict[str, Any]:
    """What the receipt acknowledges, and where it leaves the claim."""
    rest = max(statement.balance, Decimal("0.00"))
    return {
        "head": ["Élément", "Calcul", "Montant"],
        "rows": [(lines.title(line), _fine(line.detail), _euros(line.amount)) for line in statement.lines],
        "note": "",
        "total": ("Reste réclamé" if rest else "Plus rien n’est réclamé", _euros(rest)),
        "title": f"Reçu {_euros(payment.amount)}, le {french.day(payment.on)}, par {MEANS.get(payment.means, payment.means)}",
    }


def _law(agency: Agency, on: date) -> dict[str, Any]:
    return {
        "before": [_activity(agency)],
        "title": f"Article L.{french.NO_BREAK}111-8 du même code, deuxième et troisième alinéas{french.NO_BREAK}:",
        "text": [f"«{french.NO_BREAK}{quote('l111_8_2', on)}", f"{quote('l111_8_3', on)}{french.NO_BREAK}»"],
    }


def _privacy(agency: Agency, creditor: Party, site: str) -> str:
    """Short form of the GDPR art. 14 notice, at the first communication; the whole is on a page of the site."""
    return (
        f"{agency.legal_name} utilise vos coordonnées et les données de cette créance, transmises par {creditor.full_name}, pour la recouvrer à l’amiable (intérêt légitime du créancier). "
        f"Elles ne vont qu’à lui et à nos prestataires d’envoi ; gardées jusqu’au règlement, puis archivées cinq ans, dix pour la comptabilité. "
        f"Accès, rectification, effacement, limitation, opposition : {agency.privacy_contact} ; réclamation : CNIL (cnil.fr). Notice complète : {shown_address(f'{site}/donnees-personnelles')}"
    )


def _invoices(invoices: tuple[Invoice, ...]) -> str:
    if len(invoices) == 1:
        (invoice,) = invoices
        about = f" ({invoice.label.strip().rstrip('.')})" if invoice.label.strip() else ""
        return f"la facture {invoice.number} du {french.day(invoice.issued)}{about}, échue le {french.day(invoice.due)}"
    dues = sorted(invoice.due for invoice in invoices)
    span = f"échues le {french.day(dues[0])}" if dues[0] == dues[-1] else f"échues du {french.day(dues[0])} au {french.day(dues[-1])}"
    return f"{len(invoices)}{french.NO_BREAK}factures, détaillées ci-dessous, {span}"


def shown_address(url: str) -> str:
    """An address as one types it."""
    return re.sub(r"^https?://", "", url)


def _plain_code(code: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", code.upper())


def _weekday(on: date) -> str:
    """`vendredi 11 décembre 2026`: a time limit is a date in words (law.md 7.1)."""
    return f"{french.weekday_day(on)} {on.year}"


def _kept(phone: str) -> str:
    """A telephone number stays on one line."""
    return phone.replace(" ", french.NO_BREAK)


def _euros(amount: Decimal) -> str:
    return french.euros(amount, narrow=True)


def _number(amount: Decimal) -> str:
    return french.number(amount, narrow=True)


def _fine(text: str) -> str:
    """The arithmetic of a statement with the fine space of letters between thousands."""
    return re.sub(rf"(?<=\d){french.NO_BREAK}(?=\d{{3}}(?!\d))", french.NARROW, text)
