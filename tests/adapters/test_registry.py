"""The clients of the public registers, against a real server of ours: what they keep of an answer, and what they make of none."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from time import monotonic

import pytest

from adapters import registry
from adapters.aws import client, unpack
from recovery.company import Address
from recovery.parties import Party
from tests.cases import TUESDAY, at
from tests.registers import Registers, served

NOW = at(TUESDAY)
BRASSERIE = Address(line1="8 place des Lices", postcode="35000", city="Rennes")


@pytest.fixture
def registers(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registers]:
    with served(monkeypatch) as told:
        yield told


def kept() -> str:
    return str([unpack(item) for item in client("dynamodb").scan(TableName="reglo")["Items"]])


def test_a_company_by_its_number(registers: Registers) -> None:
    found = registry.company("880878145", NOW)
    assert found is not None
    assert (found.name, found.form, found.active, found.created) == ("BRASSERIE DES HALLES", "SAS", True, date(2014, 3, 17))
    assert found.address == Address(line1="8 place des Lices", postcode="35000", city="Rennes")
    assert (found.turnover, found.result, found.year, found.capital) == (Decimal(640000), Decimal(21000), 2025, Decimal(20000))
    assert registers.of("companies") == [{"q": "880878145", "page": "1", "per_page": "1"}]


def test_directors_are_never_kept(registers: Registers) -> None:
    registry.company("880878145", NOW)
    assert "PERSONNE" not in kept()


def test_who_asked_not_to_be_shown_is_not(registers: Registers) -> None:
    found = registry.company("745678904", NOW)
    assert found is not None
    assert (found.shown, found.name, found.address, found.natural_person) == (False, "", None, True)
    assert "LEROUX" not in kept()


def test_the_same_question_is_asked_once_while_the_answer_is_fresh(registers: Registers) -> None:
    first = registry.company("880878145", NOW)
    assert registry.company("880878145", NOW + timedelta(hours=23)) == first
    assert len(registers.asked) == 1
    registry.company("880878145", NOW + timedelta(hours=25))
    assert len(registers.asked) == 2


def test_unknown_is_an_answer(registers: Registers) -> None:
    assert registry.company("732829320", NOW) is None
    assert registry.notices("732829320", NOW) == ()
    assert registry.locate(Address(line1="3 rue introuvable", postcode="35000", city="Rennes"), NOW) is None


def test_names_are_searched(registers: Registers) -> None:
    assert [each.siren for each in registry.search("les amis", NOW)] == ["422334458"]
    assert registry.search("leroux claire", NOW) == ()


def test_a_notice_says_who_receives_the_claims(registers: Registers) -> None:
    (notice,) = registry.notices("412345670", NOW)
    assert (notice.judged_on, notice.published_on, notice.stage) == (date(2026, 11, 3), date(2026, 11, 12), "Jugement d'ouverture")
    assert notice.url.startswith("https://www.bodacc.fr/")
    assert registers.of("notices")[0]["where"] == 'registre like "412345670"'


def test_an_address_with_its_likeness(registers: Registers) -> None:
    found = registry.locate(BRASSERIE, NOW)
    assert found is not None
    assert (found.score, found.precision, found.address) == (Decimal("0.9641"), "housenumber", BRASSERIE)


@pytest.mark.parametrize("mood", [429, 500, 503, b"<html>", b"\xff\xfe{", b'{"results": ['])
def test_a_service_that_stumbles_once_is_asked_again(registers: Registers, mood: int | bytes) -> None:
    registers.moods["companies"] = [mood]
    assert registry.company("880878145", NOW) is not None
    assert len(registers.asked) == 2


@pytest.mark.parametrize(
    "mood", [400, 404, 302, b"[]", b"{}", b'{"results": 7}', b'{"results": [{"siren": "880878145", "siege": 3}]}', b"null"]
)
def test_what_nobody_understands_is_away_at_once(registers: Registers, mood: int | bytes) -> None:
    registers.moods["companies"] = [mood]
    with pytest.raises(registry.Away):
        registry.company("880878145", NOW)
    assert len(registers.asked) == 1


def test_an_endless_answer_is_cut(registers: Registers) -> None:
    registers.moods["companies"] = [b" " * (registry.LARGEST + 1)]
    with pytest.raises(registry.Away):
        registry.company("880878145", NOW)


def test_every_field_may_be_null(registers: Registers) -> None:
    names = ("nom_complet", "nom_raison_sociale", "sigle", "siege", "nature_juridique", "etat_administratif", "finances", "immatriculation", "complements", "date_creation")  # fmt: skip
    registers.answers["companies"] = {"results": [{"siren": "880878145", **dict.fromkeys(names)}]}
    found = registry.company("880878145", NOW)
    assert found is not None
    assert (found.name, found.address, found.created, found.active) == ("", None, None, True)


def test_nobody_waits_for_a_service_that_was_away(registers: Registers, monkeypatch: pytest.MonkeyPatch) -> None:
    registers.are_away("companies")
    with pytest.raises(registry.Away):
        registry.company("880878145", NOW)
    asked = len(registers.asked)
    with pytest.raises(registry.Away):
        registry.company("500003710", NOW)
    assert len(registers.asked) == asked
    assert registry.notices("880878145", NOW) == ()  # the others are not to blame


def test_a_slow_service_is_not_waited_for(registers: Registers, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    with httpx.Client(timeout=0.15) as impatient:
        monkeypatch.setattr(registry, "http", lambda: impatient)
        registers.moods["companies"] = [1.0, 1.0]
        began = monotonic()
        with pytest.raises(registry.Away):
            registry.company("880878145", NOW)
    assert monotonic() - began < 1.0


def test_a_service_without_an_address_is_not_asked(registers: Registers, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COMPANIES_URL", "NOTICES_URL", "ADDRESSES_URL"):
        monkeypatch.setenv(name, "")
    seen = registry.look_up(Party(name="Brasserie", siren="880878145", line1="8 place des Lices", postcode="35000", city="Rennes"), NOW)
    assert seen.unverified == {"companies", "notices", "addresses"}
    assert registers.asked == []


def test_questions_to_one_service_are_spaced(registers: Registers, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(registry, "APART", 5.0)
    monkeypatch.setattr(registry.time, "sleep", slept.append)
    registry.company("880878145", NOW)
    registry.company("500003710", NOW)
    assert slept[0] == 0.0
    assert 4.0 < slept[1] <= 5.0


def test_a_debtor_is_looked_up_whole(registers: Registers) -> None:
    known = Party(name="Brasserie des Halles", siren="880878145", line1="8 place des Lices", postcode="35000", city="Rennes")
    seen = registry.look_up(known, NOW)
    assert seen.company
    assert seen.address
    assert seen.unverified == frozenset()
    foreign = registry.look_up(Party(name="ODIN", line1="Postbus 367", postcode="1960 AJ", city="Heemskerk", country="NL"), NOW)
    assert (foreign.company, foreign.notices, foreign.address) == (None, (), None)
