"""The agreement with the creditor (CPCE, art. R. 124-3): what is entrusted, on what terms, and who accepted which text, when.

Nothing is done towards a debtor before one covers the claim (INV-01). The text accepted is hashed: the page shows it, the PDF prints
it, and both can be compared with `fingerprint`. Data travels as JSON between the API and the function that prints (`to_json`, `from_json`).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from recovery import french, lines
from recovery.agency import Agency, missing
from recovery.amounts import Statement
from recovery.case import Case
from recovery.days import today, working_day
from recovery.law import law
from recovery.parties import Party
from recovery.refusals import Refusal

INSTALMENTS = 3  # monthly payments the creditor accepts in advance
IBAN_WAIT_DAYS = 7  # a new account is announced to the known contacts, and waits
BUTTON = "J’accepte le mandat et je lance le dossier"


class MandateIncomplete(Refusal):
    message = "Ce mandat est incomplet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    title: str
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One element of one claim, on its own line (R. 124-3 1°)."""

    what: str
    detail: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """Ready to read and to print. `on` is the day the sums are counted to."""

    reference: str
    on: date
    title: str
    parties: tuple[tuple[str, str], ...]  # (who they are in the agreement, name and address)
    rows: tuple[Row, ...]
    total: str
    articles: str
    clauses: tuple[Clause, ...]
    signatory: str
    role: str
    email: str
    footer: tuple[str, ...]
    author: str
    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Who pressed the button, when, and the fingerprint of what was on the page."""

    name: str
    role: str
    email: str
    at: datetime
    fingerprint: str


def agreement(
    reference: str,
    *,
    agency: Agency,
    creditor: Party,
    debtor: Party,
    statement: Statement,
    fee_rate: Decimal,
    iban: str,
    signatory: str,
    role: str,
    email: str,
    on: date,
    terms: tuple[tuple[str, str], ...] = (),
) -> Mandate:
    """Raises `MandateIncomplete` naming what the agency profile or the creditor must still say."""
    lacking = missing(agency)
    lacking += [
        label
        for value, label in (
            (creditor.name, "le nom du créancier"),
            (creditor.line1, "l’adresse du créancier"),
            (signatory, "le nom du signataire"),
            (iban, "l’IBAN du créancier"),
        )
        if not value.strip()
    ]
    if lacking:
        raise MandateIncomplete(f"Ce mandat est incomplet, il manque : {' ; '.join(lacking)}.")
    return Mandate(
        reference=reference,
        on=on,
        title="Mandat de recouvrement amiable",
        parties=(
            ("Le créancier", _identity(creditor)),
            ("L’agence", f"{agency.legal_name}, {agency.address}, {agency.rcs}"),
            ("Le débiteur", _identity(debtor)),
            *terms,
        ),
        rows=tuple(Row(what=lines.title(line), detail=line.detail, amount=french.euros(line.amount)) for line in statement.lines),
        total=french.euros(statement.balance),
        articles=lines.articles(statement),
        clauses=clauses(agency, creditor, statement, fee_rate, iban)
        + (retraction(agency, reference, on) if creditor.kind == "consumer" else ()),
        signatory=signatory,
        role=role,
        email=email,
        footer=agency.legal_lines,
        author=agency.legal_name,
        agency=agency.name,
    )


def clauses(agency: Agency, creditor: Party, statement: Statement, fee_rate: Decimal, iban: str) -> tuple[Clause, ...]:
    """The agreement in the order one reads it. Its numbered points 1° to 4° are the minimum of R. 124-3; the rest says how we work."""
    months = int(law["remittance_months"].value(statement.on))
    vat = law["vat_rate"].value(statement.on)
    running = " Les intérêts de retard continuent de courir jusqu’au paiement, au taux ci-dessus." if statement.interest else ""
    private = creditor.kind == "consumer"
    price = f"{french.percent(fee_rate)} hors taxes des sommes que nous encaissons, TVA de {french.percent(vat)} en plus"
    if private:  # whoever is not in business reads the price they pay (code de la consommation, L112-1)
        whole = fee_rate * (100 + vat) / 100
        price = f"{french.percent(whole)} des sommes que nous encaissons, TVA comprise ({french.percent(fee_rate)} hors taxes)"
    declared = f" le {french.day(agency.declaration.on)}" if agency.declaration.on else ""
    return (
        Clause(
            title="Ce que vous nous confiez",
            text=(
                f"{creditor.full_name} charge {agency.legal_name} de recouvrer à l’amiable, en son nom et pour son compte, la créance détaillée ci-dessus, et lui donne pouvoir d’en recevoir le paiement, d’en donner quittance et de mettre le débiteur en demeure.",
                f"Chaque élément figure sur sa ligne avec son fondement (article R. 124-3, 1°). Vous confirmez que cette somme est due et non réglée à ce jour.{running}",
            ),
        ),
        Clause(
            title="Vos garanties",
            text=(
                f"Les conséquences pécuniaires de notre responsabilité civile professionnelle sont garanties par {agency.insurance.insurer}, police {agency.insurance.policy}, à hauteur de {agency.insurance.cover} (article R. 124-3, 2°). L’attestation est à votre disposition.",
                f"Les fonds arrivent sur un compte ouvert chez {agency.account.bank}, qui ne sert qu’aux sommes encaissées pour les créanciers. Notre activité est déclarée au procureur de la République près le {agency.declaration.court}{declared} (article R. 124-2).",
            ),
        ),
        Clause(
            title="Notre rémunération",
            text=(
                f"{price}, à votre charge (article R. 124-3, 3°). Le taux vaut pour tout le dossier.",
                "Rien n’est encaissé : rien n’est dû. Ni frais de dossier, ni minimum, ni abonnement. Rien n’est jamais demandé à votre client pour notre travail (article L. 111-8).",
            ),
        ),
        Clause(
            title="Votre argent",
            text=(
                f"Chaque somme encaissée vous est reversée au plus tard {'un mois' if months == 1 else f'{months} mois'} après son encaissement (articles R. 124-3, 4°, et R. 124-6), sur le compte {french.masked_iban(iban)}.",
                "Notre commission et sa TVA sont retenues sur la somme reversée ; chaque reversement montre, ligne par ligne, la somme reçue, la commission, la TVA et le net.",
                f"Un changement de compte est annoncé à vos contacts connus et attend {IBAN_WAIT_DAYS} jours avant de servir.",
            ),
        ),
        Clause(
            title="Ce que vous acceptez d’avance",
            text=(
                f"Un échéancier de {INSTALMENTS} versements mensuels au plus. Les intérêts de retard s’arrêtent tant qu’il est tenu.",
                "Le débiteur qui paie, dans le délai donné, le total exact de notre dernière lettre a tout payé : vous renoncez aux intérêts courus depuis cette lettre.",
                "Tout le reste vous est demandé : échéancier plus long, remise, visite, procédure. Jamais sans votre accord.",
            ),
        ),
        Clause(
            title="Comment nous travaillons",
            text=(
                "Tout commence par la lettre de l’article R. 124-4 ; aucun message ne part avant elle. Nous écrivons, appelons et proposons des solutions ; une contestation suspend les relances le temps de l’examiner.",
                "Vous êtes informé de tout paiement, même partiel, et de toute proposition de votre client (article R. 124-5). Dites-nous sans attendre tout paiement que vous recevez directement.",
            ),
        ),
        Clause(
            title="Arrêter",
            text=(
                "Vous retirez le dossier quand vous voulez, sans motif, sans délai et sans frais. La commission reste acquise sur les seules sommes déjà encaissées.",
            ),
        ),
        Clause(
            title="Données personnelles",
            text=(
                "Nous traitons les données du dossier pour votre compte et sur vos instructions (article 28 du RGPD), dans le seul but de ce recouvrement : confidentialité, sécurité, sous-traitants tenus aux mêmes obligations, aide pour répondre aux demandes, alerte sans délai en cas de violation, effacement à la fin des durées légales. Pour nos propres obligations (comptabilité, réclamations), nous en sommes responsables.",
                f"Vous confirmez pouvoir nous transmettre ces données. Contact : {agency.privacy_contact}.",
            ),
        ),
        Clause(
            title="Prise d’effet",
            text=(
                f"Le mandat prend effet quand vous ouvrez le lien envoyé à votre adresse électronique et confirmez ; pour un premier dossier, une personne de l’agence vérifie d’abord {'votre identité' if private else 'votre entreprise'}. Rien ne part chez votre client avant.",
            ),
        ),
    )


def retraction_until(case: Case) -> date | None:
    """The last day on which a private person may withdraw; None for the others. A period that ends on a day off goes on to the next working day."""
    if case.creditor_kind != "individual" or case.mandate is None:
        return None
    return _retraction_from(today(case.mandate.accepted_at))


def _retraction_from(accepted: date) -> date:
    return working_day(accepted + timedelta(days=int(law["retraction"].value(accepted))))


def retraction(agency: Agency, reference: str, on: date) -> tuple[Clause, ...]:
    """What a consumer is told before the contract (L221-5), and the form they may use (R221-1, annexe)."""
    mediator = f" Médiateur de la consommation : {agency.mediator}." if agency.mediator else ""
    last = french.day(_retraction_from(on))
    return (
        Clause(
            title="Votre droit de rétractation",
            text=(
                f"Vous agissez à titre privé : vous pouvez vous rétracter, sans donner de motif et sans frais, pendant quatorze jours après l’acceptation, donc jusqu’au {last} si vous acceptez aujourd’hui (articles L. 221-18 et suivants du code de la consommation). Un mot suffit : le bouton « Me rétracter » de la page du dossier, le formulaire ci-dessous, ou toute déclaration claire à {agency.email}.",
                "À votre demande expresse, nous commençons avant la fin de ce délai. Si vous vous rétractez, le dossier se ferme aussitôt, tout ce que nous avons encaissé vous revient, et aucune commission n’est due.",
                f"Le service : recouvrer à l’amiable la créance ci-dessus, pour le prix dit plus haut, jusqu’au paiement ou jusqu’à votre décision d’arrêter. Qui nous sommes : {agency.legal_name}, {agency.address}, {agency.phone}, {agency.email}. Réclamations : aux mêmes adresses.{mediator}",
            ),
        ),
        Clause(
            title="Formulaire de rétractation",
            text=(
                "Veuillez compléter et renvoyer le présent formulaire uniquement si vous souhaitez vous rétracter du contrat.",
                f"À l’attention de {agency.legal_name}, {agency.address}, {agency.email} :",
                f"Je vous notifie par la présente ma rétractation du contrat portant sur la prestation de services ci-dessous : mandat de recouvrement amiable, dossier {reference}.",
                "Commandé le (…) · Nom du consommateur : (…) · Adresse du consommateur : (…)",
                "Signature du consommateur (uniquement en cas de notification du présent formulaire sur papier) : (…) · Date : (…)",
            ),
        ),
    )


def text(mandate: Mandate) -> str:
    """The agreement as plain text, one element per line: what is shown, printed and hashed."""
    said = [mandate.title, f"Dossier {mandate.reference}, sommes arrêtées au {french.day(mandate.on)}"]
    said += [f"{who} : {name}" for who, name in mandate.parties]
    said += [f"{row.what} | {row.detail} | {row.amount}" for row in mandate.rows]
    said += [f"À recouvrer | {mandate.total}", mandate.articles]
    for clause in mandate.clauses:
        said += [clause.title, *clause.text]
    said.append(f"Signataire : {', '.join(filter(None, (mandate.signatory, mandate.role, mandate.email)))}")
    return "\n".join(said) + "\n"


def fingerprint(mandate: Mandate) -> str:
    """sha256 of `text`, in UTF-8."""
    return hashlib.sha256(text(mandate).encode()).hexdigest()


def acceptance(mandate: Mandate, at: datetime) -> Acceptance:
    """The signatory pressed the button at that moment."""
    return Acceptance(name=mandate.signatory, role=mandate.role, email=mandate.email, at=at, fingerprint=fingerprint(mandate))


def acceptance_lines(accepted: Acceptance) -> tuple[str, ...]:
    """What the PDF prints under the agreement."""
    who = f"{accepted.name}, {accepted.role}" if accepted.role else accepted.name
    return (
        f"Accepté par {who}, {accepted.email},",
        f"le {french.day(french.local(accepted.at).date())} à {french.hour(accepted.at)} (heure de Paris), par le bouton « {BUTTON} ».",
        f"Empreinte du texte accepté (sha256) : {accepted.fingerprint}",
    )


def to_json(mandate: Mandate) -> dict[str, Any]:
    return asdict(mandate) | {"on": mandate.on.isoformat()}


def from_json(stored: dict[str, Any]) -> Mandate:
    return Mandate(
        **stored
        | {
            "on": date.fromisoformat(stored["on"]),
            "parties": tuple((who, name) for who, name in stored["parties"]),
            "rows": tuple(Row(**row) for row in stored["rows"]),
            "clauses": tuple(Clause(title=clause["title"], text=tuple(clause["text"])) for clause in stored["clauses"]),
            "footer": tuple(stored["footer"]),
        }
    )


def acceptance_to_json(accepted: Acceptance) -> dict[str, Any]:
    return asdict(accepted) | {"at": accepted.at.isoformat()}


def acceptance_from_json(stored: dict[str, Any]) -> Acceptance:
    return Acceptance(**stored | {"at": datetime.fromisoformat(stored["at"])})


def summary(mandate: Mandate) -> dict[str, Any]:
    """For the page: `{parties, rows, total, clauses}` in plain JSON."""
    whole = to_json(mandate)
    return {key: whole[key] for key in ("title", "parties", "rows", "total", "articles", "clauses", "signatory", "role", "email")} | {
        "fingerprint": fingerprint(mandate)
    }


def _identity(party: Party) -> str:
    known: Iterable[str] = (party.full_name, party.address, f"SIREN {french.siren(party.siren)}" if party.siren else "")
    return ", ".join(part for part in known if part)
