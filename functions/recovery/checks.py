"""What the public registers say of a debtor, and what a case must know of it: the effect of the `checks` rung.

A register that does not answer stops nobody: what it would have said is « unverified », and a person reads so.
"""

from dataclasses import dataclass
from datetime import datetime

from recovery import insolvency
from recovery.company import Company, Located, deliverability, same_name
from recovery.events import DebtorChecked
from recovery.insolvency import Notice, Procedure
from recovery.parties import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was answered. `unverified` names the services that did not: companies, notices, addresses."""

    company: Company | None = None
    notices: tuple[Notice, ...] = ()
    address: Located | None = None
    unverified: frozenset[str] = frozenset()

    @property
    def procedure(self) -> Procedure | None:
        return insolvency.procedure(self.notices)

    @property
    def bulletin(self) -> tuple[Notice, ...] | None:
        return None if "notices" in self.unverified else self.notices


def identity(debtor: Party, seen: Seen) -> str:
    """`matches`, `differs` (the register has another name), `ceased`, `unknown` to the register, `unverified`, or `no_number` to ask about."""
    if not debtor.siren or debtor.country not in ("FR", ""):
        return "no_number"
    if "companies" in seen.unverified:
        return "unverified"
    if seen.company is None:
        return "unknown"
    if not seen.company.active:
        return "ceased"
    return "matches" if not seen.company.shown or same_name(debtor.name, seen.company) else "differs"


def address(debtor: Party, seen: Seen) -> str:
    """`deliverable`, `to_confirm`, `to_research`, `unverified`, or `abroad`: the base knows France alone."""
    if debtor.country not in ("FR", ""):
        return "abroad"
    return "unverified" if "addresses" in seen.unverified else deliverability(seen.address)


def checked(debtor: Party, seen: Seen, *, by: str, at: datetime) -> DebtorChecked:
    """Codes and no name: the journal holds what was found, the register keeps who it is about."""
    found = seen.procedure
    said = "no_number" if not debtor.siren else "unverified" if "notices" in seen.unverified else found.state if found else "none"
    return DebtorChecked(at=at, by=by, identity=identity(debtor, seen), address=address(debtor, seen), insolvency=said)


IDENTITY = {
    "matches": "le SIREN et le nom concordent avec le registre",
    "differs": "ce SIREN porte un autre nom au registre",
    "ceased": "le registre indique une activité cessée",
    "unknown": "ce SIREN n’est pas au registre",
    "unverified": "le registre n’a pas pu être consulté",
    "no_number": "sans SIREN français, le registre n’a pas été interrogé",
}
ADDRESS = {
    "deliverable": "l’adresse est connue de la Base adresse nationale",
    "to_confirm": "l’adresse est à confirmer",
    "to_research": "l’adresse est à rechercher",
    "unverified": "la Base adresse nationale n’a pas pu être consultée",
    "abroad": "l’adresse, hors de France, n’a pas été vérifiée",
}
INSOLVENCY = {
    "none": "aucune procédure collective publiée",
    "open": "une procédure collective est ouverte",
    "plan": "un plan est en cours",
    "ended": "une procédure collective est terminée",
    "written_off": "une procédure collective s’est close faute d’actif",
    "unverified": "les annonces légales n’ont pas pu être consultées",
    "no_number": "sans SIREN, les annonces légales n’ont pas été consultées",
}


def sentence(event: DebtorChecked) -> str:
    """What was checked and what could not be, for the creditor."""
    said = "; ".join((IDENTITY[event.identity], ADDRESS[event.address], INSOLVENCY[event.insolvency])).replace("; ", " ; ")
    return f"{said[:1].upper()}{said[1:]}."


RESEARCH = {  # what a person should look at, and why; nothing waits for it
    "differs": "Ce SIREN porte un autre nom au registre : vérifier qui est le débiteur.",
    "ceased": "L’activité est cessée au registre : rechercher qui répond de la dette.",
    "unknown": "Ce SIREN n’est pas au registre : vérifier le numéro.",
    "to_research": "L’adresse n’est pas connue de la Base adresse nationale : rechercher la bonne.",
}


def to_research(event: DebtorChecked | None) -> str:
    """Why a person should look the debtor up; empty when nothing calls for it."""
    found = (RESEARCH[code] for code in (event.identity, event.address) if code in RESEARCH) if event else ()
    return " ".join(found)
