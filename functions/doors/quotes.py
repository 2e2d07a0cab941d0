"""A draft as its page shows it: the form with its proofs, and the whole deal before anyone commits."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from adapters import agency, archive
from adapters.drafts import Draft
from doors.access import Caller, speaks_for
from recovery import french, mandate, prefill
from recovery.amounts import Claim, Statement, limitation, limitation_article, statement
from recovery.days import add_months, today
from recovery.fees import Fee, fee, rate_for
from recovery.intake import Submission, check
from recovery.ladder import POLICY_OF, plan
from recovery.mandate import Mandate

SOON_LAPSED = 6  # months: the first of the alerts of law.md 5.3


def shown(draft: Draft, caller: Caller) -> dict[str, Any]:
    """`Draft` of the API. The quote is there once the form is right, and is counted again each day."""
    file, reading = draft.file, draft.reading
    picture = file.get("picture")
    checked = check(draft.fields, today(caller.now), document=file.get("sha256"), document_type=reading.get("document_type"))
    ready = draft.state != "uploaded" and draft.ref and checked.submission
    return {
        "id": draft.id,
        "state": draft.state,
        "file": {
            "name": file["name"],
            "size": file["size"],
            "pages": file.get("pages"),
            "picture": archive.picture(picture) if picture else None,
        },
        "fields": checked.fields if reading else draft.fields,
        "evidence": prefill.evidence(reading),
        "warnings": prefill.warnings(reading),
        "doubtful": prefill.doubtful(reading, draft.fields),
        "missing": prefill.missing(draft.fields),
        "quote": quote(draft, checked.submission, caller.now) if ready and checked.submission else None,
        "ref": draft.ref or None,
        "email": draft.email or None,
        "known_creditor": caller.role == "creditor" and speaks_for(caller, draft.fields.get("creditor_siren", "")),
    }


def quote(draft: Draft, submitted: Submission, now: datetime) -> dict[str, Any]:
    on = today(now)
    owed = owed_on(submitted, now)
    invoice = submitted.invoice
    rate = rate_for(invoice.amount, invoice.due, on, submitted.regime)
    return {
        **in_figures(owed),
        "fee": {"rate": str(rate), "example": fee_view(fee(owed.balance, rate, on))},
        "ladder": [
            {
                "id": planned.rung.id,
                "label": planned.rung.label,
                "short": planned.rung.short,
                "channel": planned.rung.channel,
                "on": planned.on.isoformat(),
                "by": planned.rung.by,
                "sentence": planned.rung.sentence,
            }
            for planned in plan(POLICY_OF[submitted.regime], on)
        ],
        "limitation_note": limitation_note(submitted, now),
        "mandate": mandate.summary(agreement(draft, now)),
    }


def limitation_note(submitted: Submission, now: datetime) -> str | None:
    """A claim about to lapse is said to be, before anyone pays attention elsewhere."""
    last = limitation(claim(submitted))
    if last > add_months(today(now), SOON_LAPSED):
        return None
    return f"Cette créance sera prescrite après le {french.day(last)} ({limitation_article(submitted.regime)})."


def agreement(draft: Draft, now: datetime) -> Mandate:
    """The same words on the page, in the PDF and under the fingerprint."""
    submitted = submission(draft, now)
    invoice, on = submitted.invoice, today(now)
    return mandate.agreement(
        draft.ref,
        agency=agency.profile(),
        creditor=submitted.creditor,
        debtor=submitted.debtor,
        statement=owed_on(submitted, now),
        fee_rate=rate_for(invoice.amount, invoice.due, on, submitted.regime),
        iban=submitted.creditor_iban,
        signatory=draft.fields["signatory_name"] or "la personne qui accepte",
        role=draft.fields["signatory_role"],
        email=submitted.creditor.email or "",
        on=on,
    )


def submission(draft: Draft, now: datetime) -> Submission:
    """Checked again on the day it is used: a claim that was right yesterday may have lapsed. Raises `FormRefused`."""
    checked = check(draft.fields, today(now), document=draft.file.get("sha256"), document_type=draft.reading.get("document_type"))
    return checked.or_refuse()


def claim(submitted: Submission) -> Claim:
    return Claim(regime=submitted.regime, invoices=(submitted.invoice,))


def owed_on(submitted: Submission, now: datetime) -> Statement:
    return statement(claim(submitted), today(now))


def own_identity(own: dict[str, str]) -> dict[str, str] | None:
    """The numbers that tell the seller from the buyer."""
    if not own:
        return None
    return {"name": own["creditor_name"], "siren": own["creditor_siren"], "iban": own["creditor_iban"]}


# ------------------------------------------------------------------------------------------------ figures


def in_figures(owed: Statement) -> dict[str, Any]:
    return {
        "on": owed.on.isoformat(),
        "lines": [
            {"kind": line.kind, "invoice": line.invoice, "amount": money(line.amount), "rule": line.rule, "detail": line.detail}
            for line in owed.lines
        ],
        "principal": money(owed.principal),
        "interest": money(owed.interest),
        "indemnity": money(owed.indemnity),
        "paid": money(owed.paid),
        "balance": money(owed.balance),
    }


def fee_view(earned: Fee) -> dict[str, str]:
    return {
        "collected": money(earned.collected),
        "fee": money(earned.net),
        "vat": money(earned.vat),
        "remitted": money(earned.remitted),
    }


def money(value: Decimal) -> str:
    return f"{value:.2f}"
