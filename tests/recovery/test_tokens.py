"""Links, drafts and codes: only ours open, and only for what they are."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from recovery import tokens

KEY, OTHER = b"k" * 32, b"o" * 32
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=20)
CHANCE = bytes(range(16))


def test_a_link_opens_until_its_hour() -> None:
    token = tokens.link("sign_in", CHANCE, LATER, KEY)
    assert tokens.opened_link("sign_in", token, KEY, NOW) == token.partition(".")[0]
    assert tokens.opened_link("sign_in", token, KEY, LATER - timedelta(seconds=1))
    with pytest.raises(tokens.LinkExpired):
        tokens.opened_link("sign_in", token, KEY, LATER)


def test_a_link_is_good_for_one_kind_and_one_key() -> None:
    token = tokens.link("sign_in", CHANCE, LATER, KEY)
    for kind, key in (("confirm", KEY), ("sign_in", OTHER)):
        with pytest.raises(tokens.NotOurs):
            tokens.opened_link(kind, token, key, NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "é.ü.ñ", "\x00", "x" * 10_000])
def test_what_is_not_a_token_is_not_ours(token: str) -> None:
    with pytest.raises(tokens.NotOurs):
        tokens.opened_link("confirm", token, KEY, NOW)
    with pytest.raises(tokens.NotOurs):
        tokens.opened_draft(token, KEY)


def test_one_changed_letter_is_enough() -> None:
    token = tokens.link("confirm", CHANCE, LATER, KEY)
    for position, letter in enumerate(token):
        changed = token[:position] + ("A" if letter != "A" else "B") + token[position + 1 :]
        with pytest.raises(tokens.NotOurs):
            tokens.opened_link("confirm", changed, KEY, NOW)


def test_a_draft_is_opened_by_its_own_token() -> None:
    token = tokens.draft(CHANCE, KEY)
    assert tokens.opened_draft(token, KEY) == token.partition(".")[0]
    with pytest.raises(tokens.NotOurs):
        tokens.opened_draft(token, OTHER)


def test_a_link_is_no_draft() -> None:
    identity, _, signature = tokens.link("confirm", CHANCE, LATER, KEY).split(".")
    with pytest.raises(tokens.NotOurs):
        tokens.opened_draft(f"{identity}.{signature}", KEY)


def test_a_code_has_no_letter_the_eye_confuses_and_favours_none() -> None:
    assert not set("0O1IL") & set(tokens.CODE_LETTERS)
    drawn = Counter(letter for first in range(248) for letter in tokens.code(bytes([first]) * 16))
    assert len(set(drawn.values())) == 1
    with pytest.raises(ValueError, match="chance"):
        tokens.code(b"\xff" * 64)


def test_a_code_is_read_however_it_is_typed() -> None:
    code = tokens.code(bytes(range(32)))
    printed = tokens.printed_code(code)
    assert len(printed) == 12
    assert tokens.typed_code(f" {printed.lower()} ") == code


def test_what_the_table_keeps_opens_nothing() -> None:
    token = tokens.draft(CHANCE, KEY)
    assert token not in tokens.fingerprint(token)
    assert len(tokens.fingerprint(token)) == 64
