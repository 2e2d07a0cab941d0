"""What a browser may put in the store, and how it gets things out: the signed form and the signed link decide, not the page."""

import uuid
from typing import Any

import pytest

from infra.local.running import Engine
from tests.local.asking import send

MEGABYTE = 1_048_576


def post(engine: Engine, form: dict[str, Any], content: bytes, **changed: str) -> tuple[int, bytes]:
    """As a browser posts a form with a file."""
    boundary = uuid.uuid4().hex
    fields = {**form["fields"], **{name.replace("_", "-"): value for name, value in changed.items()}}
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    parts += [f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="f.pdf"\r\n\r\n'.encode(), content, b"\r\n"]
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    status, _, answer = send(form["url"], data=body, content_type=kind, origin=engine.origin)
    return status, answer


@pytest.fixture
def form(engine: Engine) -> dict[str, Any]:
    signed: dict[str, Any] = engine.ask(f"/api/uploads/{uuid.uuid4().hex}", {})
    return signed


def test_a_pdf_goes_up_and_comes_back_by_a_signed_link(engine: Engine, form: dict[str, Any]) -> None:
    assert form["url"].startswith(engine.store)

    status, answer = post(engine, form, b"%PDF-1.7 facture")

    assert status == 204, answer
    name = form["fields"]["key"].removeprefix("uploads/")
    link = engine.ask(f"/api/downloads/{name}")["url"]
    assert link.startswith(engine.store)
    status, headers, content = send(link)
    assert (status, headers["content-type"], content) == (200, "application/pdf", b"%PDF-1.7 facture")


def test_a_tampered_link_opens_nothing(engine: Engine, form: dict[str, Any]) -> None:
    post(engine, form, b"%PDF-1.7 facture")
    link = engine.ask(f"/api/downloads/{form['fields']['key'].removeprefix('uploads/')}")["url"]

    assert send(link.replace("uploads/", "uploads/x"))[0] == 403
    assert send(link.split("?")[0])[0] == 403


@pytest.mark.parametrize(
    ("content", "changed"),
    [
        (b"", {}),
        (b"x" * (10 * MEGABYTE + 1), {}),
        (b"%PDF-1.7", {"Content_Type": "text/html"}),
        (b"%PDF-1.7", {"key": "proofs/elsewhere"}),
        (b"%PDF-1.7", {"x_amz_signature": "0" * 64}),
    ],
    ids=["empty", "over ten megabytes", "another type", "another place", "forged"],
)
def test_the_store_itself_refuses(engine: Engine, form: dict[str, Any], content: bytes, changed: dict[str, str]) -> None:
    status, answer = post(engine, form, content, **changed)

    assert status in (400, 403), answer
    listing = engine.client("s3").list_objects_v2(Bucket=engine.outputs()["DocumentsBucket"])
    assert form["fields"]["key"] not in [entry["Key"] for entry in listing.get("Contents", [])]
    assert "proofs/elsewhere" not in [entry["Key"] for entry in listing.get("Contents", [])]


def test_ten_megabytes_exactly_go_up(engine: Engine, form: dict[str, Any]) -> None:
    assert post(engine, form, b"x" * (10 * MEGABYTE))[0] == 204


def test_the_page_may_follow_the_progress_of_its_upload(engine: Engine, form: dict[str, Any]) -> None:
    """A listener on XMLHttpRequest.upload makes the browser ask first."""
    asks = {"access_control_request_method": "POST", "access_control_request_headers": "content-type"}

    status, headers, _ = send(form["url"], method="OPTIONS", origin=engine.origin, **asks)

    assert (status, headers["access-control-allow-origin"]) == (200, engine.origin)
    assert send(form["url"], method="OPTIONS", origin="https://ailleurs.example", **asks)[0] == 403


def test_another_site_cannot_speak_to_the_store(engine: Engine) -> None:
    assert send(engine.store + "/", method="GET", origin="https://ailleurs.example")[0] == 403
    assert send(engine.store + "/", method="GET", host="ailleurs.example")[0] == 403
    assert send(engine.store + "/_ministack/reset", data=b"")[0] == 403
