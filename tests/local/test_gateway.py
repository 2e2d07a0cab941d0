"""One origin for the pages and the API, with the headers of production."""

from urllib.request import Request

from infra import headers
from infra.local.running import Engine
from tests.local.asking import DIRECT, send


def test_pages_have_pretty_addresses(engine: Engine) -> None:
    for path, title in (("/", b"Accueil"), ("/deposer", "Déposer".encode())):
        status, given, page = send(engine.origin + path)
        assert (status, given["content-type"]) == (200, "text/html; charset=utf-8")
        assert title in page
        assert given["cache-control"] == "no-cache"


def test_an_unknown_page_is_said_to_be_unknown(engine: Engine) -> None:
    status, given, page = send(engine.origin + "/nulle-part")

    assert status == 404
    assert b"Page introuvable" in page
    assert given["cache-control"] == "no-cache"


def test_nothing_outside_the_site_is_served(engine: Engine) -> None:
    for path in ("/../outputs.json", "/%2e%2e/outputs.json", "/assets/../../outputs.json"):
        assert send(engine.origin + path)[0] == 404


def test_assets_are_kept_for_a_year(engine: Engine) -> None:
    status, given, _ = send(engine.origin + "/assets/core.1a2b.css")

    assert (status, given["content-type"]) == (200, "text/css; charset=utf-8")
    assert given["cache-control"] == "public, max-age=31536000, immutable"


def test_an_unchanged_page_is_not_sent_twice(engine: Engine) -> None:
    etag = send(engine.origin + "/deposer")[1]["etag"]

    assert send(engine.origin + "/deposer", if_none_match=etag)[0] == 304


def test_every_answer_bears_the_security_headers(engine: Engine) -> None:
    expected = headers.security(engine.store)
    assert "default-src 'self'" in expected["content-security-policy"]

    for path in ("/", "/nulle-part", "/assets/core.1a2b.css", "/api/time", "/api/nowhere", "/_local/", "/_local/horloge"):
        given = send(engine.origin + path)[1]
        assert {name: given[name] for name in expected} == expected, path
        assert not [name for name in given if name.startswith("access-control-")], path


def test_cookies_go_both_ways(engine: Engine) -> None:
    with DIRECT.open(Request(engine.origin + "/api/cookies", headers={"cookie": "session=abc; theme=sombre"})) as answer:
        assert answer.headers.get_all("set-cookie") == [
            "session=s3cret; HttpOnly; Path=/; SameSite=lax",
            "theme=clair; Path=/; SameSite=lax",
        ]
        assert answer.read() == b'{"session":"abc","client":"127.0.0.1"}'


def test_the_name_localhost_leads_to_the_one_origin(engine: Engine) -> None:
    status, given, _ = send(engine.origin + "/connexion?a=1", host=f"localhost:{engine.port}")

    assert (status, given["location"]) == (307, engine.origin + "/connexion?a=1")


def test_a_borrowed_name_is_refused(engine: Engine) -> None:
    assert send(engine.origin + "/", host="ailleurs.example")[0] == 421


def test_another_site_cannot_move_the_clock(engine: Engine) -> None:
    before = engine.clock()["now"]
    for path in ("/_local/clock", "/_local/horloge", "/_local/snapshot"):
        for origin, relation in (("https://ailleurs.example", "cross-site"), ("null", "cross-site")):
            said = {"origin": origin, "sec_fetch_site": relation}
            assert send(engine.origin + path, data=b'{"advance": 864000}', **said)[0] == 403

    assert engine.clock()["now"][:10] == before[:10]
