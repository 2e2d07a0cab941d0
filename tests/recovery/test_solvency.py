"""The note, its reasons, and those who have none."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from recovery.company import Company
from recovery.insolvency import Notice
from recovery.solvency import LETTERS, Past, _table, note

TODAY = date(2026, 11, 24)
SOLID = Company(
    siren="880878145", name="BRASSERIE", form_code="5710", created=date(2014, 3, 17), turnover=Decimal(640000), result=Decimal(21000), year=2025
)  # fmt: skip
NEVER = Past()


def published(family: str, on: date, nature: str = "", stage: str = "") -> Notice:
    return Notice(id=f"A{on:%Y%m%d}1", family=family, published_on=on, judged_on=on, nature=nature, stage=stage)


def said(company: Company = SOLID, notices: tuple[Notice, ...] = (), past: Past = NEVER, **other: Any) -> list[tuple[str, int]]:
    return [
        (reason.says, reason.points)
        for reason in note(company, notices, past, TODAY, **other).reasons
        if reason.says != "Chaque entreprise part de :"
    ]


def test_a_solid_company_and_why() -> None:
    found = note(SOLID, (), NEVER, TODAY, amount=Decimal("1250.00"))
    assert (found.letter, found.points) == ("A", 90)
    assert said(amount=Decimal("1250.00")) == [
        ("Créée il y a plus de dix ans (17 mars 2014).", 15),
        ("Aucune procédure collective publiée.", 5),
        ("Dernier résultat publié positif (2025).", 5),
        ("La somme est faible au regard du chiffre d’affaires publié (0,20\u00a0%).", 5),
    ]


def test_the_points_add_up_to_what_is_shown() -> None:
    for company in (
        SOLID,
        replace(SOLID, created=date(2026, 5, 1), turnover=None, capital=Decimal(100)),
        replace(SOLID, created=None, result=Decimal(-1)),
    ):
        for amount in (None, Decimal(500), Decimal(30000), Decimal(300000)):
            found = note(company, (), Past(paid=1, unpaid=2, open=1), TODAY, amount=amount)
            total = max(0, min(100, sum(reason.points for reason in found.reasons)))
            assert found.points == total
            assert found.letter == next((letter for letter, least in LETTERS.items() if total >= least), "E")


@pytest.mark.parametrize(
    ("created", "words"), [("2026-01-10", "moins d’un an"), ("2024-06-01", "moins de trois ans"), ("2020-06-01", "plus de trois ans"), ("2016-11-24", "plus de dix ans")]
)  # fmt: skip
def test_age(created: str, words: str) -> None:
    assert words in said(replace(SOLID, created=date.fromisoformat(created)))[0][0]


@pytest.mark.parametrize(("amount", "points"), [("12799.99", 5), ("12800.00", -10), ("63999.99", -10), ("64000.00", -20)])
def test_the_sum_against_the_turnover(amount: str, points: int) -> None:
    assert said(amount=Decimal(amount))[-1][1] == points


def test_without_a_turnover_the_capital_is_all_we_know() -> None:
    poor = replace(SOLID, turnover=None, capital=Decimal(100))
    assert [points for _, points in said(poor, amount=Decimal(500))][-2:] == [0, -5]
    assert "somme" not in str(said(poor))  # no sum asked about, nothing said of it


def test_notices_weigh() -> None:
    opened = published(
        "collective", date(2023, 2, 1), "Jugement d'ouverture d'une procédure de redressement judiciaire", "Jugement d'ouverture"
    )
    plan = published("collective", date(2024, 2, 1), "Jugement arrêtant le plan de redressement")
    ended = published("collective", date(2024, 2, 1), "Jugement de clôture pour extinction du passif", "Jugement de clôture")
    assert any(points == -30 for _, points in said(notices=(opened, plan)))
    assert any(points == -15 for _, points in said(notices=(opened, ended)))
    assert any("Vente" in words for words, _ in said(notices=(published("vente", date(2026, 3, 1)),)))
    assert any("Comptes" in words for words, _ in said(notices=(published("dpc", date(2026, 3, 1)),)))
    assert not any("Comptes" in words for words, _ in said(notices=(published("dpc", date(2025, 3, 1)),)))


def test_an_open_procedure_and_an_ended_company_settle_it() -> None:
    opened = published("collective", date(2026, 11, 3), "Jugement d'ouverture de liquidation judiciaire", "Jugement d'ouverture")
    found = note(SOLID, (opened,), Past(paid=9), TODAY)
    assert (found.letter, found.points, len(found.reasons)) == ("E", None, 1)
    assert note(replace(SOLID, active=False, ceased=date(2026, 4, 30)), (), NEVER, TODAY).reasons[0].says.endswith("le 30 avril 2026.")
    short = published("collective", date(2026, 11, 20), "Jugement de clôture pour insuffisance d'actif", "Jugement de clôture")
    assert note(SOLID, (opened, short), NEVER, TODAY).letter == "E"


@pytest.mark.parametrize(
    ("change", "why"),
    [({"form_code": "1000"}, "Personne physique"), ({"sole_trader": True}, "Personne physique"), ({"form_code": "7346"}, "entreprises"), ({"form_code": "9110"}, "entreprises")],
)  # fmt: skip
def test_who_is_never_scored(change: dict[str, Any], why: str) -> None:
    found = note(replace(SOLID, **change), (), Past(unpaid=3), TODAY, amount=Decimal(500))
    assert (found.letter, found.points, found.reasons) == ("", None, ())
    assert why in found.why


def test_what_was_not_verified_is_not_guessed() -> None:
    found = note(SOLID, None, NEVER, TODAY)
    assert (found.letter, found.reasons) == ("", ())


def test_every_row_of_the_table_can_be_said() -> None:
    values = dict.fromkeys(("procedure", "opened", "ceased", "created", "sold", "year", "share", "capital", "count"), "x")
    for row in (*_table["reason"].values(), *_table["settled"].values()):
        assert row["says"].format(**values).endswith(".")
