import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from recovery import mandate
from recovery.agency import Agency
from recovery.amounts import claim_of, statement
from recovery.mandate import Mandate, MandateIncomplete
from tests.writing import AGENCY, CREDITOR, DEBTOR, case_before

ON = date(2026, 9, 1)


def agreed(**other: Any) -> Mandate:
    values: dict[str, Any] = {
        "agency": AGENCY,
        "creditor": CREDITOR,
        "debtor": DEBTOR,
        "statement": statement(claim_of(case_before("first_letter")), ON),
        "fee_rate": Decimal(14),
        "iban": "FR7630004000031234567890143",
        "signatory": "Camille Berthelot",
        "role": "gérante",
        "email": "camille@atelier.example",
        "on": ON,
    }
    return mandate.agreement("RG-26-00001", **values | other)


@pytest.mark.parametrize(
    "said",
    [
        "pouvoir d’en recevoir le paiement",
        f"{AGENCY.insurance.insurer}, police {AGENCY.insurance.policy}, à hauteur de {AGENCY.insurance.cover}",
        "14\u00a0% hors taxes",
        "à votre charge",
        "au plus tard un mois après son encaissement",
        "retenues sur la somme reversée",
        "3 versements mensuels au plus",
        "vous renoncez aux intérêts courus depuis cette lettre",
        "sans motif, sans délai et sans frais",
        "article 28 du RGPD",
        "quand vous ouvrez le lien envoyé à votre adresse électronique",
        "FR76\u00a0••••\u00a00143",
    ],
)
def test_the_agreement_says_what_r124_3_wants_and_what_we_promise(said: str) -> None:
    assert said in mandate.text(agreed())


def test_each_element_of_the_claim_is_a_line_of_its_own() -> None:
    assert [row.what for row in agreed().rows] == ["Principal TTC", "Pénalités de retard", "Pénalités de retard", "Indemnité forfaitaire"]
    assert "D441-5" in agreed().articles


def test_the_fingerprint_changes_with_a_word() -> None:
    assert mandate.fingerprint(agreed()) == mandate.fingerprint(agreed())
    assert mandate.fingerprint(agreed()) != mandate.fingerprint(agreed(fee_rate=Decimal(15)))
    assert mandate.fingerprint(agreed()) != mandate.fingerprint(agreed(role="gérant"))


def test_acceptance_tells_who_when_and_which_text() -> None:
    accepted = mandate.acceptance(agreed(), datetime(2026, 9, 1, 12, 6, tzinfo=UTC))
    who, when, which = mandate.acceptance_lines(accepted)
    assert who == "Accepté par Camille Berthelot, gérante, camille@atelier.example,"
    assert "le 1er septembre 2026 à 14\u00a0h\u00a006 (heure de Paris)" in when
    assert which.endswith(mandate.fingerprint(agreed()))


def test_it_travels_as_json() -> None:
    accepted = mandate.acceptance(agreed(), datetime(2026, 9, 1, 12, 6, tzinfo=UTC))
    assert mandate.from_json(json.loads(json.dumps(mandate.to_json(agreed())))) == agreed()
    assert mandate.acceptance_from_json(json.loads(json.dumps(mandate.acceptance_to_json(accepted)))) == accepted


@pytest.mark.parametrize(
    ("spoiled", "lacking"),
    [
        ({"agency": Agency()}, "le nom de l’agence"),
        ({"signatory": " "}, "le nom du signataire"),
        ({"iban": ""}, "l’IBAN du créancier"),
        ({"creditor": replace(CREDITOR, line1="")}, "l’adresse du créancier"),
    ],
)
def test_an_incomplete_agreement_is_refused(spoiled: dict[str, Any], lacking: str) -> None:
    with pytest.raises(MandateIncomplete, match=lacking):
        agreed(**spoiled)
