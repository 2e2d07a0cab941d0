"""SES: e-mails, composed whole before they are decided, sent as they were archived.

The message is a file (.eml) that the journal names by its sha256: what a person received can be shown byte for byte. No tracking
pixel, no rewritten link. The Message-ID is made of the case and the step, so a second sending is the same message to a mail reader.
"""

import os
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from email import message_from_bytes, policy
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from hashlib import sha256
from typing import Any

from adapters.aws import client
from recovery.refusals import Invalid

Attachment = tuple[str, str, bytes]  # name, media type, bytes
FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029<>,;]")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
NOT_AN_ADDRESS = "Cette adresse e-mail ne permet pas d’écrire. Vérifiez-la."


def compose(
    *,
    to: str,
    subject: str,
    text: str,
    html: str,
    from_: tuple[str, str],
    reply_to: str,
    message_id: str,
    date: datetime,
    attachments: Iterable[Attachment] = (),
) -> bytes:
    """The message as a file: same values, same bytes. No header can be slipped in through a name or an address.

    Raises `Invalid` on an address one cannot write to.
    """
    message = EmailMessage(policy=policy.SMTP)
    name, sender = from_
    domain = _address(sender).domain
    message["From"] = _address(sender)
    message["To"] = _address(to)
    message["Reply-To"] = _address(reply_to)
    message["Subject"] = "-"
    message["Date"] = date
    message["Message-ID"] = f"<{_token(message_id)}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: an out-of-office robot must not answer a robot
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    for filename, media_type, data in attachments:
        kind, _, subtype = media_type.partition("/")
        message.add_attachment(data, maintype=kind, subtype=subtype, filename=_line(filename))
    _fix_boundaries(message, message_id)
    return _worded(message.as_bytes(), {"Subject": _encoded(subject), "From": f"{_encoded(name)} <{_address(sender)}>"})


def send(eml: bytes, to: str | None = None, *, case: str = "") -> str:
    """Hands it to SES, to the address of its `To` header unless told otherwise; returns the id SES gave it.

    With a `case`, SES tells hear_back.py that it bounced or that its reader complained.
    """
    message = message_from_bytes(eml, policy=policy.SMTP)
    sender, recipient = (message[name].addresses[0].addr_spec for name in ("From", "To"))  # SES reads ASCII: names are in the file
    events = os.environ.get("MAIL_EVENTS")
    followed: Any = {"ConfigurationSetName": events, "EmailTags": [{"Name": "case", "Value": case}]} if case and events else {}
    answer = client("sesv2").send_email(
        FromEmailAddress=sender, Destination={"ToAddresses": [to or recipient]}, Content={"Raw": {"Data": eml}}, **followed
    )
    return answer["MessageId"]


def _address(value: str) -> Address:
    """One @, no control sign, and before the @ only letters that every server carries."""
    local, at, domain = value.strip().rpartition("@")
    if not at or not local or not domain or "@" in local or not local.isascii() or FORBIDDEN.search(value.strip()):
        raise Invalid(NOT_AN_ADDRESS, "email")
    try:
        return Address(username=local, domain=domain.encode("idna").decode())
    except UnicodeError as unknown:
        raise Invalid(NOT_AN_ADDRESS, "email") from unknown


def _encoded(text: str) -> str:
    """RFC 2047, every word of it: mixed with plain words, the library loses a space where it folds the line."""
    return Header(_line(text), "utf-8", maxlinelen=75, header_name="Subject").encode(linesep="\r\n")


def _worded(eml: bytes, headers: Mapping[str, str]) -> bytes:
    """The message with these headers written as given, in the place of those it has."""
    head, _, body = eml.partition(b"\r\n\r\n")
    lines = [
        next((f"{name}: {value}".encode() for name, value in headers.items() if line.startswith(f"{name}: ".encode())), line)
        for line in head.split(b"\r\n")
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _line(text: str) -> str:
    """One header line, whatever was in it."""
    return CONTROLS.sub(" ", text).strip()


def _token(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._\-]", "-", text)


def _fix_boundaries(message: EmailMessage, key: str) -> None:
    """The library draws boundaries at random; ours follow from the message, so that the same message is the same file."""
    for n, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{sha256(f'{key}#{n}'.encode()).hexdigest()[:32]}")
