"""Signing in by e-mail."""

from .conftest import EMAIL, Browser, Clock, Outbox


def test_a_known_and_an_unknown_address_get_the_same_answer(creditor: Browser, nobody: Browser, outbox: Outbox) -> None:
    before = len(outbox.messages)
    known, unknown = nobody.post("/api/sign-in", {"email": EMAIL.upper()}), nobody.post("/api/sign-in", {"email": "nobody@example.org"})
    assert (known.status, known.body) == (unknown.status, unknown.body) == (202, known.body)
    assert [message["To"] for message in outbox.messages[before:]] == [EMAIL]


def test_an_address_that_is_none_is_refused_beside_its_field(nobody: Browser) -> None:
    refused = nobody.post("/api/sign-in", {"email": "camille@"})
    assert (refused.status, refused.json["field"]) == (422, "email")


def test_a_link_serves_once_and_for_twenty_minutes(creditor: Browser, outbox: Outbox, clock: Clock) -> None:
    visitor = Browser()
    visitor.post("/api/sign-in", {"email": EMAIL})
    token = outbox.link("connexion", EMAIL)
    assert visitor.post("/api/sessions", {"token": token}).json == {"role": "creditor", "next": "/dossiers"}
    assert visitor.post("/api/sessions", {"token": token}).status == 410
    visitor.post("/api/sign-in", {"email": EMAIL})
    clock.pass_(minutes=20)
    assert visitor.post("/api/sessions", {"token": outbox.link("connexion", EMAIL)}).status == 410


def test_whoever_lost_the_confirmation_link_receives_another(nobody: Browser, invoice: bytes, outbox: Outbox, clock: Clock) -> None:
    nobody.drops(invoice)
    nobody.types()
    nobody.accepts()
    clock.pass_(hours=49)
    late = outbox.link("confirmer", EMAIL)
    assert nobody.post("/api/confirmations", {"token": late}).status == 410
    assert Browser().post("/api/sign-in", {"email": EMAIL}).status == 202
    new = outbox.link("confirmer", EMAIL)
    assert new != late
    assert nobody.post("/api/confirmations", {"token": new}).json["state"] == "waiting_agency"


def test_a_forged_link_is_not_ours(creditor: Browser, nobody: Browser, outbox: Outbox, clock: Clock) -> None:
    nobody.post("/api/sign-in", {"email": EMAIL})
    identity, expires, signature = outbox.link("connexion", EMAIL).split(".")
    other = signature[:-1] + ("B" if signature.endswith("A") else "A")
    for token in (f"{identity}.{int(expires) + 86400}.{signature}", f"{identity}.{expires}.{other}", "", "..", "a", "é.1.é"):
        assert nobody.post("/api/sessions", {"token": token}).status == 404, token


def test_the_cookie_cannot_be_read_by_a_page_nor_sent_by_another_site(nobody: Browser, outbox: Outbox) -> None:
    import api

    seen: list[str] = []
    through = api.through

    def keep(event, context):  # type: ignore[no-untyped-def]
        answer = through(event, context)
        seen.extend(answer.get("cookies") or [])
        return answer

    api.through = keep  # type: ignore[assignment]
    try:
        nobody.signs_in("ines@reglo.example", outbox)
    finally:
        api.through = through
    (cookie,) = seen
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=43200"} <= set(cookie.split("; "))


def test_a_staff_session_lasts_a_day_of_work_and_a_creditor_s_thirty_days(creditor: Browser, staff: Browser, clock: Clock) -> None:
    clock.pass_(hours=12)
    assert staff.get("/api/me").status == 401
    clock.pass_(days=29)
    assert creditor.get("/api/me").status == 200
    clock.pass_(days=1)
    assert creditor.get("/api/me").status == 401


def test_signing_out_ends_the_session_itself(creditor: Browser) -> None:
    kept = dict(creditor.cookies)
    assert creditor.ask("DELETE", "/api/sessions").status == 204
    assert Browser(cookies=kept).get("/api/me").status == 401


def test_who_am_i(creditor: Browser, staff: Browser) -> None:
    assert creditor.get("/api/me").json["creditors"] == [{"siren": "123456824", "name": "Société Hôtelière du Pacano"}]
    assert staff.get("/api/me").json == {"role": "staff", "email": "ines@reglo.example", "name": "Inès Moreau", "creditors": []}


def test_links_are_not_asked_for_without_end(nobody: Browser, outbox: Outbox) -> None:
    asked = [nobody.post("/api/sign-in", {"email": "ines@reglo.example"}).status for _ in range(6)]
    assert asked == [202] * 5 + [429]
    others = [nobody.post("/api/sign-in", {"email": f"a{n}@example.org"}).status for n in range(16)]
    assert others[-1] == 429


def test_the_public_profile_holds_no_account_and_nobody_s_telephone(nobody: Browser) -> None:
    told = nobody.get("/api/agency").json
    assert told["fictional"] is True
    assert not {"account", "people"} & told.keys()
