"""A confirmed mandate becomes a case: the creditor and the debtor enter the directory, the first events the journal.

Done twice, it is done once: the case has its number since the draft, and the journal opens a number once.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from adapters import agency, directory, drafts, journal
from adapters.directory import Contact, Creditor, Person
from adapters.drafts import Draft
from doors import mailing, quotes
from recovery import decisions, tokens
from recovery.days import today
from recovery.events import CreditNoted, Invoice
from recovery.intake import Submission
from recovery.invoices.written import day
from recovery.mandate import IBAN_WAIT_DAYS
from recovery.refusals import AlreadyClaimed, NotFound


def open_case(draft: Draft, *, verified_by: str, now: datetime) -> Draft:
    """Raises `AlreadyClaimed` when one of the invoices belongs to another case.

    The journal comes last: the climb starts as soon as it is written, and finds everybody in the directory.
    """
    submitted = quotes.submission(draft, now)
    person = person_of(draft)
    creditor = creditor_of(submitted.creditor.siren, person)
    consultant, holder = consultant_of(creditor), f"creditor:{person.id}"
    debtor = tokens.fingerprint(draft.id)[:16]  # says nothing, and opening again finds the same entry
    assert draft.confirmed_at
    not_claimed(creditor, submitted, draft)
    directory.keep_debtor(debtor, submitted.debtor)
    keep_creditor(creditor, submitted, person, draft, consultant, verified_by=verified_by, now=now)
    directory.keep_person(replace(person, creditors=tuple(dict.fromkeys((*person.creditors, creditor)))))
    directory.takes(consultant, draft.ref)
    notes = credit_notes(draft, submitted, by=holder, now=now)
    journal.open_case(
        draft.ref,
        [
            *decisions.open_case(
                case=draft.ref,
                creditor=creditor,
                creditor_kind=submitted.creditor_kind,
                debtor_country=submitted.debtor.country,
                debtor=debtor,
                regime=submitted.regime,
                consultant=consultant,
                invoices=tuple(before_credits(invoice, notes) for invoice in submitted.invoices),
                mandate=draft.accepted["document"],
                accepted_at=datetime.fromisoformat(draft.accepted["at"]),
                accepted_by=holder,
                fee_rate=Decimal(draft.accepted["fee_rate"]),
                confirmed_at=draft.confirmed_at,
                verified_at=now,
                verified_by=verified_by,
                at=now,
            ),
            *notes,
        ],
    )
    return drafts.keep(replace(draft, state="opened"))


def credit_notes(draft: Draft, submitted: Submission, *, by: str, now: datetime) -> list[CreditNoted]:
    """The credit notes dropped with the invoices, each with its file. The mandate asks for what is left: they lower it from the start."""
    on = today(now)
    return [
        CreditNoted(
            at=now,
            by=by,
            number=credit["number"],
            invoice=invoice.number,
            amount=Decimal(credit["amount"]),
            on=min(max(day(credit.get("on") or "") or on, invoice.issued), on),
            retroactive=True,
            document=credit["file"].get("sha256"),
        )
        for each, invoice in zip(draft.invoices, submitted.invoices, strict=True)
        for credit in each.credits
        if Decimal(credit["amount"]) > 0
    ]


def before_credits(invoice: Invoice, notes: Sequence[CreditNoted]) -> Invoice:
    """What the form says is still due has its credit notes taken off already."""
    return replace(invoice, amount=invoice.amount + sum(note.amount for note in notes if note.invoice == invoice.number))


def creditor_of(siren: str, person: Person | None) -> str:
    """The key under which a creditor is known: its SIREN; a private person's own id, which says nothing."""
    return siren or (f"person-{person.id}" if person else "")


def not_claimed(creditor: str, submitted: Submission, draft: Draft) -> None:
    """Looked at before anybody enters the directory; the transaction of the journal has the last word."""
    for invoice in submitted.invoices:
        holder = journal.holder_of(creditor, invoice.number)
        if holder and holder != draft.ref:
            raise AlreadyClaimed(invoice.number, holder)


def person_of(draft: Draft) -> Person:
    """The person behind a confirmed address. They have an id from then on."""
    return directory.person(draft.email) or Person(id=secrets.token_hex(8), email=draft.email, name=draft.accepted["name"])


def consultant_of(creditor: str) -> str:
    """The creditor's own, or the least busy one."""
    people = [person.id for person in agency.profile().people if person.role == "consultant"]
    known = directory.creditor(creditor)
    if known and known.consultant in people:
        return known.consultant
    return directory.least_busy(people)


def keep_creditor(
    creditor: str, submitted: Submission, person: Person, draft: Draft, consultant: str, *, verified_by: str, now: datetime
) -> None:
    """A creditor we know keeps its account: another one is announced to the contacts of before, and waits."""
    known = directory.creditor(creditor)
    contact = Contact(person=person.id, email=person.email, name=draft.accepted["name"], role=draft.accepted["role"])
    if known is None:
        directory.keep_creditor(
            Creditor(
                party=submitted.creditor,
                iban=submitted.creditor_iban,
                contacts=(contact,),
                verified_by=verified_by,
                verified_at=now,
                consultant=consultant,
                person="" if submitted.creditor.siren else creditor,
            )
        )
        return
    if submitted.creditor_iban not in (known.iban_on(today(now)), known.next_iban):
        known = known.with_iban(submitted.creditor_iban, today=today(now), on=new_account_serves_on(now))
        mailing.iban_change(known, draft.accepted["name"], now)  # before it is kept: told twice rather than never
    if all(each.email != contact.email for each in known.contacts):
        known = replace(known, contacts=(*known.contacts, contact))
    if not known.verified_by:
        known = replace(known, verified_by=verified_by, verified_at=now)
    directory.keep_creditor(known)


def new_account_serves_on(now: datetime) -> date:
    return today(now) + timedelta(days=IBAN_WAIT_DAYS)


def owner_of(case: str) -> str:
    """The siren of the creditor of a case; empty when there is no such case."""
    try:
        return str(journal.head(case)["creditor"])
    except NotFound:
        return ""
