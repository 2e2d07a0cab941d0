"""DynamoDB: who people are, apart from the journal. The part of the table that can be corrected and erased.

CREDITOR#<siren>      PROFILE      name, address, iban, pending_iban, contacts, verified, consultant
DEBTOR#<id>           PROFILE      name, address, e-mail, telephone of the debtor of one case
PERSON#<e-mail>       PROFILE      person (its id), name, the creditors this person speaks for
CONSULTANT#<id>       CASES        the set of open cases of one person of the agency: its size is the workload
TEXT#<case>           CODE         the debtor's code in clear, to print it on the next letter
TEXT#<case>           NOTE#<hash>  free words (a call, a dispute) and the salt of their hash
CODE#<fingerprint>    CODE         the code that was typed → its case
COUNTER#<name>        COUNTER      the last number given
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from adapters.aws import alive, client, get, key, put, put_after, seconds, table_name, unpack
from recovery import tokens
from recovery.parties import Party
from recovery.seal import note_hash

PARTY = ("name", "siren", "line1", "line2", "postcode", "city", "country", "email", "phone", "kind", "legal_form")


# ------------------------------------------------------------------------------------------------ creditors


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    person: str
    email: str
    name: str
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Creditor:
    party: Party
    iban: str
    next_iban: str = ""
    next_iban_on: date | None = None
    contacts: tuple[Contact, ...] = ()
    verified_by: str = ""  # who of the agency compared register, e-mail domain and IBAN holder
    verified_at: datetime | None = None
    consultant: str = ""
    version: int = 0

    person: str = ""  # of a private person, who has no SIREN

    @property
    def siren(self) -> str:
        """The key of this creditor everywhere: its SIREN, or the id of a private person."""
        return self.party.siren or self.person

    def knows(self, email: str) -> bool:
        """Verified once, and this person is one of its contacts: a new case needs no second look."""
        return bool(self.verified_by) and any(contact.email == email for contact in self.contacts)

    def iban_on(self, day: date) -> str:
        """Where the money goes that day: a change that was asked for waits for its date."""
        return self.next_iban if self.next_iban and self.next_iban_on and self.next_iban_on <= day else self.iban

    def with_iban(self, iban: str, *, today: date, on: date) -> "Creditor":
        """The account of today receives the money until `on`."""
        return replace(self, iban=self.iban_on(today), next_iban=iban, next_iban_on=on)


def creditor(siren: str) -> Creditor | None:
    stored = get(f"CREDITOR#{siren}", "PROFILE")
    if stored is None:
        return None
    pending = stored.get("pending_iban") or {}
    verified = stored.get("verified") or {}
    return Creditor(
        party=party_of(stored),
        iban=stored["iban"],
        next_iban=pending.get("iban", ""),
        next_iban_on=date.fromisoformat(pending["on"]) if pending else None,
        contacts=tuple(Contact(**contact) for contact in stored.get("contacts", [])),
        verified_by=verified.get("by", ""),
        verified_at=datetime.fromisoformat(verified["at"]) if verified else None,
        consultant=stored.get("consultant", ""),
        version=stored["version"],
        person="" if stored.get("siren") else siren,
    )


def keep_creditor(creditor: Creditor) -> Creditor:
    """Raises `Moved` when it was written since it was read: a change of account must not be lost to a new contact."""
    pending = creditor.next_iban and creditor.next_iban_on and {"iban": creditor.next_iban, "on": creditor.next_iban_on.isoformat()}
    verified = creditor.verified_by and creditor.verified_at and {"by": creditor.verified_by, "at": creditor.verified_at.isoformat()}
    put_after(
        creditor.version,
        f"CREDITOR#{creditor.siren}",
        "PROFILE",
        of_party(creditor.party)
        | {
            "iban": creditor.iban,
            "pending_iban": pending or None,
            "contacts": [asdict(contact) for contact in creditor.contacts],
            "verified": verified or None,
            "consultant": creditor.consultant or None,
        },
    )
    return replace(creditor, version=creditor.version + 1)


# ------------------------------------------------------------------------------------------------ debtors


def debtor(id: str) -> Party | None:
    stored = get(f"DEBTOR#{id}", "PROFILE")
    return party_of(stored) if stored else None


def keep_debtor(id: str, party: Party) -> None:
    put(f"DEBTOR#{id}", "PROFILE", of_party(party))


def party_of(stored: Mapping[str, Any]) -> Party:
    return Party(**{name: stored[name] for name in PARTY if name in stored})


def of_party(party: Party) -> dict[str, Any]:
    return {name: getattr(party, name) for name in PARTY}


# ------------------------------------------------------------------------------------------------ people


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: str
    email: str
    name: str = ""
    creditors: tuple[str, ...] = ()


def person(email: str) -> Person | None:
    stored = get(f"PERSON#{email}", "PROFILE")
    if stored is None:
        return None
    return Person(id=stored["person"], email=email, name=stored.get("name", ""), creditors=tuple(stored.get("creditors", ())))


def keep_person(person: Person) -> None:
    put(f"PERSON#{person.email}", "PROFILE", {"person": person.id, "name": person.name, "creditors": list(person.creditors)})


# ------------------------------------------------------------------------------------------------ the agency's workload


def takes(consultant: str, case: str) -> None:
    of_workload(consultant, "ADD", case)


def lets_go(consultant: str, case: str) -> None:
    """The case is closed. Saying so twice is harmless."""
    of_workload(consultant, "DELETE", case)


def of_workload(consultant: str, verb: str, case: str) -> None:
    client("dynamodb").update_item(
        TableName=table_name(),
        Key=key(f"CONSULTANT#{consultant}", "CASES"),
        UpdateExpression=f"{verb} cases :one",
        ExpressionAttributeValues={":one": {"SS": [case]}},
    )


def least_busy(consultants: Iterable[str]) -> str:
    """The one with the fewest open cases; the first named among equals."""

    def load(consultant: str) -> int:
        return len((get(f"CONSULTANT#{consultant}", "CASES") or {}).get("cases", ()))

    return min(consultants, key=load)


# ------------------------------------------------------------------------------------------------ codes and free words of a case


def new_code(case: str, random_bytes: bytes, expires: datetime) -> str:
    """The code printed on the letters of this case. 32 random bytes are plenty. A case that has one keeps it."""
    known = code_for(case)
    if known:
        return known
    code = tokens.code(random_bytes)
    put(f"CODE#{tokens.fingerprint(code)}", "CODE", {"case": case, "expires": seconds(expires)})
    put(f"TEXT#{case}", "CODE", {"code": code})
    return code


def code_for(case: str) -> str | None:
    stored = get(f"TEXT#{case}", "CODE")
    return stored["code"] if stored else None


def case_of_code(typed: str, now: datetime) -> str | None:
    stored = get(f"CODE#{tokens.fingerprint(tokens.typed_code(typed))}", "CODE")
    return stored["case"] if stored and alive(stored, now) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    hash: str
    salt: str
    text: str


def note(case: str, text: str) -> str:
    """Keeps free words beside the journal, and returns the salted hash that an event may hold."""
    salt = secrets.token_hex(16)
    hashed = note_hash(salt, text)
    put(f"TEXT#{case}", f"NOTE#{hashed}", {"salt": salt, "text": text})
    return hashed


def notes(case: str) -> dict[str, Note]:
    """The words that the events of this case refer to, by their hash."""
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=table_name(),
            KeyConditionExpression="pk = :pk AND begins_with(sk, :note)",
            ExpressionAttributeValues={":pk": {"S": f"TEXT#{case}"}, ":note": {"S": "NOTE#"}},
        )
    )
    found = [unpack(item) for page in pages for item in page["Items"]]
    return {(hashed := item["sk"].removeprefix("NOTE#")): Note(hash=hashed, salt=item["salt"], text=item["text"]) for item in found}


# ------------------------------------------------------------------------------------------------ numbers


def next_number(name: str) -> int:
    """1, 2, 3…: a number is given once; one that is not used leaves a gap, which harms nobody."""
    answer = client("dynamodb").update_item(
        TableName=table_name(),
        Key=key(f"COUNTER#{name}", "COUNTER"),
        UpdateExpression="ADD n :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    return int(unpack(answer["Attributes"])["n"])
