"""Every route of the API, asked by everybody. A route that is not in this table fails."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import Browser, Outbox

# (method, path) → (body, statuses for nobody, another creditor, the creditor, the staff). 200 stands for any success.
OK, SIGN_IN, NO, NOT_FOUND, WRONG, CONFLICT, GONE = 200, 401, 403, 404, 422, 409, 410
CASE = "/api/cases/RG-26-00001"
EXPECTED: dict[str, tuple[str, dict[str, Any], tuple[int, int, int, int]]] = {
    "GET /api/agency": ("/api/agency", {}, (OK, OK, OK, OK)),
    "POST /api/uploads": ("/api/uploads", {"name": "a.exe", "size": 1}, (WRONG, WRONG, WRONG, WRONG)),
    "POST /api/groups": ("/api/groups", {"drafts": []}, (OK, OK, OK, OK)),
    "GET /api/drafts": ("/api/drafts", {}, (SIGN_IN, OK, OK, NO)),
    "GET /api/drafts/{id}/invoices/{invoice}/pages/{page}": ("/api/drafts/x/invoices/1/pages/2", {}, (SIGN_IN,) * 4),
    "POST /api/drafts/{id}/move": ("/api/drafts/x/move", {"invoices": ["1"]}, (SIGN_IN,) * 4),
    "POST /api/drafts/{id}/reading": ("/api/drafts/x/reading", {}, (SIGN_IN,) * 4),
    "GET /api/drafts/{id}": ("/api/drafts/x", {}, (SIGN_IN,) * 4),
    "PUT /api/drafts/{id}": ("/api/drafts/x", {"fields": {}}, (SIGN_IN,) * 4),
    "GET /api/drafts/{id}/mandate": ("/api/drafts/x/mandate", {}, (SIGN_IN,) * 4),
    "POST /api/drafts/{id}/mandate": ("/api/drafts/x/mandate", {"signatory": {"name": "A", "role": "B"}}, (SIGN_IN,) * 4),
    "POST /api/drafts/{id}/resend": ("/api/drafts/x/resend", {}, (SIGN_IN,) * 4),
    "GET /api/drafts/{id}/debtor": ("/api/drafts/x/debtor", {}, (SIGN_IN,) * 4),
    "GET /api/companies": ("/api/companies", {}, (SIGN_IN, WRONG, WRONG, WRONG)),
    "GET /api/companies/{siren}": ("/api/companies/123456789", {}, (SIGN_IN, NOT_FOUND, NOT_FOUND, NOT_FOUND)),
    "GET /api/cases/{id}/debtor": (f"{CASE}/debtor", {}, (SIGN_IN, NOT_FOUND, OK, OK)),
    "POST /api/cases/{id}/insolvency": (f"{CASE}/insolvency", {"outcome": "mistaken"}, (SIGN_IN, NO, NO, CONFLICT)),
    "POST /api/confirmations": ("/api/confirmations", {"token": "a.1.b"}, (NOT_FOUND,) * 4),
    "POST /api/sign-in": ("/api/sign-in", {"email": "nobody@example.org"}, (OK, OK, OK, OK)),
    "POST /api/sessions": ("/api/sessions", {"token": "a.1.b"}, (NOT_FOUND,) * 4),
    "POST /api/letters": ("/api/letters", {"code": "AAAA-AAAA-AA"}, (NOT_FOUND,) * 4),
    "POST /api/owed": ("/api/owed", {}, (WRONG,) * 4),
    "GET /api/me": ("/api/me", {}, (SIGN_IN, OK, OK, OK)),
    "GET /api/cases": ("/api/cases", {}, (SIGN_IN, OK, OK, OK)),
    "GET /api/cases/{id}": (CASE, {}, (SIGN_IN, NOT_FOUND, OK, OK)),
    "GET /api/cases/{id}/documents/{sha256}": (f"{CASE}/documents/{{sha}}", {}, (SIGN_IN, NOT_FOUND, OK, OK)),
    "GET /api/cases/{id}/letters/{step}": (f"{CASE}/letters/first_letter", {}, (SIGN_IN, NOT_FOUND, OK, OK)),
    "POST /api/cases/{id}/export": (f"{CASE}/export", {}, (SIGN_IN, NOT_FOUND, OK, OK)),
    "POST /api/cases/{id}/decision": (f"{CASE}/decision", {"choice": "legal"}, (SIGN_IN, NOT_FOUND, CONFLICT, NO)),
    "POST /api/cases/{id}/retraction": (f"{CASE}/retraction", {}, (SIGN_IN, NOT_FOUND, CONFLICT, NO)),
    "POST /api/cases/{id}/steps/{step}/approve": (f"{CASE}/steps/formal_notice/approve", {}, (SIGN_IN, NO, NO, CONFLICT)),
    "POST /api/cases/{id}/steps/{step}/report": (f"{CASE}/steps/first_call/report", {"outcome": "talked"}, (SIGN_IN, NO, NO, CONFLICT)),
    "POST /api/cases/{id}/letters/{step}/posted": (
        f"{CASE}/letters/first_letter/posted",
        {"on": "2026-11-24"},
        (SIGN_IN, NO, NO, CONFLICT),
    ),
    "POST /api/cases/{id}/letters/{step}/remake": (f"{CASE}/letters/first_letter/remake", {}, (SIGN_IN, NO, NO, CONFLICT)),
    "POST /api/cases/{id}/payments": (
        f"{CASE}/payments",
        {"amount": "0", "on": "2026-11-24", "means": "direct"},
        (SIGN_IN, NOT_FOUND, WRONG, WRONG),
    ),
    "POST /api/cases/{id}/payments/{payment}/return": (f"{CASE}/payments/p1/return", {"on": "2026-11-24"}, (SIGN_IN, NO, NO, CONFLICT)),
    "POST /api/cases/{id}/files": (f"{CASE}/files", {"type": "application/pdf"}, (SIGN_IN, NOT_FOUND, OK, OK)),
    "POST /api/cases/{id}/credit-notes": (
        f"{CASE}/credit-notes",
        {"number": "", "amount": "10", "on": "2026-11-24", "mends": "no"},
        (SIGN_IN, NOT_FOUND, WRONG, WRONG),
    ),
    "POST /api/cases/{id}/letters/{step}/presented": (
        f"{CASE}/letters/formal_notice/presented",
        {"on": "2026-11-24"},
        (SIGN_IN, NO, NO, CONFLICT),
    ),
    "POST /api/cases/{id}/limitation": (f"{CASE}/limitation", {"ground": "x", "on": "2026-11-24"}, (SIGN_IN, NO, NO, WRONG)),
    "POST /api/cases/{id}/debtor": (f"{CASE}/debtor", {"phone": "02 40 00 00 00"}, (SIGN_IN, NO, NO, OK)),
    "POST /api/cases/{id}/visit-consent": (f"{CASE}/visit-consent", {"who": "debtor"}, (SIGN_IN, NO, NO, OK)),
    "POST /api/cases/{id}/disputes": (f"{CASE}/disputes", {"note": "Jamais livré."}, (SIGN_IN, NO, NO, OK)),
    "POST /api/cases/{id}/dispute": (f"{CASE}/dispute", {"outcome": "rejected"}, (SIGN_IN, NO, NO, OK)),
    "GET /api/desk": ("/api/desk", {}, (SIGN_IN, NO, NO, OK)),
    "POST /api/desk/submissions/{id}/approve": ("/api/desk/submissions/x/approve", {}, (SIGN_IN, NO, NO, CONFLICT)),
    "POST /api/desk/submissions/{id}/refuse": ("/api/desk/submissions/x/refuse", {"reason": "non"}, (SIGN_IN, NO, NO, CONFLICT)),
    "DELETE /api/sessions": ("/api/sessions", {}, (SIGN_IN, OK, OK, OK)),  # last: it signs out
}


def every_route() -> Iterator[str]:
    """As the router itself sees them, hidden or not."""
    from api import app

    def walk(routes: Any) -> Iterator[str]:
        for route in routes:
            inner = getattr(route, "original_router", None)
            if inner is not None:
                yield from walk(inner.routes)
            else:
                yield from (f"{method} {route.path}" for method in route.methods)

    return walk(app.routes)


def test_every_route_stands_in_the_table() -> None:
    assert sorted(every_route()) == sorted(EXPECTED)


def test_every_right_belongs_to_a_route() -> None:
    from doors.access import MAY

    assert sorted(f"{method} {path}" for method, path in MAY) == sorted(EXPECTED)


def test_everybody_gets_what_the_table_says(nobody: Browser, another: Browser, creditor: Browser, staff: Browser) -> None:
    sha = creditor.get(CASE).json["documents"][0]["href"].rpartition("/")[2]
    found = {}
    people = (nobody, another, Browser(creditor.address, creditor.cookies), staff)
    for name, (path, body, _) in EXPECTED.items():
        method = name.partition(" ")[0]
        answers = [who.get(path.replace("{sha}", sha)) if method == "GET" else who.ask(method, path, body) for who in people]
        found[name] = tuple(OK if answer.status < 400 else answer.status for answer in answers)
    assert found == {name: statuses for name, (_, _, statuses) in EXPECTED.items()}


def test_a_route_nobody_declared_is_refused(nobody: Browser, staff: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    from doors import access

    monkeypatch.delitem(access.MAY, ("GET", "/api/agency"))
    assert nobody.get("/api/agency").status == staff.get("/api/agency").status == 403


def test_the_draft_of_somebody_else_is_not_found(invoice: bytes) -> None:
    mine, theirs = Browser(), Browser()
    mine.drops(invoice)
    theirs.drops(invoice)
    assert mine.get(f"/api/drafts/{theirs.id}").status == 404
    forged = f"{theirs.id}.{mine.draft.partition('.')[2]}"
    assert mine.get(f"/api/drafts/{theirs.id}", authorization=f"Draft {forged}").status == 404


def test_a_person_who_left_the_agency_is_signed_out(staff: Browser) -> None:
    import json
    import os

    from adapters import agency
    from adapters.aws import client

    profile = json.loads(client("ssm").get_parameter(Name=os.environ["AGENCY"])["Parameter"]["Value"])
    profile["people"] = [person for person in profile["people"] if person["id"] != "ines"]
    client("ssm").put_parameter(Name=os.environ["AGENCY"], Value=json.dumps(profile), Type="String", Overwrite=True)
    agency.provider().clear_cache()
    assert staff.get("/api/desk").status == 401


def test_what_another_site_sends_is_refused(creditor: Browser, staff: Browser) -> None:
    assert staff.post(f"{CASE}/visit-consent", {"who": "debtor"}, origin="https://elsewhere.example").status == 403
    assert staff.post(f"{CASE}/visit-consent", {"who": "debtor"}, **{"content-type": "text/plain"}).status == 415
    assert staff.post(f"{CASE}/visit-consent", {"who": "debtor"}, origin="https://reglo.example").status == 200


def test_no_answer_is_kept_or_guessed(nobody: Browser) -> None:
    for answer in (nobody.get("/api/agency"), nobody.get("/api/desk"), nobody.get("/api/nothing")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda part: st.lists(part, max_size=3), max_leaves=5
)
words = st.sampled_from(("amount", "on", "means", "outcome", "note", "until", "choice", "who", "name", "line1", "city", "email", "token", "code", "fields", "size", "type", "signatory", "reason", "number"))  # fmt: skip


def test_no_body_is_a_fault(creditor: Browser, staff: Browser) -> None:
    """Whatever a request holds, the answer is a sentence, not an incident."""
    asked = [(name.partition(" ")[0], path) for name, (path, _, _) in EXPECTED.items() if name.startswith(("POST", "PUT"))]

    @settings(max_examples=60, deadline=None)
    @given(st.sampled_from(asked), st.dictionaries(words, anything | st.text(max_size=20), max_size=5) | anything)
    def never(route: tuple[str, str], body: Any) -> None:
        for who in (creditor, staff):
            answer = who.ask(route[0], route[1].replace("/drafts/x", f"/drafts/{creditor.id}"), body)
            assert answer.status < 500, (route, body)

    never()


def test_a_wrong_session_is_no_session(outbox: Outbox) -> None:
    assert Browser(cookies={"reglo": "made-up"}).get("/api/me").status == 401
