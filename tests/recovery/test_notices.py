from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest

from recovery import events as e
from recovery.case import evolve, fold
from recovery.notices import Notice, notices
from tests.cases import CREDITOR as CREDITOR_PERSON
from tests.cases import STAFF, TUESDAY, at, climbed, opening
from tests.writing import AGENCY, CREDITOR, DEBTOR, ONE, paid

ON = date(2026, 9, 21)
SEAL = "ab" * 32


def told(before: str, event: e.AnyEvent) -> list[Notice]:
    events = opening(TUESDAY, *ONE)[:3] if before == "opening" else climbed(before, TUESDAY, *ONE)
    if isinstance(event, e.PaymentReturned):
        events.append(paid("1000.00", ON))
    return notices(
        evolve(fold(events), event), event, agency=AGENCY, creditor=CREDITOR, debtor=DEBTOR, iban="FR7630004000031234567890143", seal=SEAL
    )


def happened(kind: type[e.Event], **values: Any) -> Any:
    return kind(at=at(ON), by=values.pop("by", "machine"), **values)


EVENTS = {
    "case_opened": ("opening", happened(e.CreditorVerified, verified_at=at(ON), by=STAFF)),
    "letter_sent": ("second_letter", happened(e.LetterPosted, step="first_letter", on=ON)),
    "reminder_sent": ("reminder", happened(e.StepTaken, step="reminder")),
    "call_done": ("first_call", happened(e.StepTaken, step="first_call", outcome="no_answer", by="staff:yann")),
    "visit_done": ("visit", happened(e.StepTaken, step="visit", outcome="done", by=STAFF)),
    "step_skipped": ("visit", happened(e.StepSkipped, step="visit", reason="no_consent")),
    "step_blocked": ("second_letter", happened(e.StepBlocked, step="second_letter", reason="Le signe « 北 » ne peut pas être imprimé.")),
    "debtor_corrected": ("second_letter", happened(e.DebtorCorrected, what=("line1",), by=STAFF)),
    "payment_received": ("second_letter", paid("1000.00", ON)),
    "credit_noted": ("second_letter", happened(e.CreditNoted, number="AV-1", invoice=None, amount=Decimal("3.20"), on=ON)),
    "limitation_near": ("second_letter", happened(e.LimitationNear, stage="3 months", last=date(2026, 12, 21))),
    "payment_returned": ("second_letter", happened(e.PaymentReturned, payment="p1", on=ON, reason="provision insuffisante")),
    "letter_delivered": ("last_call", happened(e.LetterDelivered, step="formal_notice", on=ON)),
    "letter_returned": ("last_call", happened(e.LetterReturned, step="formal_notice", on=ON, reason="unclaimed")),
    "promise_made": ("second_letter", happened(e.PromiseMade, until=date(2026, 10, 1), amount=Decimal("500.00"), by="debtor")),
    "dispute_raised": ("second_letter", happened(e.DisputeRaised, reason="quality", by="debtor")),
    "dispute_settled": ("second_letter", happened(e.DisputeSettled, outcome="rejected", by=STAFF)),
    "insolvency_found": (
        "second_letter",
        happened(
            e.InsolvencyFound,
            procedure="receivership",
            state="open",
            opened_on=date(2026, 9, 10),
            published_on=date(2026, 9, 18),
            declare_by=date(2026, 11, 18),
            notice="A202601841042",
        ),
    ),
    "insolvency_settled": ("second_letter", happened(e.InsolvencySettled, outcome="mistaken", by=STAFF)),
    "decision_asked": ("creditor_decision", happened(e.StepTaken, step="creditor_decision")),
    "decided": ("end", happened(e.CreditorDecided, choice="wait", until=date(2027, 1, 15), by=CREDITOR_PERSON)),
    "closed": ("end", happened(e.CaseClosed, reason="stopped")),
    "closed_paid": ("second_letter", happened(e.CaseClosed, reason="paid")),
}
SILENT = [
    ("second_letter", happened(e.StepDecided, step="second_letter", due=ON)),
    ("first_letter", happened(e.StepTaken, step="first_letter", receipt="post/x")),
    ("second_letter", happened(e.StepTaken, step="first_letter:copy", receipt="x")),
    ("second_letter", happened(e.StepTaken, step="receipt:p1", receipt="x")),
    ("second_letter", happened(e.LetterPosted, step="receipt:p1", on=ON)),
    ("first_letter", happened(e.StepTaken, step="checks")),
    ("first_letter", happened(e.LetterWithdrawn, step="first_letter", reason="payment")),
    ("second_letter", happened(e.InterestWaived, amount=Decimal("3.20"), reason="x")),
    ("second_letter", happened(e.LimitationInterrupted, ground="acknowledgement", on=ON)),
    ("second_letter", happened(e.LimitationSuspended, first=ON, last=ON)),
    ("last_call", happened(e.LetterPresented, step="formal_notice", on=ON)),
    ("last_call", happened(e.PostalProof, step="formal_notice", proof="deposit", document="a" * 64)),
    ("first_call", happened(e.EmailBounced, step="reminder", bounce="permanent")),
    ("formal_notice", happened(e.StepApproved, step="formal_notice")),
    ("second_letter", happened(e.VisitConsented, who="debtor")),
    ("first_letter", happened(e.DebtorChecked, identity="matches", address="deliverable", insolvency="none")),
    ("second_letter", happened(e.InsolvencySettled, outcome="closed", by=STAFF)),
    ("end", happened(e.CreditorDecided, choice="stop")),
    ("second_letter", happened(e.DisputeSettled, outcome="upheld")),
]


@pytest.mark.parametrize("template", EVENTS)
def test_an_event_worth_telling_makes_one_message_to_the_creditor(template: str) -> None:
    (notice,) = told(*EVENTS[template])
    assert (notice.template, notice.to_kind) == (template, "creditor")
    assert notice.data["seal"] == SEAL
    assert notice.data["link"] == "https://reglo.example/dossier#RG-26-00001"


@pytest.mark.parametrize(("before", "event"), SILENT)
def test_what_nobody_waits_for_is_not_told(before: str, event: e.AnyEvent) -> None:
    assert told(before, event) == []


def test_every_kind_of_event_has_been_thought_of() -> None:
    seen = {type(event) for _, event in [*EVENTS.values(), *SILENT]}
    opened = {e.CaseOpened, e.MandateAccepted, e.EmailConfirmed}  # the message of CreditorVerified speaks for the four
    assert seen | opened == set(get_args(e.AnyEvent))


def test_the_key_is_the_event_and_its_reader() -> None:
    (notice,) = told(*EVENTS["payment_received"])
    version = len(climbed("second_letter", TUESDAY, *ONE)) + 1
    assert notice.key == f"RG-26-00001#{version}#creditor"
    assert notice.data["count"] == f"{version}\u00a0écritures"


def test_a_payment_shows_the_fee_and_the_sum_to_remit_line_by_line() -> None:
    (notice,) = told(*EVENTS["payment_received"])
    shown = [notice.data[name] for name in ("amount", "fee", "vat", "to_remit", "pay_by", "iban")]
    assert shown == [
        "1\u00a0000,00\u00a0€",
        "140,00\u00a0€",
        "28,00\u00a0€",
        "832,00\u00a0€",
        "21 octobre 2026",
        "FR76\u00a0••••\u00a00143",
    ]


def test_a_closed_case_announces_nothing_to_come() -> None:
    (notice,) = told(*EVENTS["closed"])
    assert notice.data["next_label"] == ""


def test_an_unknown_consultant_still_leaves_a_name() -> None:
    stranger = replace(fold(opening(TUESDAY, *ONE)), consultant="gone")
    event = EVENTS["debtor_corrected"][1]
    (notice,) = notices(stranger, event, agency=AGENCY, creditor=CREDITOR, debtor=DEBTOR, iban="FR76", seal=SEAL)
    assert notice.data["person"] == "Inès Moreau"
