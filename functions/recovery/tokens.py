"""The words of passage we hand out: what they look like, and whether one is ours.

    link      <id>.<expires>.<signature>    in an e-mail, after the # of an address; used once (the directory remembers that)
    draft     <id>.<signature>              kept by the page of whoever deposits an invoice
    code      K7QM-4XRT-9W                  typed from a letter; no 0 O 1 I L, which the eye confuses

A signature is an HMAC-SHA256 over the kind and what precedes it: a link to sign in is no link to confirm, and a made-up
one is refused before any table is read. The key and the chance are handed in.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal

from recovery.refusals import Gone, NotFound

LinkKind = Literal["confirm", "sign_in"]
LASTS: dict[LinkKind, timedelta] = {"confirm": timedelta(hours=48), "sign_in": timedelta(minutes=20)}
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 10


class LinkExpired(Gone):
    message = "Ce lien a expiré. Demandez-en un nouveau : il arrive tout de suite."


class LinkUsed(Gone):
    message = "Ce lien a déjà servi. Demandez-en un nouveau : il arrive tout de suite."


class NotOurs(NotFound):
    message = "Ce lien n’est pas complet. Ouvrez-le depuis l’e-mail, sans rien en retirer."


def link(kind: LinkKind, chance: bytes, expires: datetime, key: bytes) -> str:
    body = f"{text(chance)}.{int(expires.timestamp())}"
    return f"{body}.{signature(kind, body, key)}"


def opened_link(kind: LinkKind, token: str, key: bytes, now: datetime) -> str:
    """The id under which the directory keeps the link. Raises `NotOurs`, `LinkExpired`."""
    body, _, signed = token.rpartition(".")
    if not same(signed, signature(kind, body, key)):
        raise NotOurs
    identity, _, expires = body.partition(".")
    if datetime.fromtimestamp(int(expires), UTC) <= now:
        raise LinkExpired
    return identity


def draft(chance: bytes, key: bytes) -> str:
    return draft_of(text(chance), key)


def draft_of(identity: str, key: bytes) -> str:
    """The token of a draft we know already."""
    return f"{identity}.{signature('draft', identity, key)}"


def opened_draft(token: str, key: bytes) -> str:
    """The id of the draft this token opens. Raises `NotOurs`."""
    identity, _, signed = token.partition(".")
    if not identity or not same(signed, signature("draft", identity, key)):
        raise NotOurs
    return identity


def code(chance: bytes) -> str:
    """The first letters that chance draws without favouring any: bytes above the last full round are passed over."""
    fair = 256 - 256 % len(CODE_LETTERS)
    drawn = [CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in chance if byte < fair]
    if len(drawn) < CODE_LENGTH:
        raise ValueError("not enough chance for a code")
    return "".join(drawn[:CODE_LENGTH])


def typed_code(typed: str) -> str:
    """As it was printed: people add spaces and dashes, and type in lower case."""
    return "".join(letter for letter in typed.upper() if letter in CODE_LETTERS)


def printed_code(plain: str) -> str:
    """`K7QM-4XRT-9W`: groups the eye can hold."""
    return "-".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def fingerprint(secret: str) -> str:
    """What the table keeps of a secret: enough to recognise it, useless to whoever reads the table."""
    return sha256(secret.encode()).hexdigest()


def signature(kind: str, body: str, key: bytes) -> str:
    return text(hmac.digest(key, f"{kind}.{body}".encode(), "sha256")[:18])


def same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
