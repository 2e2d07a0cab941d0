"""A draft as its page shows it: the form with its proofs, and the whole deal before anyone commits."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from adapters import agency, archive
from adapters.drafts import Deposited, Draft
from doors.access import Caller, speaks_for
from recovery import french, mandate, prefill
from recovery.agreed import in_words
from recovery.amounts import Claim, Statement, statement
from recovery.days import today
from recovery.fees import Fee, fee, rate_for
from recovery.intake import Checked, Paper, Submission, Wrong, check, named, to_confirm
from recovery.invoices.written import day
from recovery.kinds import kinds
from recovery.ladder import POLICY_OF, plan
from recovery.limitation import limitation
from recovery.mandate import Mandate
from recovery.owed import figures, money
from recovery.regimes import must_choose


def shown(draft: Draft, caller: Caller) -> dict[str, Any]:
    """`Draft` of the API. The quote is there once the form is right, and is counted again each day."""
    told = [(each.reading, each.id, each is draft.invoices[0]) for each in draft.invoices]
    checked = checked_on(draft, today(caller.now))
    ready = draft.state != "uploaded" and draft.ref and checked.submission
    return {
        "id": draft.id,
        "state": draft.state,
        "invoices": [invoice_view(each) for each in draft.invoices],
        "fields": checked.fields if any(reading for reading, _, _ in told) else draft.fields,
        "evidence": {name: proof for said, id, lead in told for name, proof in prefill.evidence(said, id, lead=lead).items()},
        "suggestions": {
            name: value
            for said, id, lead in told
            for name, value in prefill.suggestions(said, id, lead=lead).items()
            if not draft.fields.get(name)
        },
        "warnings": [warning for said, id, lead in told for warning in prefill.warnings(said, today(caller.now), id, lead=lead)],
        "doubtful": [name for said, id, lead in told for name in prefill.doubtful(said, draft.fields, id, lead=lead)],
        "missing": [
            *prefill.missing(draft.fields, [each.id for each in draft.invoices]),
            *kinds_to_choose(draft, today(caller.now)),
            *to_be_confirmed(draft),
        ],
        "quote": quote(draft, checked.submission, caller.now) if ready and checked.submission else None,
        "ref": draft.ref or None,
        "email": draft.email or None,
        "known_creditor": caller.role == "creditor" and speaks_for(caller, draft.fields.get("creditor_siren", "")),
    }


def kinds_to_choose(draft: Draft, on: date) -> list[str]:
    """The invoices whose kind changes the law, until a person chose it."""
    return [
        name
        for paper in papers_of(draft)
        for name in [named("kind", paper.id)]
        if must_choose(draft.fields.get(name, ""), day(draft.fields.get(named("due", paper.id), "")), paper.asks_kind, on)
    ]


def to_be_confirmed(draft: Draft) -> list[str]:
    """A debt that its file says paid or assigned, until the creditor said that it is neither."""
    asked = [named(name, paper.id) for paper in papers_of(draft) for name in to_confirm(paper)]
    return [name for name in asked if draft.fields.get(name) != "yes"]


def invoice_view(invoice: Deposited) -> dict[str, Any]:
    file = invoice.file
    picture = file.get("picture")
    return {
        "id": invoice.id,
        "file": {
            "name": file["name"],
            "size": file["size"],
            "pages": file.get("pages"),
            "picture": archive.picture(picture) if picture else None,
        },
        "credits": [{"number": credit["number"], "amount": credit["amount"]} for credit in invoice.credits],
    }


def checked_on(draft: Draft, on: date) -> Checked:
    return check(draft.fields, on, papers_of(draft), agency.profile().licences)


def papers_of(draft: Draft) -> tuple[Paper, ...]:
    return tuple(
        Paper(
            each.id,
            each.file.get("sha256"),
            each.reading.get("document_type"),
            each.reading.get("currency"),
            prefill.asks_kind(each.reading),
            prefill.doubts(each.reading),
        )
        for each in draft.invoices
    )


def obstacles_in(draft: Draft) -> tuple[Wrong, ...]:
    """Why a file cannot be an invoice, in the reader's own words; asked again with the form, which the same file cannot get past."""
    return tuple(Wrong("file", sentence) for each in draft.invoices if (sentence := obstacle_in(each)))


def obstacle_in(deposited: Deposited) -> str:
    said = deposited.reading
    if not said:
        return "Déposez la facture : sans elle, rien ne prouve la somme due."
    kind = deposited.file["media_type"]
    readable = said["outcome"] in ("read", "no_text") or (said["outcome"] == "no_invoice" and kind == "application/pdf")
    if readable and said.get("document_type") != "credit_note":
        return ""
    sentences = [warning["message"] for warning in said.get("warnings") or [] if warning["field"] == "file"]
    return sentences[0] if sentences else "Ce fichier n’est pas lisible. Choisissez le PDF de la facture, ou une photo nette."


def quote(draft: Draft, submitted: Submission, now: datetime) -> dict[str, Any]:
    on = today(now)
    owed = owed_on(submitted, now)
    rate = rate_of(submitted, on)
    return {
        **figures(owed),
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
        "mandate": mandate.summary(agreement(draft, submitted, now)),
    }


def rate_of(submitted: Submission, on: date) -> Decimal:
    """One for the whole claim: the age of its oldest invoice, and all that is entrusted."""
    return rate_for(submitted.principal, submitted.oldest_due, on, submitted.regime, submitted.debtor.country)


def limitation_note(submitted: Submission, now: datetime) -> str | None:
    """A claim about to lapse is said to be, before anyone pays attention elsewhere."""
    found = limitation(claim(submitted))
    return None if found.alert(today(now)) is None else found.sentence


def agreement(draft: Draft, submitted: Submission, now: datetime) -> Mandate:
    """The same words on the page, in the PDF and under the fingerprint."""
    on = today(now)
    return mandate.agreement(
        draft.ref,
        agency=agency.profile(),
        creditor=submitted.creditor,
        debtor=submitted.debtor,
        statement=owed_on(submitted, now),
        fee_rate=rate_of(submitted, on),
        iban=submitted.creditor_iban,
        signatory=draft.fields["signatory_name"] or "la personne qui accepte",
        role=draft.fields["signatory_role"],
        email=submitted.creditor.email or "",
        on=on,
        terms=terms(submitted),
    )


def terms(submitted: Submission) -> tuple[tuple[str, str], ...]:
    """What each claim is for, and the rate or the clause of its contract: the schedule names them, line by line."""
    found = []
    for each in submitted.invoices:
        said = [kinds[each.kind].label] if each.kind not in ("service", "sale") else []
        said += [f"taux convenu : {in_words(each.agreed)}"] if each.agreed else []
        said += [f"clause pénale : {french.euros(each.penalty)}"] if each.penalty else []
        found += [(f"Facture {each.number}", ", ".join(said))] if said else []
    return tuple(found)


def submission(draft: Draft, now: datetime) -> Submission:
    """Checked again on the day it is used: a claim that was right yesterday may have lapsed. Raises `FormRefused`."""
    return checked_on(draft, today(now)).or_refuse()


def entrusted(draft: Draft) -> str:
    """The sum of what is still due on its invoices, once they were checked."""
    return money(sum((Decimal(draft.fields[named("amount", each.id)]) for each in draft.invoices), Decimal(0)))


def claim(submitted: Submission) -> Claim:
    return Claim(
        regime=submitted.regime,
        invoices=submitted.invoices,
        creditor_kind=submitted.creditor_kind,
        debtor_country=submitted.debtor.country,
    )


def owed_on(submitted: Submission, now: datetime) -> Statement:
    return statement(claim(submitted), today(now))


def own_identity(own: dict[str, str]) -> dict[str, str] | None:
    """The numbers that tell the seller from the buyer."""
    if not own:
        return None
    return {"name": own["creditor_name"], "siren": own["creditor_siren"], "iban": own["creditor_iban"]}


# ------------------------------------------------------------------------------------------------ figures


def fee_view(earned: Fee) -> dict[str, str]:
    return {
        "collected": money(earned.collected),
        "fee": money(earned.net),
        "vat": money(earned.vat),
        "remitted": money(earned.remitted),
    }
