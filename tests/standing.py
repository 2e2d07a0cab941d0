"""A case that stands in the fake AWS: its sides in the directory, its journal in the table, a clock one can move, an outbox."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from adapters import clock as real_clock
from adapters import directory, journal, mail
from recovery.events import AnyEvent
from recovery.parties import Party
from tests.cases import TUESDAY, at, opening

CASE = "RG-26-00001"
CREDITOR = Party(
    name="Atelier Berthelot", siren="123456782", line1="22 quai de la Fosse", postcode="44000", city="Nantes", legal_form="SARL"
)
DEBTOR = Party(
    name="Brasserie des Halles", siren="880878145", line1="8 place des Lices", postcode="35000", city="Rennes", email="compta@debiteur.example", phone="02 99 00 00 00"
)  # fmt: skip
CONTACT = "camille@berthelot.example"


OPENED_AT = at(TUESDAY, "08:31")


@dataclass
class Clock:
    at: datetime = OPENED_AT

    def now(self) -> datetime:
        return self.at

    def moves_to(self, on: date, clock: str = "09:00") -> None:
        self.at = at(on, clock)


@dataclass
class Outbox:
    messages: list[EmailMessage] = field(default_factory=list)
    down: int = 0  # how many sendings fail first

    def to(self, email: str) -> list[str]:
        return [str(message["Subject"]) for message in self.messages if message["To"] == email]


def moved_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(real_clock, "now", clock.now)
    return clock


def watched_outbox(monkeypatch: pytest.MonkeyPatch) -> Outbox:
    box, send = Outbox(), mail.send

    def sent(eml: bytes, to: str | None = None, *, case: str = "") -> str:
        if box.down:
            box.down -= 1
            raise ConnectionError("the mail server is away")
        message = message_from_bytes(eml, policy=policy.default)
        assert isinstance(message, EmailMessage)
        box.messages.append(message)
        return send(eml, to, case=case)

    monkeypatch.setattr(mail, "send", sent)
    return box


def stands(*events: AnyEvent, debtor: Party = DEBTOR, case: str = CASE, contacts: tuple[str, ...] = (CONTACT,)) -> journal.Journal:
    """Opens the case in the table, with its two sides known, then lets the other events happen."""
    told = list(events) or opening(case=case)
    if directory.creditor(CREDITOR.siren) is None:
        directory.keep_creditor(
            directory.Creditor(
                party=CREDITOR,
                iban="FR1420041010050500013M02606",
                contacts=tuple(
                    directory.Contact(person=f"p{n}", email=email, name="Camille Berthelot") for n, email in enumerate(contacts, 1)
                ),
                verified_by="staff:ines",
                verified_at=at(TUESDAY - timedelta(days=10)),
                consultant="ines",
            )
        )
    directory.keep_debtor("d1", debtor)
    directory.takes("ines", case)
    seen = journal.open_case(case, told[:4])
    for event in told[4:]:
        seen = journal.append(case, seen, [event])
    return seen
