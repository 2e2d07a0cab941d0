"""Which invoices go together, and which are left aside."""

from typing import Any

import pytest

from recovery import grouping
from recovery.grouping import Candidate

HALLES = {"debtor_name": "Brasserie des Halles", "debtor_postcode": "35000", "creditor_siren": "732829320", "creditor_name": "Atelier"}


def candidate(id: str, reading: dict[str, Any] | None = None, sha256: str = "", **fields: str) -> Candidate:
    return Candidate(id, f"{id}.pdf", sha256 or id, HALLES | {"number": f"F-{id}"} | fields, reading or {})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {}, True),
        ({}, {"debtor_name": "BRASSERIE DES HALLES"}, True),
        ({}, {"debtor_postcode": "44000"}, False),
        ({"debtor_siren": "552100554"}, {"debtor_siren": "552100554", "debtor_name": "BDH", "debtor_postcode": ""}, True),
        ({"debtor_siren": "552100554"}, {"debtor_siren": "356000000"}, False),  # the number decides, whatever the name
        ({"debtor_siren": "552100554"}, {}, True),  # one of them lacks it: name and postcode
        ({"debtor_name": "", "debtor_postcode": ""}, {"debtor_name": "", "debtor_postcode": ""}, False),  # two scans nobody could read
        ({"debtor_postcode": ""}, {"debtor_postcode": ""}, False),  # a name alone is not enough
    ],
)
def test_the_same_debtor(one: dict[str, str], other: dict[str, str], same: bool) -> None:
    assert (grouping.home_of(candidate("1", {}, "", **one), [[candidate("2", {}, "", **other)]]) == 0) is same


def test_two_companies_of_one_vat_number_are_one() -> None:
    one = candidate("1", {"buyer": {"vat": "DE123456789"}}, debtor_name="Müller GmbH")
    other = candidate("2", {"buyer": {"vat": "DE123456789"}}, debtor_name="Mueller")
    assert grouping.same_debtor(one, other)


def test_two_sellers_are_two_mandates() -> None:
    assert grouping.home_of(candidate("1"), [[candidate("2", creditor_siren="552100554")]]) is None
    assert grouping.home_of(candidate("1"), [[candidate("2", creditor_siren="", creditor_name="")]]) == 0


def test_a_full_draft_takes_no_more() -> None:
    full = [candidate(str(n)) for n in range(40)]
    assert grouping.home_of(candidate("x"), [full, [candidate("y")]]) == 1


def test_the_same_file_and_the_same_number_are_said_once_each() -> None:
    said = grouping.repeated(
        [candidate("1"), candidate("2", sha256="1", number="F-9"), candidate("3", number="f- 1"), candidate("4", number="F-1", creditor_siren="552100554")]
    )  # fmt: skip
    assert list(said) == ["2", "3"]
    assert said["2"].startswith("C’est le même fichier que « 1.pdf »")
    assert "porte déjà le numéro f- 1" in said["3"]


def test_a_credit_note_goes_to_the_invoice_it_surely_names() -> None:
    invoices = [candidate("1"), candidate("2")]
    sure = {"source": "xml", "preceding_invoices": [{"number": "F-2"}]}
    assert grouping.credited(candidate("n", sure), invoices) is invoices[1]
    unsure = {"source": "text", "preceding_invoices": [{"number": "F-2"}], "evidence": {"preceding_invoices": {"confidence": 0.6}}}
    assert grouping.credited(candidate("n", unsure), invoices) is None
    both = {"source": "xml", "preceding_invoices": [{"number": "F-1"}, {"number": "F-2"}]}
    assert grouping.credited(candidate("n", both), invoices) is None


def test_fields_follow_their_invoice() -> None:
    home = {"debtor_name": "Halles", "debtor_email": "", "number": "F-1", "amount": "1.00"}
    after = grouping.joined(home, {"debtor_name": "BDH", "debtor_email": "c@bdh.example", "number": "F-2", "amount": "2.00"}, "2")
    assert after["debtor_name"] == "Halles"
    assert after["debtor_email"] == "c@bdh.example"
    assert (after["number"], after["number.2"], after["amount.2"]) == ("F-1", "F-2", "2.00")
    assert grouping.bare(after, "2")["number"] == "F-2"
    assert "number" not in grouping.left(after, "1")
    assert grouping.left(after, "1")["number.2"] == "F-2"
