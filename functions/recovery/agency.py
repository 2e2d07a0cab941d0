"""The agency: who signs, insures, receives and answers. One profile per deployment; the local one is marked fictional.

An incomplete profile sends nothing: `missing` names what is lacking, in the words of whoever fills it in.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recovery import french
from recovery.stored import build


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurance:
    """Professional liability (CPCE, art. R. 124-2 1°)."""

    insurer: str = ""
    policy: str = ""
    cover: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Used for the funds of creditors and nothing else (art. R. 124-2 2°). `holder` is the name at the bank, letter for letter."""

    holder: str = ""
    iban: str = ""
    bic: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """To the public prosecutor, before any activity (art. R. 124-2 3°). `court` reads after « près le »: `tribunal judiciaire de Nantes`."""

    court: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: str
    name: str
    email: str = ""
    role: str = "consultant"  # consultant | phone | legal | owner
    title: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    name: str = ""
    legal_name: str = ""
    fictional: bool = False
    line1: str = ""
    postcode: str = ""
    city: str = ""
    rcs: str = ""
    capital: str = ""
    vat: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    site: str = ""
    insurance: Insurance = field(default_factory=Insurance)
    account: Account = field(default_factory=Account)
    declaration: Declaration = field(default_factory=Declaration)
    mediator: str | None = None
    licences: dict[str, str] = field(default_factory=dict)  # by country: what it asks of whoever collects there
    privacy_contact: str = ""
    people: tuple[Person, ...] = ()

    @property
    def address(self) -> str:
        """`14 rue Kervégan, 44000 Nantes`."""
        return f"{self.line1}, {self.postcode} {self.city}"

    @property
    def legal_lines(self) -> tuple[str, ...]:
        """Who the agency is and by what right it writes, at the foot of every paper."""
        declared = f", {french.day(self.declaration.on)}" if self.declaration.on else ""
        capital = f", capital de {self.capital}" if self.capital else ""
        vat = f" — TVA {self.vat}" if self.vat else ""
        lines = (
            f"{self.legal_name}, société de recouvrement amiable{capital} — {self.rcs}{vat}",
            f"Responsabilité civile professionnelle : {self.insurance.insurer}, police {self.insurance.policy}. Déclaration au procureur près le {self.declaration.court}{declared}.",
        )
        return (*lines, FICTIONAL) if self.fictional else lines


FICTIONAL = "Document d’essai : cette agence, son assureur et son compte bancaire sont fictifs. Ne payez rien."

# The path in the profile, and what a person calls it.
REQUIRED = {
    "name": "le nom de l’agence",
    "legal_name": "la dénomination sociale",
    "line1": "l’adresse du siège",
    "postcode": "le code postal du siège",
    "city": "la ville du siège",
    "rcs": "le numéro d’inscription au registre du commerce",
    "phone": "le téléphone",
    "email": "l’adresse électronique",
    "hours": "les heures d’ouverture",
    "site": "l’adresse du site",
    "insurance.insurer": "l’assureur en responsabilité civile professionnelle (R. 124-2, 1°)",
    "insurance.policy": "le numéro de la police d’assurance (R. 124-2, 1°)",
    "insurance.cover": "le montant de la garantie (R. 124-2, 1°)",
    "account.holder": "le titulaire du compte affecté (R. 124-2, 2°)",
    "account.iban": "l’IBAN du compte affecté (R. 124-2, 2°)",
    "account.bic": "le BIC du compte affecté (R. 124-2, 2°)",
    "account.bank": "la banque du compte affecté (R. 124-2, 2°)",
    "declaration.court": "le tribunal de la déclaration au procureur (R. 124-2, 3°)",
    "declaration.on": "la date de la déclaration au procureur (R. 124-2, 3°)",
    "privacy_contact": "le contact pour les données personnelles",
    "people": "au moins une personne chargée des dossiers",
}


def from_json(stored: dict[str, Any]) -> Agency:
    """The profile as the agency filled it in. What it does not say stays empty, and `missing` tells."""
    return build(Agency, stored)  # type: ignore[no-any-return]


def missing(agency: Agency) -> list[str]:
    """What this agency must still say before it may write to anybody. Empty when it may."""
    return [label for path, label in REQUIRED.items() if not _at(agency, path)]


def consultant(agency: Agency, id: str) -> Person:
    """The person of that id; for someone who left, the first consultant, so that a letter still names a human."""
    known = {person.id: person for person in agency.people}
    if id in known:
        return known[id]
    return next((person for person in agency.people if person.role == "consultant"), agency.people[0])


def _at(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = getattr(value, name)
    return value.strip() if isinstance(value, str) else value
