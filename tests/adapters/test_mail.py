from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import mail
from adapters.aws import client
from recovery.refusals import Invalid

AT = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)


def composed(**other: Any) -> bytes:
    values: dict[str, Any] = {
        "to": "camille@atelier.example",
        "subject": "RG-26-00001 : 1 000,00 € reçus de votre client",
        "text": "Bonjour,\n\nÀ bientôt.\n",
        "html": "<p>Bonjour,</p>",
        "from_": ("Réglo", "bonjour@reglo.example"),
        "reply_to": "ines@reglo.example",
        "message_id": "RG-26-00001.first_letter:copy",
        "date": AT,
        "attachments": [("mandat signé.pdf", "application/pdf", b"%PDF-1.7")],
    }
    return mail.compose(**values | other)


def read(eml: bytes) -> EmailMessage:
    message = message_from_bytes(eml, policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    return message


def test_what_is_written_is_what_is_read() -> None:
    message = read(composed())
    assert message["From"] == "Réglo <bonjour@reglo.example>"
    assert message["Subject"] == "RG-26-00001 : 1 000,00 € reçus de votre client"
    assert message["Message-ID"] == "<RG-26-00001.first_letter-copy@reglo.example>"
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    assert plain
    assert rich
    assert plain.get_content().replace("\r\n", "\n") == "Bonjour,\n\nÀ bientôt.\n"
    assert rich.get_content().strip() == "<p>Bonjour,</p>"
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type(), attached.get_content()) == (
        "mandat signé.pdf",
        "application/pdf",
        b"%PDF-1.7",
    )


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=200).map(lambda t: " ".join(t.split())))
def test_a_subject_is_read_as_it_was_written(words: str) -> None:
    """The library alone lost a space where it folded `étape passée`."""
    eml = composed(subject=f"RG-26-00001 : {words}, étape passée")
    assert read(eml)["Subject"] == f"RG-26-00001 : {words}, étape passée"
    assert all(len(line) <= 78 for line in eml.partition(b"\r\n\r\n")[0].splitlines())


def test_the_same_message_is_the_same_file() -> None:
    assert composed() == composed()
    assert composed() != composed(message_id="another")


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\r", "\u2028", "\x00"])
def test_no_header_is_slipped_in_through_a_name(sign: str) -> None:
    evil = f"Réglo{sign}Bcc: everyone@elsewhere.example"
    message = read(composed(subject=evil, from_=(evil, "bonjour@reglo.example"), attachments=[(evil, "application/pdf", b"%PDF")]))
    assert message["Bcc"] is None
    assert all("everyone" not in str(value) for name, value in message.items() if name not in ("From", "Subject"))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "camille",
        "a@b@c",
        "a@b.example\nBcc: x@y.example",
        "a b@c.example",
        "é@b.example",
        "a@b..example",
        "a@b.example, c@d.example",
        "<a@b.example>",
    ],
)
def test_an_address_one_cannot_write_to_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        composed(to=address)
    with pytest.raises(Invalid):
        composed(reply_to=address)


def test_a_domain_with_accents_is_written_as_servers_read_it() -> None:
    assert read(composed(to="bonjour@société.example"))["To"] == "bonjour@xn--socit-esab.example"


@pytest.mark.usefixtures("aws")
def test_ses_gets_the_file_as_it_was_archived() -> None:
    eml = composed()
    assert mail.send(eml)
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.ses.models import ses_backends

    (sent,) = ses_backends[DEFAULT_ACCOUNT_ID][client("sesv2").meta.region_name].sent_messages
    assert sent.source == "bonjour@reglo.example"  # SES refuses a name with an accent here
    assert set(sent.destinations) == {"camille@atelier.example"}  # moto counts the header of the file too
    assert read(sent.raw_data.encode() if isinstance(sent.raw_data, str) else sent.raw_data)["Message-ID"] == read(eml)["Message-ID"]
