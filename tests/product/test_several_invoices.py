"""A ZIP of six files, owed by two debtors, through the deployed functions under their roles: two cases, each invoice claimed once."""

import time

import httpx

from infra.local import people
from infra.local.running import Engine
from tests.doors.test_grouping import SIX, WE

EMAIL = "lot@creancier.example"
ADDRESS = {
    "debtor_line1": "8 place des Lices",
    "debtor_postcode": "35000",
    "debtor_city": "Rennes",
    "signatory_name": "Camille",
    "signatory_role": "gérante",
}


def drop(browser: people.Browser, name: str, data: bytes) -> str:
    """The token of the draft, once the file is in the store."""
    asked = browser.ask("POST", "/api/uploads", {"name": name, "size": len(data)})
    kind = asked["upload"]["fields"]["Content-Type"]
    form = asked["upload"]
    httpx.post(form["url"], data=form["fields"], files={"file": (name, data, kind)}, timeout=60, trust_env=False).raise_for_status()
    return str(asked["draft"])


def draft(browser: people.Browser, method: str, token: str, rest: str = "", body: object = None) -> people.Json:
    answer: people.Json = browser.ask(method, f"/api/drafts/{token.partition('.')[0]}{rest}", body, authorization=f"Draft {token}")
    return answer


def test_a_zip_of_six_becomes_two_cases(engine: Engine, staff: people.Browser) -> None:
    browser = people.Browser(engine)
    began = time.monotonic()
    archive = drop(browser, "Factures.zip", SIX)
    opened = draft(browser, "POST", archive, "/reading", {})
    members = [member["draft"] for member in opened["drafts"]]
    assert len(members) == 6
    for member in members:
        assert draft(browser, "POST", member, "/reading", {})["state"] == "read"
    put = browser.ask("POST", "/api/groups", {"drafts": [archive, *members]})
    print(f"six files read and grouped in {time.monotonic() - began:.1f} s")
    assert [[each["number"] for each in group["invoices"]] for group in put["groups"]] == [["F-1", "F-2", "F-3"], ["R-1", "R-2"]]
    assert [left["name"] for left in put["aside"]] == ["Copie de F-1.xml"]

    cases = []
    for group in put["groups"]:
        token = group["draft"]
        quote = draft(browser, "PUT", token, "", {"fields": WE | ADDRESS | {"creditor_email": EMAIL}})["quote"]
        assert quote["principal"] == group["total"]
        before = len(people.mails(engine))
        said = draft(browser, "POST", token, "/mandate", {"signatory": {"name": "Camille Berthelot", "role": "gérante"}})
        link = people.link(engine, EMAIL, "confirmer", after=before)
        if browser.ask("POST", "/api/confirmations", {"token": link})["state"] == "waiting_agency":
            staff.ask("POST", f"/api/desk/submissions/{token.partition('.')[0]}/approve", {})
        browser.address = EMAIL
        cases.append(said["ref"])
    seen = [people.until(lambda ref=ref: browser.ask("GET", f"/api/cases/{ref}"), ref) for ref in cases]  # type: ignore[misc]
    assert [view["statement"]["principal"] for view in seen] == ["6480.00", "4320.00"]
