"""The real template.yaml on a local engine: its parameters, its fictional agency, its key."""

import json
from collections.abc import Mapping
from pathlib import Path

from infra import deploy
from infra.local import scanner
from infra.local.running import Engine

AGENCY = Path(__file__).with_name("agency.json")
SETTINGS, KEYS = "/reglo/agency", "/reglo/signing-key"


SERVICES = {"CompaniesUrl": "companies", "NoticesUrl": "notices", "AddressesUrl": "addresses"}


def deployed(
    engine: Engine, *, trust_creditors: bool = False, registers: str = "local", more: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The outputs of the stack. Quick when nothing changed since the last time on this data folder.

    `registers`: local ones, the public ones of the template, or none, and everything is « non vérifié ». `more`: other parameters.
    """
    asked = {name: "" if registers == "none" else f"{engine.origin}/_local/registres/{service}" for name, service in SERVICES.items()}
    parameters = {"SiteOrigin": engine.origin, "TrustCreditors": "yes" if trust_creditors else "no", "Printer": "captured"}
    parameters |= {"Recogniser": "local" if scanner.command() else "none", **(more or {})}
    return deploy.deploy(
        engine,
        parameters=parameters if registers == "public" else parameters | asked,
        settings={SETTINGS: AGENCY.read_text("utf-8")},
        keys=[KEYS],
        senders=[json.loads(AGENCY.read_text("utf-8"))["email"].split("@")[1]],
    )
