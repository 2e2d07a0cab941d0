"""Whether a procedure holds a claim, and until when it is declared."""

from datetime import date
from typing import Any

import pytest

from recovery.insolvency import Notice, Procedure, declare_by, procedure, told, trustee
from recovery.parties import Party
from tests.cases import invoice

CREDITOR = Party(name="Atelier Berthelot", siren="123456782", line1="22 quai de la Fosse", postcode="44000", city="Nantes")
OPENING = "Jugement d'ouverture"
RECEIVERSHIP = "Jugement d'ouverture d'une procédure de redressement judiciaire"


def notice(on: str, nature: str, stage: str = OPENING, **other: Any) -> Notice:
    day = date.fromisoformat(on)
    return Notice(
        **{"id": f"A{day:%Y%m%d}1", "family": "collective", "published_on": day, "judged_on": day, "stage": stage, "nature": nature} | other
    )


@pytest.mark.parametrize(
    ("published", "last_day"),
    [("2026-04-30", "2026-06-30"), ("2026-07-10", "2026-09-10"), ("2025-12-31", "2026-03-02")],  # the three of law.md 8.7
)
def test_two_months_from_the_notice_carried_to_a_working_day(published: str, last_day: str) -> None:
    assert declare_by(date.fromisoformat(published), CREDITOR) == date.fromisoformat(last_day)


@pytest.mark.parametrize("where", [{"country": "BE", "postcode": "1000"}, {"postcode": "97400"}])
def test_four_months_from_elsewhere(where: dict[str, str]) -> None:
    creditor = Party(**{"name": "x", "postcode": "44000"} | where)
    assert declare_by(date(2026, 7, 10), creditor) == date(2026, 11, 10)


@pytest.mark.parametrize(
    ("nature", "kind"),
    [
        (RECEIVERSHIP, "receivership"),
        ("Jugement d'ouverture de liquidation judiciaire", "liquidation"),
        ("Jugement d'ouverture d'une procédure de sauvegarde", "safeguard"),
        ("Jugement prononçant un rétablissement personnel sans liquidation judiciaire", "recovery"),
    ],
)
def test_an_opening_is_read_in_its_own_words(nature: str, kind: str) -> None:
    found = procedure([notice("2026-03-20", nature, judged_on=date(2026, 3, 17))])
    assert found
    assert (found.kind, found.state, found.opened_on, found.published_on) == (kind, "open", date(2026, 3, 17), date(2026, 3, 20))


def test_nothing_published_is_no_procedure() -> None:
    assert procedure([]) is None
    assert procedure([notice("2026-03-20", "", "", family="dpc"), notice("2026-03-20", "", "", family="vente")]) is None


def test_a_conversion_does_not_start_the_delay_again() -> None:
    found = procedure([notice("2026-01-10", RECEIVERSHIP), notice("2026-05-10", "Jugement de conversion en liquidation judiciaire", "Jugement prononçant", text="désignant liquidateur Me Kerdoncuff, 15 quai Lamennais 35000 Rennes.")])  # fmt: skip
    assert found
    assert (found.kind, found.published_on, found.state) == ("liquidation", date(2026, 1, 10), "open")
    assert found.trustee == "Me Kerdoncuff, 15 quai Lamennais 35000 Rennes"


def test_a_plan_that_fails_is_a_new_procedure() -> None:
    plan = notice("2025-01-10", "Jugement arrêtant le plan de redressement", "Jugement de plan")
    failed = notice("2026-02-10", "Jugement prononçant la résolution du plan de redressement et la liquidation judiciaire", "Jugement prononçant")  # fmt: skip
    before = procedure([notice("2024-01-10", RECEIVERSHIP), plan])
    assert before
    assert before.state == "plan"
    after = procedure([notice("2024-01-10", RECEIVERSHIP), plan, failed])
    assert after
    assert (after.kind, after.state, after.published_on) == ("liquidation", "open", date(2026, 2, 10))


@pytest.mark.parametrize(
    ("nature", "state"),
    [
        ("Jugement de clôture pour insuffisance d'actif", "written_off"),
        ("Jugement de clôture pour extinction du passif", "ended"),
        ("Jugement mettant fin à la procédure de redressement judiciaire", "ended"),
        ("Arrêt de la cour d'appel infirmant une décision soumise à publicité", "ended"),
    ],
)
def test_how_a_procedure_ends(nature: str, state: str) -> None:
    found = procedure(
        [notice("2024-01-10", RECEIVERSHIP), notice("2026-02-10", nature, "Jugement de clôture" if "clôture" in nature else "")]
    )
    assert found
    assert found.state == state


def test_a_cancelled_notice_never_was_and_a_corrected_one_keeps_its_day() -> None:
    first = notice("2026-03-20", RECEIVERSHIP)
    cancelled = notice("2026-04-01", "", "", status="annulation", mends=first.id)
    assert procedure([cancelled, first]) is None
    stray = notice("2026-04-01", "", "", status="annulation", mends="A209912319")
    assert procedure([first, stray]) is not None  # it cancels something else: a person looks
    corrected = notice("2026-04-01", "Jugement d'ouverture de liquidation judiciaire", status="rectificatif", mends=first.id)
    found = procedure([first, corrected])
    assert found
    assert (found.kind, found.published_on, found.notice) == ("liquidation", date(2026, 3, 20), first.id)


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("désignant mandataire judiciaire SELARL Aunis Mandataires, prise en la personne de Me Lefort, 6 rue Gargoulleau 17000 La Rochelle. Les créances sont à adresser, dans les deux mois de la présente publication, auprès du mandataire judiciaire.", "SELARL Aunis Mandataires, prise en la personne de Me Lefort, 6 rue Gargoulleau 17000 La Rochelle"),
        ("Liquidateur : Me Kerdoncuff 15 quai Lamennais 35000 Rennes ; les créances sont à déclarer", "Me Kerdoncuff 15 quai Lamennais 35000 Rennes"),
        ("Les créances sont à déclarer auprès du greffe.", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_who_receives_the_claims_is_read_in_the_notice(text: str, whom: str) -> None:
    assert trustee(text) == whom


FOUND = Procedure(kind="receivership", opened_on=date(2026, 11, 3), published_on=date(2026, 11, 12), notice="A1", trustee="Me Lefort")


def test_the_creditor_reads_what_to_do_and_by_when() -> None:
    said = told(FOUND, CREDITOR, date(2026, 11, 24))
    assert "redressement judiciaire est ouverte depuis le 3 novembre 2026" in said
    assert "au plus tard le 12 janvier 2027" in said
    assert said.endswith("auprès de : Me Lefort.")
    assert "a pris fin le 12 janvier 2027" in told(FOUND, CREDITOR, date(2027, 1, 13))


def test_an_open_procedure_asks_a_person_first_and_a_plan_binds_older_debts_alone() -> None:
    older, newer = invoice(due=date(2026, 6, 1)), invoice("F-102", due=date(2027, 2, 1))
    plan = Procedure(kind="receivership", opened_on=date(2026, 11, 3), published_on=date(2026, 11, 12), notice="A1", state="plan")
    ended = Procedure(kind="receivership", opened_on=date(2026, 11, 3), published_on=date(2026, 11, 12), notice="A1", state="ended")
    assert [each.holds([one]) for each in (FOUND, plan, ended) for one in (older, newer)] == [True, True, True, False, False, False]
