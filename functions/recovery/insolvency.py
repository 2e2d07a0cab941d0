"""Whether a collective procedure is open against a debtor, read off its notices (BODACC), and what its creditor must do by when.

Earlier claims are neither paid nor chased (Code de commerce, L622-7, L622-21): they are declared to the person the judgment named, within
two months of the notice (L622-24, R622-24), four for a creditor outside mainland France. The day of posting counts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from recovery import french
from recovery.days import add_months, working_day
from recovery.events import Invoice
from recovery.invoices.written import fold
from recovery.law import law
from recovery.parties import Party

# What each procedure is called, after « une procédure de » and as a title.
KINDS = {
    "safeguard": "sauvegarde",
    "receivership": "redressement judiciaire",
    "liquidation": "liquidation judiciaire",
    "recovery": "rétablissement personnel ou professionnel",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice of the official bulletin. `stage` and `nature` are its own words; a correction names the notice it mends."""

    id: str
    family: str  # collective | radiation | vente | dpc | …
    status: str = "annonce"  # annonce | rectificatif | annulation
    published_on: date
    court: str = ""
    stage: str = ""  # « Jugement d’ouverture »
    nature: str = ""  # « Jugement d’ouverture d’une procédure de redressement judiciaire »
    judged_on: date | None = None
    text: str = ""
    url: str = ""
    mends: str = ""  # the `id` of the notice that this one corrects or cancels


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """The last procedure of a debtor. `state`: open, plan (claims from before are paid by the plan), ended, written_off (no assets were left)."""

    kind: str
    opened_on: date
    published_on: date
    notice: str
    court: str = ""
    trustee: str = ""  # who receives the claims, as the notice names them
    url: str = ""
    state: str = "open"

    @property
    def label(self) -> str:
        return KINDS[self.kind]

    def holds(self, invoices: Iterable[Invoice]) -> bool:
        """Whether these may not be chased: an open procedure asks a person first; one that ended binds the claims from before it."""
        return self.state == "open" or (self.state != "ended" and any(invoice.issued < self.opened_on for invoice in invoices))


def procedure(notices: Iterable[Notice]) -> Procedure | None:
    """The last one, as its notices tell it. A notice that was cancelled is as if it had never been."""
    found: Procedure | None = None
    for notice in standing(notices):
        if notice.family not in FAMILIES:
            continue
        said = fold(f"{notice.stage} {notice.nature}")
        judged = any(word in said for word in ("ouverture", "pronon", "conversion"))
        kind = kind_of(said) or (kind_of(fold(notice.text)) if judged else None)
        running = found if found and found.state in ("open", "plan") else None
        if running and ("infirm" in said or "mettant fin" in said or "met fin" in said):
            found = replace(running, state="ended")
        elif "cloture" in said:
            found = running and replace(running, state="written_off" if "insuffisance" in said else "ended")
        elif running and "plan" in said and not any(word in said for word in ("resolution", "cession", "rejet")):
            found = replace(running, state="plan")
        elif running and running.state == "open" and kind:  # a conversion, or the same judgment again: the delay has run since the first
            found = replace(running, kind=kind, trustee=trustee(notice.text) or running.trustee)
        elif kind:  # the first we know of, or after a plan that failed
            found = Procedure(
                kind=kind,
                opened_on=notice.judged_on or notice.published_on,
                published_on=notice.published_on,
                notice=notice.id,
                court=notice.court,
                trustee=trustee(notice.text),
                url=notice.url,
            )
    return found


FAMILIES = ("collective", "retablissement_professionnel")


def kind_of(said: str) -> str | None:
    if "retablissement" in said:
        return "recovery"
    if "liquidation" in said:
        return "liquidation"
    if "redressement" in said:
        return "receivership"
    return "safeguard" if "sauvegarde" in said else None


def standing(notices: Iterable[Notice]) -> list[Notice]:
    """Oldest first. A cancellation takes its notice away; a correction gives its words to it, which keeps its own day: the delay ran from it."""
    kept: list[Notice] = []
    for notice in sorted(notices, key=lambda each: (each.published_on, each.id)):
        at = next((n for n, each in enumerate(kept) if each.id == notice.mends), None)
        if notice.status == "annulation":
            if at is not None:
                del kept[at]
        elif notice.status == "rectificatif" and at is not None:
            kept[at] = replace(notice, id=kept[at].id, published_on=kept[at].published_on, status="annonce")
        else:
            kept.append(notice)
    return kept


NAMED = re.compile(
    r"(?:mandataire(?:s)? judiciaire(?:s)?|liquidateur(?:s)?(?: judiciaire(?:s)?)?)\s*:?\s+(?!ou\b|et\b|prévu|sur\b)(.{4,160}?)(?=\.\s|\.$|;|,? (?:et )?(?:désigna|administrateur|les créan|date de|autorisa|fixant|avec pour)|$)",
    re.IGNORECASE,
)


def trustee(text: str) -> str:
    """« SELARL Martin, prise en la personne de Me Martin, 3 rue des Lois 69003 Lyon »: to whom the claim is sent. Empty when the notice does not say."""
    found = NAMED.search(" ".join(text.split()))
    return found[1].strip(" ,:") if found else ""


# ------------------------------------------------------------------------------------------------ what to do, and by when


def declare_by(published_on: date, creditor: Party) -> date:
    """The last day to post the declaration; carried to the next working day (Code de procédure civile, art. 642)."""
    rule = law["claim_declaration_abroad" if is_abroad(creditor) else "claim_declaration"]
    return working_day(add_months(published_on, int(rule.value(published_on))))


def is_abroad(creditor: Party) -> bool:
    """Outside mainland France, overseas departments included (R622-24)."""
    return creditor.country not in ("FR", "") or creditor.postcode.startswith(("97", "98"))


def told(found: Procedure, creditor: Party, today: date) -> str:
    """What its creditor reads: stop, and declare; to whom, by when."""
    opened = f"Une procédure de {found.label} est ouverte depuis le {french.day(found.opened_on)}"
    if found.state == "plan":
        return f"{opened} et un plan est en cours : les factures d’avant ce jugement se paient selon le plan. Ne les relancez pas."
    if found.state == "written_off":
        return f"La procédure de {found.label} ouverte le {french.day(found.opened_on)} est close faute d’actif : cette somme ne peut plus être réclamée."
    by = declare_by(found.published_on, creditor)
    whom = found.trustee or "le mandataire judiciaire ou le liquidateur nommé par le tribunal"
    if by < today:
        return (
            f"{opened}. Ne relancez pas. Le délai pour déclarer votre créance a pris fin le {french.day(by)} : pendant six mois après la publication "
            f"du {french.day(found.published_on)}, le juge-commissaire peut encore vous relever de ce retard s’il n’est pas de votre fait."
        )
    return f"{opened}. Ne relancez pas : déclarez votre créance au plus tard le {french.day(by)}, par courrier, auprès de : {whom}."
