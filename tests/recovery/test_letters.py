from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from recovery import letters
from recovery.agency import Account, Agency
from recovery.amounts import claim_of, statement
from recovery.case import fold
from recovery.events import CreditNoted, InterestWaived, LetterPresented, PaymentReturned
from recovery.law import LawUnknown, quote
from recovery.letters import MentionMissing, instalments, missing_mentions, require_blocks, shown_code
from recovery.parties import AddressTooLong
from tests.cases import at, climbed, invoice
from tests.writing import AGENCY, CREDITOR, DEBTOR, SITE, case_before, letter, many, message, paid

CLAIMING = ("first_letter", "second_letter", "formal_notice")


def test_the_first_letter_holds_every_mention() -> None:
    first = letter("first_letter")
    assert missing_mentions(first) == []
    assert first.total == statement(claim_of(case_before("first_letter")), first.on).balance
    assert first.blocks["reproduction_articles"]["text"] == [
        f"«\u00a0{quote('l111_8_2', first.on)}",
        f"{quote('l111_8_3', first.on)}\u00a0»",
    ]


@pytest.mark.parametrize(
    ("spoiled", "mention"),
    [
        ({"agency": replace(AGENCY, legal_name="")}, "la dénomination sociale"),
        ({"agency": replace(AGENCY, account=Account(holder="X"))}, "l’IBAN du compte affecté"),
        ({"agency": Agency()}, "le nom de l’agence"),
        ({"creditor": replace(CREDITOR, name="")}, "le nom du créancier"),
        ({"creditor": replace(CREDITOR, line1="", postcode="", city="")}, "l’adresse du créancier"),
        ({"reference": ""}, "la référence et la date de la lettre"),
    ],
)
def test_a_missing_mention_stops_the_letter_and_is_named(spoiled: dict[str, object], mention: str) -> None:
    with pytest.raises(MentionMissing, match="il manque") as refusal:
        letter("first_letter", **spoiled)
    assert any(said.startswith(mention) for said in refusal.value.mentions)


@pytest.mark.parametrize(
    ("block", "spoil", "mention"),
    [
        ("reproduction_articles", {"text": ["« Les frais de recouvrement restent à la charge du créancier. »"]}, "la reproduction"),
        ("reproduction_articles", {"before": []}, "l’activité"),
        ("bloc_paiement", {"sentence": "Par virement :"}, "l’indication d’avoir à payer"),
        ("bloc_paiement", {"transfer": {}}, "les modalités de paiement"),
        ("tableau_creances", {"sums": Decimal("1.00")}, "une somme à payer, détaillée"),
        ("tableau_creances", {"rows": []}, "le fondement"),
    ],
)
def test_each_mention_is_looked_for(block: str, spoil: dict[str, object], mention: str) -> None:
    first = letter("first_letter")
    changed = replace(first, blocks={**first.blocks, block: {**first.blocks[block], **spoil}})
    assert [said for said in missing_mentions(changed) if said.startswith(mention)]


def test_a_quoted_article_is_checked_to_the_byte() -> None:
    first = letter("first_letter")
    law = first.blocks["reproduction_articles"]
    typewriter = [text.replace("’", "'") for text in law["text"]]
    assert missing_mentions(replace(first, blocks={**first.blocks, "reproduction_articles": {**law, "text": typewriter}}))


def test_nothing_to_claim_is_no_letter() -> None:
    case = case_before("second_letter", more=(paid("9000.00"),))
    with pytest.raises(MentionMissing, match="une somme à payer"):
        letter("second_letter", case)


@pytest.mark.parametrize("step", ["second_letter", "formal_notice"])
def test_a_later_letter_recalls_the_first_and_waits_for_its_dispatch(step: str) -> None:
    assert letter(step).blocks["rappel"] == "Dossier n° RG-26-00001 — notre lettre du 2 septembre 2026 (réf. RG-26-00001-first_letter)."
    with pytest.raises(MentionMissing, match="première lettre"):
        letter(step, case_before("first_letter"))


@pytest.mark.parametrize("step", ["reminder", "first_letter:copy"])
def test_no_message_leaves_before_the_first_letter(step: str) -> None:
    with pytest.raises(MentionMissing, match="première lettre"):
        message(step, case_before("first_letter"))


@pytest.mark.parametrize("step", ["reminder", "first_letter:copy", "receipt:p1"])
def test_a_message_recalls_the_letter_names_the_creditor_and_hides_the_debt_in_its_subject(step: str) -> None:
    said = message(step, case_before("second_letter", more=(paid("100.00"),)), payment=paid("100.00") if "receipt" in step else None)
    assert "notre lettre du 2 septembre 2026 (réf. RG-26-00001-first_letter)" in said.data["recall"]
    assert said.data["creditor"] == "Atelier Berthelot SARL"


@pytest.mark.parametrize("invoices", [many(1), many(2), many(60)])
def test_the_lines_add_up_to_the_total(invoices: tuple[object, ...]) -> None:
    first = letter("first_letter", case_before("first_letter", invoices=invoices))
    assert first.blocks["tableau_creances"]["sums"] == first.total


def test_payments_are_lines_of_the_table_too() -> None:
    for invoices in (many(1), many(3)):
        case = case_before("second_letter", invoices=invoices, more=(paid("500.00"),))
        second = letter("second_letter", case)
        assert second.blocks["tableau_creances"]["sums"] == second.total == statement(claim_of(case), second.on).balance


def test_a_consumer_is_asked_for_the_principal_alone() -> None:
    first = letter("first_letter", case_before("first_letter", regime="b2c"))
    claims = first.blocks["tableau_creances"]
    assert [title for title, *_ in claims["rows"]] == ["Principal TTC"]
    assert "L441-10" not in str(first.blocks)
    assert "D441-5" not in str(first.blocks)


@pytest.mark.parametrize("step", CLAIMING)
def test_our_costs_are_shown_as_nothing(step: str) -> None:
    assert "Nos frais\u00a0: 0,00\u00a0€, à la charge du créancier." in letter(step).blocks["tableau_creances"]["note"]


def test_instalments_add_up_and_fall_a_month_apart() -> None:
    plan = instalments(Decimal("100.00"), date(2026, 12, 31))
    assert plan == ((date(2026, 12, 31), Decimal("33.33")), (date(2027, 1, 31), Decimal("33.33")), (date(2027, 2, 28), Decimal("33.34")))


def test_the_transfer_code_asks_for_the_balance_of_this_letter() -> None:
    notice = letter("formal_notice")
    transfer = notice.blocks["bloc_paiement"]["transfer"]
    assert (transfer["amount"], transfer["text"], transfer["name"]) == (str(notice.total), "RG-26-00001", AGENCY.account.holder)


def test_the_page_code_leads_to_the_debtors_page() -> None:
    page = letter("first_letter").page
    assert page
    assert (page["link"], page["code"]) == (f"{SITE}/lettre#KP7M2XQ94T", "KP7M-2XQ9-4T")


def test_a_code_is_read_in_groups() -> None:
    assert shown_code("kp7m 2xq9-4t") == "KP7M-2XQ9-4T"


def test_a_receipt_tells_what_is_left() -> None:
    case = case_before("second_letter", more=(paid("1000.00"),))
    receipt = letter("receipt:p1", case, payment=paid("1000.00"))
    assert receipt.fields["paiement"] == "1\u202f000,00\u00a0€"
    assert not receipt.fields["solde"]
    assert receipt.page is None


def test_a_receipt_for_the_whole_tells_of_the_waived_interest_and_of_what_was_paid_too_much() -> None:
    owed = statement(claim_of(case_before("second_letter")), date(2026, 9, 21)).balance
    waived = InterestWaived(at=at(date(2026, 9, 21)), by="machine", amount=Decimal("3.20"), reason="Somme exacte de la lettre")
    case = case_before("second_letter", more=(paid(str(owed - Decimal("3.20"))), waived))
    whole = letter("receipt:p1", case, payment=case.payments[0])
    assert (whole.fields["solde"], whole.fields["abandon"]) == (True, "3,20\u00a0€")
    over = case_before("second_letter", more=(paid(str(owed + 10)),))
    assert letter("receipt:p1", over, payment=over.payments[0]).fields["trop_percu"] == "10,00\u00a0€"


def test_a_payment_before_our_first_letter_has_its_receipt() -> None:
    case = case_before("first_letter", more=(paid("100.00"),))
    assert letter("receipt:p1", case, payment=paid("100.00")).blocks["rappel"] == "Dossier n° RG-26-00001."
    assert message("receipt:p1", case, payment=paid("100.00")).data["recall"] == "Dossier n° RG-26-00001."


def test_a_text_that_forgot_a_block_is_refused() -> None:
    with pytest.raises(MentionMissing, match="reproduction_articles"):
        require_blocks("first_letter", ["tableau_creances", "bloc_paiement", "donnees_personnelles", "signature"])
    require_blocks("receipt", ["rappel", "paiements", "signature"])


def test_an_address_no_window_shows_and_a_day_without_law_stop_it() -> None:
    with pytest.raises(AddressTooLong):
        letter("first_letter", debtor=replace(DEBTOR, name="mot " * 60))
    with pytest.raises(LawUnknown):
        letters._law(AGENCY, date(2010, 1, 1))


def test_with_several_invoices_every_line_of_the_statement_is_in_the_table() -> None:
    """A payment that came back, a credit note, a penalty clause: the rows still add up to the sum claimed."""
    on, by = date(2026, 11, 20), {"by": "staff:ines", "at": at(date(2026, 10, 19))}
    two = (invoice(penalty=Decimal("50.00")), invoice("F-102", date(2026, 7, 1), "300.00"))
    events = climbed("last_call", date(2026, 9, 1), *two)
    case = fold(
        [
            *events,
            paid("100.00", date(2026, 9, 22)),
            PaymentReturned(payment="p1", on=date(2026, 9, 25), **by),  # type: ignore[arg-type]
            CreditNoted(number="AV-1", invoice="F-102", amount=Decimal("20.00"), on=date(2026, 9, 25), **by),  # type: ignore[arg-type]
            LetterPresented(step="formal_notice", on=date(2026, 10, 20), **by),  # type: ignore[arg-type]
        ]
    )
    claims = letters._claims(case, statement(claim_of(case), on), on)
    assert claims["sums"] == statement(claim_of(case), on).balance
    assert "Clause pénale" in claims["head"]
    assert [row[0][0] for row in claims["rows"]] == ["F-101", "F-102", "Avoir AV-1", "Paiement reçu", "Paiement revenu impayé"]
