"""The solvency note of a company, A to E, each reason shown with its points (`solvency.toml`).

Companies only: a natural person, sole traders included, and a public body have no note. What was not verified is not guessed: without
the register and the bulletin there is no note either.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from recovery import french
from recovery.company import Company
from recovery.days import add_months, add_years
from recovery.insolvency import Notice, procedure, standing

_table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
LETTERS: dict[str, int] = _table["letters"]
NOTABLE, HEAVY = Decimal("0.02"), Decimal("0.10")  # of the yearly turnover


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The asking creditor's own cases with this company. There is no other kind here."""

    paid: int = 0
    unpaid: int = 0  # closed with something left
    open: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    says: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """`letter` is empty when there is none: `why` says so. A letter that is settled has one reason and no points."""

    letter: str = ""
    points: int | None = None
    why: str = ""
    reasons: tuple[Reason, ...] = ()


def note(company: Company, notices: tuple[Notice, ...] | None, past: Past, today: date, *, amount: Decimal | None = None) -> Note:
    """`notices` is `None` when the bulletin did not answer; `amount` is the sum asked about, when there is one."""
    if company.natural_person:
        return Note(why="Personne physique : aucune note. Seules les informations publiques sont montrées.")
    if company.public_body or company.co_owners:
        return Note(why="Cette note ne concerne que les entreprises.")
    if notices is None:
        return Note(why="Les annonces légales n’ont pas pu être consultées : pas de note sans elles.")
    if settled := _settled(company, notices):
        return settled
    reasons = (Reason(says="Chaque entreprise part de :", points=_table["start"]), *_reasons(company, notices, past, today, amount))
    points = max(0, min(100, sum(reason.points for reason in reasons)))
    return Note(letter=next((letter for letter, least in LETTERS.items() if points >= least), "E"), points=points, reasons=reasons)


def _settled(company: Company, notices: tuple[Notice, ...]) -> Note | None:
    found = procedure(notices)
    if found and found.state in ("open", "written_off"):
        row = _table["settled"]["insolvent" if found.state == "open" else "written_off"]
        says = row["says"].format(procedure=found.label, opened=french.day(found.opened_on))
    elif not company.active:
        row = _table["settled"]["ceased"]
        says = row["says"].format(ceased=f" le {french.day(company.ceased)}" if company.ceased else "")
    else:
        return None
    return Note(letter=row["letter"], reasons=(Reason(says=says, points=0),))


def _reasons(company: Company, notices: tuple[Notice, ...], past: Past, today: date, amount: Decimal | None) -> Iterator[Reason]:
    yield from _about_its_age(company, today)
    yield from _about_its_notices(notices, today)
    if company.result is not None:
        yield _reason("result_positive" if company.result >= 0 else "result_negative", year=company.year)
    if amount is not None:
        yield from _about_the_sum(company, amount)
    for name, count in (("own_paid", past.paid), ("own_unpaid", past.unpaid), ("own_open", past.open)):
        if count:
            yield _reason(name, count=french.plural(count, "dossier"))


def _about_its_age(company: Company, today: date) -> Iterator[Reason]:
    if company.created is None:
        yield _reason("age_unknown")
        return
    age = next((name for years, name in AGES if today < add_years(company.created, years)), "age_over_10")
    yield _reason(age, created=french.day(company.created))


AGES = ((1, "age_under_1"), (3, "age_under_3"), (10, "age_under_10"))


def _about_its_notices(notices: Iterable[Notice], today: date) -> Iterator[Reason]:
    notices = standing(notices)
    found = procedure(notices)
    if found is None:
        yield _reason("no_notice")
    else:
        yield _reason("plan" if found.state == "plan" else "past_procedure", procedure=found.label, opened=french.day(found.opened_on))
    sold = [each.published_on for each in notices if each.family == "vente" and today < add_months(each.published_on, 12)]
    if sold:
        yield _reason("business_sold", sold=french.day(max(sold)))
    if any(each.family == "dpc" and today < add_months(each.published_on, 18) for each in notices):
        yield _reason("accounts_filed")


def _about_the_sum(company: Company, amount: Decimal) -> Iterator[Reason]:
    if not company.turnover or company.turnover <= 0:
        yield _reason("turnover_unknown")
        if company.capital is not None and 0 < company.capital < amount:
            yield _reason("claim_above_capital", capital=french.euros(company.capital))
        return
    share = amount / company.turnover
    name = "claim_small" if share < NOTABLE else "claim_notable" if share < HEAVY else "claim_heavy"
    written = french.percent((share * 100).quantize(Decimal("0.01"))) if share >= Decimal("0.0001") else f"moins de 0,01{french.NO_BREAK}%"
    yield _reason(name, share=written)


def _reason(name: str, **values: object) -> Reason:
    row = _table["reason"][name]
    return Reason(says=row["says"].format(**values), points=row["points"])
