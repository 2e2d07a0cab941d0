"""The work list: what waits for a person of the agency, read off the case."""

from dataclasses import dataclass
from datetime import date

from recovery.amounts import bears_legal_interest, claim_of
from recovery.case import Case
from recovery.checks import to_research
from recovery.days import today
from recovery.french import day
from recovery.insolvency import KINDS
from recovery.ladder import current, is_receipt, policies, schedule
from recovery.limitation import STAGES, limitation
from recovery.timeline import label


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    kind: str  # call | visit | approve | post | presented | blocked | dispute | insolvency | research | limitation
    step: str
    since: date
    due: date
    title: str
    why: str = ""


def tasks(case: Case) -> tuple[Task, ...]:
    """In the order they should be looked at."""
    found = list(_to_look_at(case))
    for name, step in case.steps.items():
        if step.taken and not step.posted and not step.carried and _is_to_be_posted(case, name):
            sent = today(step.taken.at)
            found.append(Task(kind="post", step=name, since=sent, due=sent, title=f"{label(name, case.policy)} à poster"))
        if step.posted and not step.presented and not step.carried and case.status == "open" and _waits_for_presentation(case, name):
            title, since = f"{label(name, case.policy)} : première présentation à noter", step.posted.on
            found.append(Task(kind="presented", step=name, since=since, due=since, title=title, why="Les intérêts courent du lendemain."))
    rung_now = current(case)
    if case.status != "open" or rung_now is None:
        return tuple(found)
    step = case.step(rung_now.id)
    if rung_now.by_people and step.decided:
        kind = "visit" if rung_now.channel == "visit" else "call"
        since = today(step.decided.at)
        found.append(Task(kind=kind, step=rung_now.id, since=since, due=step.decided.due, title=rung_now.label, why=rung_now.sentence))
    elif rung_now.approval and not step.approved and not step.blocked:
        due = next(planned.on for planned in schedule(case, case.opened_on) if planned.rung == rung_now)
        before = max((s.ended_on for s in case.steps.values() if s.ended_on), default=case.opened_on)
        found.append(Task(kind="approve", step=rung_now.id, since=before, due=due, title=f"{rung_now.label} à relire"))
    return tuple(found)


def _is_to_be_posted(case: Case, name: str) -> bool:
    """A claim only while the case is open: nothing is posted once paid or disputed (INV-12). A receipt on paper whatever happens (R124-6)."""
    rung, decided = policies[case.policy].rung(name), case.step(name).decided
    if rung:
        return rung.is_letter and case.status == "open"
    return is_receipt(name) and decided is not None and decided.reference is not None


def _waits_for_presentation(case: Case, name: str) -> bool:
    """Only where something runs from the formal notice: interest at the legal rate, a penalty clause."""
    claim = claim_of(case)
    return name == "formal_notice" and any(each.penalty or (each.interest and bears_legal_interest(claim, each)) for each in case.invoices)


def _to_look_at(case: Case) -> list[Task]:
    found = [
        Task(
            kind="blocked",
            step=name,
            since=today(step.blocked.at),
            due=today(step.blocked.at),
            title=f"{label(name, case.policy)} : elle ne peut pas partir",
            why=step.blocked.reason,
        )
        for name, step in case.steps.items()
        if step.blocked and (case.status != "closed" or is_receipt(name))  # of a closed case nothing else will be tried again
    ]
    if case.status == "disputed" and case.dispute:
        since = today(case.dispute.at)
        found.append(
            Task(kind="dispute", step="", since=since, due=since, title="Contestation à examiner", why="Les relances sont arrêtées.")
        )
    if case.status == "insolvent" and case.insolvency:
        since, why = today(case.insolvency.at), f"Relances arrêtées ; déclaration avant le {day(case.insolvency.declare_by)}."
        found.append(
            Task(
                kind="insolvency",
                step="",
                since=since,
                due=since,
                title=f"Procédure collective : {KINDS[case.insolvency.procedure]}",
                why=why,
            )
        )
    if case.alerts and case.status != "closed":
        alert, seen = case.alerts[-1], case.step("limitation").approved
        if (seen is None or seen.at < alert.at) and limitation(claim_of(case)).last == alert.last:
            since, title = today(alert.at), f"Prescription dans moins de {STAGES[alert.stage]}"
            why = f"Dernier jour pour agir : {day(alert.last)}. Proposez la voie judiciaire, ou notez ce qui interrompt le délai."
            found.append(Task(kind="limitation", step="limitation", since=since, due=since, title=title, why=why))
    if case.checked and (why := unanswered_research(case)):
        since = today(case.checked.at)
        found.append(Task(kind="research", step="checks", since=since, due=since, title="Débiteur à rechercher", why=why))
    return found + _to_find_again(case)


def _to_find_again(case: Case) -> list[Task]:
    """An e-mail or a letter reached nobody: until a person corrects the address, or says that it is seen."""
    email = case.unreachable if case.unreachable and case.unreachable.bounce == "permanent" else None
    lost = [(event, why) for event, why in ((email, LOST_EMAIL), (case.came_back, LOST_ADDRESS)) if event]
    seen = case.step("contact").approved
    if not lost or case.status in ("closed", "insolvent") or (seen and all(seen.at >= event.at for event, _ in lost)):
        return []
    since, why = min(today(event.at) for event, _ in lost), " ".join(why for _, why in lost)
    return [Task(kind="research", step="contact", since=since, due=since, title="Coordonnées à retrouver", why=why)]


LOST_EMAIL = "Un e-mail est revenu : cette adresse n’existe pas. Les reçus partent par courrier, les rappels par e-mail sont sautés."
LOST_ADDRESS = "Une lettre est revenue : personne de ce nom à cette adresse. Vérifiez-la avant le prochain envoi."


def unanswered_research(case: Case) -> str:
    """What the registers left to look up, until a person corrects the debtor or says that it is seen. A case that is over asks nothing."""
    if case.checked is None or case.status in ("closed", "insolvent"):
        return ""
    seen = (case.corrected, case.step("checks").approved)
    return "" if any(event and event.at >= case.checked.at for event in seen) else to_research(case.checked)
