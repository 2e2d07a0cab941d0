"""The pages under /_local/: what left, and the clock."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest

from infra.local.running import Engine
from tests.local.asking import send

PDF = b"%PDF-1.7 accord"


@pytest.fixture
def mail(engine: Engine, probe: Callable[..., Any]) -> str:
    """The address of an e-mail just received."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "dossiers@reglo.example", "compta@client.example", "Rappel <b>amical</b>"
    message.set_content("Bonjour, en texte.")
    message.add_alternative('<p>Bonjour</p><script>alert(1)</script><a href="http://127.0.0.1/dossier">Voir</a>', subtype="html")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="mandat.pdf")
    message.add_attachment(b"<h1>piege</h1>", maintype="text", subtype="html", filename="piege.html")
    assert "answer" in probe("mail", raw=message.as_string())
    return max(engine.data.glob("outbox/*.eml")).stem


def page(engine: Engine, path: str) -> str:
    status, _, content = send(engine.origin + path)
    assert status == 200
    return content.decode()


def test_emails_are_listed_and_read_as_their_reader_sees_them(engine: Engine, mail: str) -> None:
    assert f'<a href="/_local/courriels/{mail}">Rappel &lt;b&gt;amical&lt;/b&gt;</a>' in page(engine, "/_local/courriels")

    shown = page(engine, f"/_local/courriels/{mail}")
    assert "compta@client.example" in shown
    assert "Bonjour, en texte." in shown
    frame = re.search(r'<iframe[^>]* sandbox="([^"]*)" src="([^"]+)"', shown)
    assert frame is not None
    assert "allow-scripts" not in frame[1]
    assert "allow-same-origin" not in frame[1]

    _, given, body = send(engine.origin + frame[2])
    assert b"<p>Bonjour</p>" in body
    assert given["content-security-policy"].startswith("default-src 'none'")


def test_attachments_and_the_message_itself_can_be_had(engine: Engine, mail: str) -> None:
    status, given, content = send(f"{engine.origin}/_local/courriels/{mail}/piece/0")
    assert (status, given["content-type"], content) == (200, "application/pdf", PDF)

    _, given, _ = send(f"{engine.origin}/_local/courriels/{mail}/piece/1")
    assert given["content-disposition"].startswith("attachment")

    _, _, raw = send(f"{engine.origin}/_local/courriels/{mail}.eml")
    assert raw == (engine.data / f"outbox/{mail}.eml").read_bytes()
    assert send(f"{engine.origin}/_local/courriels/..%2F..%2Foutputs")[0] == 404


def test_printed_letters_are_listed_and_open(engine: Engine) -> None:
    bucket = engine.outputs()["DocumentsBucket"]
    engine.client("s3").put_object(Bucket=bucket, Key="post/RG-26-00001/première lettre.pdf", Body=PDF)

    listed = page(engine, "/_local/lettres")
    link = re.search(r'href="(/_local/lettres/RG-26-00001/[^"]+)"', listed)
    assert link is not None
    status, given, content = send(engine.origin + link[1])
    assert (status, given["content-type"], content) == (200, "application/pdf", PDF)
    assert send(engine.origin + "/_local/lettres/RG-26-00001/inconnue.pdf")[0] == 404


def test_local_pages_wear_the_site_s_own_sheets(engine: Engine) -> None:
    assert '<link rel="stylesheet" href="/assets/core.1a2b.css">' in page(engine, "/_local/")


def test_the_clock_moves_by_a_form_without_script(engine: Engine) -> None:
    before = engine.clock()["now"]

    as_a_browser_posts = {"origin": "null", "sec_fetch_site": "same-origin"}  # with the policy no-referrer
    status, _, content = send(engine.origin + "/_local/horloge", data=b"jours=2", **as_a_browser_posts)

    assert status == 200  # after the redirection
    assert b"Pour le produit, il est le" in content
    assert engine.clock()["now"][:10] > before[:10]


@pytest.mark.parametrize("typed", ["", "deux", "0", "-1", "1.5", "99999", "²"])
def test_a_number_of_days_that_is_none_is_said_beside_the_field(engine: Engine, typed: str) -> None:
    before = engine.clock()["now"]

    _, _, content = send(engine.origin + "/_local/horloge", data=f"jours={typed}".encode(), origin=engine.origin)

    assert "Donnez un nombre entier de jours" in content.decode()
    assert engine.clock()["now"][:10] == before[:10]


@pytest.mark.parametrize("asked", [{"advance": "demain"}, {"advance": -1}, {"day": 0.001}, [], {"advance": 1e12}])
def test_an_absurd_move_is_refused(engine: Engine, asked: Any) -> None:
    import json

    assert send(engine.origin + "/_local/clock", data=json.dumps(asked).encode())[0] == 400
