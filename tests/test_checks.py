"""The `checks` rung and what the registers change: a case that may not be chased stops, everything else goes on and says what it knows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

import announce
import climb
from adapters import directory, journal, render
from recovery import decisions
from recovery.events import AnyEvent, DebtorChecked, DebtorCorrected, InsolvencyFound
from recovery.ladder import Do, Rest, next_move
from recovery.parties import Party
from recovery.refusals import NothingToDo
from recovery.timeline import story
from recovery.work import tasks
from tests.cases import STAFF, TUESDAY, at, climbed, invoice, opening
from tests.registers import Registers, served
from tests.standing import CASE, CONTACT, DEBTOR, Clock, Outbox, stands

pytestmark = pytest.mark.usefixtures("clock", "outbox")

CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000)
LATE = date(2026, 11, 24)  # a Tuesday, three weeks after the judgment against Menuiserie du Large
INSOLVENT = Party(name="Menuiserie du Large SARL", siren="412345670", line1="11 rue des Chantiers", postcode="17000", city="La Rochelle")


@pytest.fixture(autouse=True)
def registers(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registers]:
    with served(monkeypatch) as told:
        yield told


def happened(kind: type[Any]) -> list[Any]:
    return [event for event in journal.read(CASE).events if isinstance(event, kind)]


def kinds() -> list[str]:
    return [f"{type(event).__name__} {getattr(event, 'step', '')}".strip() for event in journal.read(CASE).events[4:]]


def sentence() -> str:
    return next(
        entry.sentence for entry in reversed(story(journal.read(CASE).events, str)) if entry.title == "Registres publics interrogés"
    )


def stands_late(clock: Clock, debtor: Party, *events: AnyEvent) -> None:
    stands(*(events or opening(LATE)), debtor=debtor)
    clock.moves_to(LATE, "08:31")


def test_what_was_checked_is_said_as_it_is() -> None:
    stands()
    climb.visit(CASE)
    assert kinds() == ["DebtorChecked", "StepTaken checks"]
    assert (
        sentence()
        == "Le SIREN et le nom concordent avec le registre ; l’adresse est connue de la Base adresse nationale ; aucune procédure collective publiée."
    )
    assert tasks(journal.load(CASE)) == ()


def test_what_did_not_answer_is_said_too_and_stops_nobody(registers: Registers) -> None:
    registers.are_away()
    stands()
    climb.visit(CASE)
    assert kinds() == ["DebtorChecked", "StepTaken checks"]
    assert (
        sentence()
        == "Le registre n’a pas pu être consulté ; la Base adresse nationale n’a pas pu être consultée ; les annonces légales n’ont pas pu être consultées."
    )
    assert tasks(journal.load(CASE)) == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": "Boulangerie Martin"}, "autre nom"),
        ({"siren": "634567895", "name": "Imprimerie Vernay"}, "cessée"),
        ({"siren": "732829320"}, "pas au registre"),
        ({"line1": "3 rue introuvable"}, "adresse"),
    ],
)
def test_what_should_be_looked_up_is_a_task_and_no_stop(change: dict[str, Any], why: str) -> None:
    stands(debtor=replace(DEBTOR, **change))
    climb.visit(CASE)
    (task,) = tasks(journal.load(CASE))
    assert (task.kind, task.step) == ("research", "checks")
    assert why in task.why
    assert isinstance(next_move(journal.load(CASE), at(TUESDAY + timedelta(days=1))), Do)


def test_a_task_ends_when_a_person_has_seen_it_or_corrected_it(clock: Clock) -> None:
    stands(debtor=replace(DEBTOR, name="Boulangerie Martin"))
    climb.visit(CASE)
    case = journal.load(CASE)
    clock.moves_to(TUESDAY, "10:00")
    seen = journal.change(CASE, lambda case: decisions.approve(case, "checks", by=STAFF, at=clock.now()))
    assert tasks(seen.case) == ()
    with pytest.raises(NothingToDo):
        decisions.approve(seen.case, "checks", by=STAFF, at=clock.now())
    corrected = journal.change(CASE, lambda case: [DebtorCorrected(at=clock.now(), by=STAFF, what=("name",))])
    assert tasks(corrected.case) == ()
    assert tasks(case) != ()


def test_an_open_procedure_stops_the_case_at_once(clock: Clock, outbox: Outbox) -> None:
    stands_late(clock, INSOLVENT)
    answer = climb.visit(CASE)
    assert kinds() == ["DebtorChecked", "InsolvencyFound"]
    (found,) = happened(InsolvencyFound)
    assert (found.procedure, found.opened_on, found.published_on) == ("receivership", date(2026, 11, 3), date(2026, 11, 12))
    assert found.declare_by == date(2027, 1, 12)
    assert not answer["over"]
    assert journal.load(CASE).status == "insolvent"
    (task,) = tasks(journal.load(CASE))
    assert (task.kind, task.title) == ("insolvency", "Procédure collective : redressement judiciaire")
    assert "12 janvier 2027" in task.why
    clock.moves_to(LATE + timedelta(days=60))
    climb.visit(CASE)
    assert kinds() == ["DebtorChecked", "InsolvencyFound"]  # nothing leaves, nothing is asked again
    assert outbox.to("compta@debiteur.example") == []


def test_names_stay_out_of_the_journal(clock: Clock) -> None:
    stands_late(clock, INSOLVENT)
    climb.visit(CASE)
    assert "Lefort" not in str(journal.read(CASE).entries)
    (found,) = happened(InsolvencyFound)
    assert directory.notes(CASE)[found.note].text.startswith("SELARL Aunis Mandataires, prise en la personne de Me Lefort")


def test_the_creditor_is_told_what_to_do_by_when_and_where(clock: Clock, outbox: Outbox) -> None:
    stands_late(clock, INSOLVENT)
    climb.visit(CASE)
    announce.a_year.register_lambda_context(CONTEXT)  # type: ignore[arg-type]
    announce.tell(CASE)
    subject = outbox.to(CONTACT)[-1]
    assert subject == f"{CASE} : déclarez votre créance au plus tard le 12 janvier 2027".replace(" :", "\u00a0:")
    body = outbox.messages[-1].get_body(("plain",))
    assert body
    words = body.get_content()
    for said in (
        "Me Lefort, 6 rue Gargoulleau 17000 La Rochelle",
        "A202602171042",
        "au plus tard le\u00a0: 12 janvier 2027",
        "pouvoir spécial",
    ):
        assert said in words


def test_a_procedure_that_opens_later_is_found_before_the_formal_notice(clock: Clock) -> None:
    events = climbed("formal_notice", date(2026, 9, 8))
    stands(*events, debtor=INSOLVENT)
    clock.moves_to(LATE)
    approved = journal.change(CASE, lambda case: decisions.approve(case, "formal_notice", by=STAFF, at=clock.now()))
    assert isinstance(next_move(approved.case, clock.now()), Do)
    climb.visit(CASE)
    assert kinds()[-2:] == ["DebtorChecked", "InsolvencyFound"]
    assert not any("StepDecided formal_notice" in kind for kind in kinds())


def test_the_formal_notice_leaves_when_the_registers_are_away(clock: Clock, registers: Registers) -> None:
    registers.are_away()
    stands(*climbed("formal_notice", date(2026, 9, 8)), debtor=replace(DEBTOR, email=None))
    clock.moves_to(LATE)
    journal.change(CASE, lambda case: decisions.approve(case, "formal_notice", by=STAFF, at=clock.now()))
    climb.visit(CASE)
    assert len(happened(DebtorChecked)) == 1
    assert "StepTaken formal_notice" in kinds()


def test_the_registers_are_asked_again_each_month_whatever_the_case_waits_for(clock: Clock) -> None:
    stands(debtor=replace(DEBTOR, email=None))
    climb.visit(CASE)
    clock.moves_to(TUESDAY + timedelta(days=1))
    climb.visit(CASE)
    waiting = journal.change(CASE, lambda case: decisions.raise_dispute(case, note=None, by=STAFF, at=clock.now())).case
    rest = next_move(waiting, clock.now())
    assert isinstance(rest, Rest)
    assert rest.until == happened(DebtorChecked)[0].at + timedelta(days=30)
    clock.at = rest.until
    climb.visit(CASE)
    assert len(happened(DebtorChecked)) == 2
    assert isinstance(next_move(journal.load(CASE), clock.now()), Rest)


def test_a_register_that_was_away_is_asked_again_after_a_week(clock: Clock, registers: Registers) -> None:
    registers.are_away("notices")
    stands()
    climb.visit(CASE)
    (first,) = happened(DebtorChecked)
    case = replace(journal.load(CASE), status="disputed")
    rest = next_move(case, clock.now())
    assert isinstance(rest, Rest)
    assert rest.until == first.at + timedelta(days=7)


def test_a_corrected_address_is_checked_again(clock: Clock) -> None:
    stands(debtor=replace(DEBTOR, line1="bâtiment " * 30))
    climb.visit(CASE)
    directory.keep_debtor("d1", DEBTOR)
    clock.moves_to(TUESDAY, "10:00")
    journal.change(CASE, lambda case: decisions.correct_debtor(case, ("line1",), by=STAFF, at=clock.now()))
    climb.visit(CASE)
    assert [event.address for event in happened(DebtorChecked)] == ["to_research", "deliverable"]
    assert kinds()[-1] == "StepTaken checks"


@pytest.mark.parametrize("outcome", ["mistaken", "later_claim"])
def test_a_person_may_set_the_notice_aside_and_it_is_not_found_again(clock: Clock, outcome: str) -> None:
    stands_late(clock, INSOLVENT)
    climb.visit(CASE)
    journal.change(CASE, lambda case: decisions.settle_insolvency(case, outcome, note=None, by=STAFF, at=clock.now()))
    assert journal.load(CASE).status == "open"
    climb.visit(CASE)
    assert kinds()[-1] == "StepTaken checks"
    clock.moves_to(LATE + timedelta(days=31))
    climb.ask_registers(journal.read(CASE), clock.now())
    assert len(happened(InsolvencyFound)) == 1


def test_a_case_with_nothing_left_to_chase_is_closed(clock: Clock) -> None:
    stands_late(clock, INSOLVENT)
    climb.visit(CASE)
    closed = journal.change(CASE, lambda case: decisions.settle_insolvency(case, "closed", note=None, by=STAFF, at=clock.now())).case
    assert closed.closed
    assert (closed.status, closed.closed.reason) == ("closed", "insolvent")
    assert climb.visit(CASE)["over"]


def test_only_a_case_in_a_procedure_has_one_to_settle() -> None:
    stands()
    with pytest.raises(NothingToDo):
        decisions.settle_insolvency(journal.load(CASE), "mistaken", note=None, by=STAFF, at=at(TUESDAY))


def test_a_printed_letter_is_not_posted_once_the_procedure_is_known(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRINTER", "manual")
    stands_late(clock, DEBTOR)
    climb.visit(CASE)
    clock.moves_to(LATE + timedelta(days=1))
    climb.visit(CASE)
    assert [task.kind for task in tasks(journal.load(CASE))] == ["post"]
    directory.keep_debtor("d1", INSOLVENT)
    climb.ask_registers(journal.read(CASE), clock.now())
    assert [task.kind for task in tasks(journal.load(CASE))] == ["insolvency"]
    journal.change(CASE, lambda case: decisions.settle_insolvency(case, "mistaken", note=None, by=STAFF, at=clock.now()))
    assert kinds()[-1] == "LetterWithdrawn first_letter"  # its dates are no longer true


def test_a_consumer_has_no_number_to_ask_about(registers: Registers) -> None:
    stands(*opening(regime="b2c"), debtor=replace(DEBTOR, siren="", kind="consumer"))
    climb.visit(CASE)
    (event,) = happened(DebtorChecked)
    assert (event.identity, event.insolvency, event.address) == ("no_number", "no_number", "deliverable")
    assert registers.of("companies") == registers.of("notices") == []


def test_interest_stops_the_day_before_the_judgment(clock: Clock) -> None:
    from recovery.amounts import as_of, claim_of, statement

    stands_late(clock, INSOLVENT, *opening(LATE, invoice(due=date(2026, 6, 1))))
    climb.visit(CASE)
    case = journal.load(CASE)
    owed = statement(claim_of(case), as_of(case, LATE))
    assert max(line.last for line in owed.lines if line.kind == "interest" and line.last) == date(2026, 11, 2)


def test_a_corrected_number_is_looked_up_at_once_and_may_reveal_a_procedure(clock: Clock) -> None:
    stands_late(clock, replace(INSOLVENT, siren="732829320"))
    climb.visit(CASE)
    assert [task.kind for task in tasks(journal.load(CASE))] == ["research"]
    directory.keep_debtor("d1", INSOLVENT)
    clock.moves_to(LATE, "09:10")
    journal.change(CASE, lambda case: decisions.correct_debtor(case, ("siren",), by=STAFF, at=clock.now()))
    climb.visit(CASE)
    assert journal.load(CASE).status == "insolvent"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "Sans déclaration dans ce délai"),
        ({"declare_by": date(2026, 11, 20)}, "juge-commissaire"),
        ({"state": "plan"}, "selon le calendrier du plan"),
        ({"state": "written_off"}, "certificat d’irrécouvrabilité"),
    ],
)
def test_each_state_of_a_procedure_has_its_message(clock: Clock, outbox: Outbox, change: dict[str, Any], said: str) -> None:
    stands_late(clock, INSOLVENT)
    climb.visit(CASE)
    (found,) = happened(InsolvencyFound)
    case = journal.load(CASE)
    ((notice, _),) = announce.notices_of(case, replace(found, **change), "ab" * 32)
    words = render.email(notice.template, **notice.data)
    assert said in words.text
    assert ("déclarez votre créance" in words.subject) is (not change)
