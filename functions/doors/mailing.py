"""The few messages the API sends itself, because somebody waits for them. The others follow the journal (announce.py)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from adapters import agency, archive, mail, passes, render
from adapters.directory import Creditor
from adapters.drafts import Draft
from adapters.mail import Attachment
from recovery import french, tokens
from recovery.days import today
from recovery.notices import identity
from recovery.tokens import LinkKind


def sign_in(email: str, now: datetime, chance: bytes) -> None:
    link = new_link("sign_in", email, now, chance)
    send("sign_in", email, now, key=tokens.fingerprint(link)[:16], link=link, expires=until("sign_in", now))


def confirm(draft: Draft, now: datetime, chance: bytes) -> None:
    """With the mandate attached: the person has it before confirming anything."""
    link = new_link("confirm", draft.email, now, chance, draft=draft.id)
    mandate = archive.get(draft.accepted["document"])
    send(
        "confirm",
        draft.email,
        now,
        key=tokens.fingerprint(link)[:16],
        attached=[(draft.accepted["name_of_file"], "application/pdf", mandate)],
        link=link,
        expires=until("confirm", now),
        **about(draft),
    )


def new_link(kind: LinkKind, email: str, now: datetime, chance: bytes, *, draft: str = "") -> str:
    """The address of a new link of that kind, which opens once."""
    expires = now + tokens.LASTS[kind]
    token = tokens.link(kind, chance, expires, agency.signing_key())
    passes.keep_link(token.partition(".")[0], passes.Link(kind=kind, email=email, draft=draft, expires=expires))
    page = {"confirm": "confirmer", "sign_in": "connexion"}[kind]
    return f"{agency.profile().site}/{page}#{token}"


def until(kind: LinkKind, now: datetime) -> str:
    """`jeudi 3 décembre à 14 h 06`."""
    expires = now + tokens.LASTS[kind]
    return f"{french.weekday_day(today(expires))} à {french.hour(expires)}"


def waiting_agency(draft: Draft, now: datetime) -> None:
    send("waiting_agency", draft.email, now, key=draft.id, **about(draft))


def refused_by_agency(draft: Draft, reason: str, now: datetime) -> None:
    send("creditor_refused", draft.email, now, key=draft.id, reason=reason, **about(draft))


def iban_change(creditor: Creditor, asked_by: str, now: datetime) -> None:
    """To every contact known before the request: whoever took over one mailbox does not take over the account."""
    assert creditor.next_iban_on
    for contact in creditor.contacts:
        send(
            "iban_change",
            contact.email,
            now,
            key=f"{creditor.siren}.{creditor.next_iban_on:%Y%m%d}",
            consultant=creditor.consultant,
            creditor=creditor.party.full_name,
            asked_by=asked_by,
            old_iban=french.masked_iban(creditor.iban),
            new_iban=french.masked_iban(creditor.next_iban),
            on=french.day(creditor.next_iban_on),
        )


def about(draft: Draft) -> dict[str, Any]:
    fields = draft.fields
    return {
        "signatory": draft.accepted["name"],
        "ref": draft.ref,
        "private": fields.get("creditor_kind") == "individual",
        "debtor": fields["debtor_name"],
        "creditor": fields["creditor_name"],
    }


def send(name: str, to: str, now: datetime, *, key: str, consultant: str = "", attached: Sequence[Attachment] = (), **data: Any) -> None:
    profile = agency.profile()
    ours = identity(profile, consultant)
    written = render.email(name, **ours, **data)
    message = mail.compose(
        to=to,
        subject=written.subject,
        text=written.text,
        html=written.html,
        from_=(profile.name, profile.email),
        reply_to=ours["person_email"],
        message_id=f"{name}.{key}.{tokens.fingerprint(to)[:12]}",
        date=now,
        attachments=attached,
    )
    mail.send(message, to)
