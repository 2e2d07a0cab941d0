"""One function, four views: the command, the case, the debtor's page and the letters show the same lines, to the cent and to the word."""

from datetime import date
from decimal import Decimal

from doors import debtor, quotes, views
from recovery import french, lines
from recovery.amounts import claim_of, statement
from recovery.case import fold
from recovery.events import AgreedRate, AnyEvent, CreditNoted, InterestWaived, PaymentReceived, PaymentReturned
from recovery.letters import _claims
from recovery.owed import figures
from tests.cases import at, invoice, opening

ON = date(2026, 11, 24)
DAY = at(date(2026, 9, 20))
TWO = (
    invoice("F-101", date(2026, 3, 1), "2400.00", agreed=AgreedRate(kind="fixed", value=Decimal(12)), penalty=Decimal("100.00")),
    invoice("F-102", date(2026, 5, 1), "900.00", agreed=AgreedRate(kind="fixed", value=Decimal(12))),
)
MONEY: list[AnyEvent] = [
    PaymentReceived(at=DAY, by="staff:ines", payment="p1", on=date(2026, 9, 10), amount=Decimal("300.00")),
    PaymentReturned(at=DAY, by="staff:ines", payment="p1", on=date(2026, 9, 18)),
    PaymentReceived(at=DAY, by="staff:ines", payment="p2", on=date(2026, 9, 15), amount=Decimal("250.00"), invoice="F-102"),
    CreditNoted(at=DAY, by="staff:ines", number="A-1", on=date(2026, 9, 12), amount=Decimal("120.00"), invoice="F-101"),
    CreditNoted(at=DAY, by="staff:ines", number="A-2", on=date(2026, 9, 13), amount=Decimal("30.00"), invoice=None),
    InterestWaived(at=DAY, by="staff:ines", amount=Decimal("10.00"), reason="geste"),
]


def test_the_lines_of_a_rich_claim_are_the_same_everywhere() -> None:
    case = fold([*opening(date(2026, 9, 1), *TWO), *MONEY])
    owed = statement(claim_of(case), ON)
    assert {line.kind for line in owed.lines} >= {"principal", "credit", "interest", "indemnity", "payment", "returned", "waiver"}
    assert sum((line.amount for line in owed.lines), Decimal(0)) == owed.balance
    assert quotes.figures is views.figures is debtor.figures is figures, (
        "the deposit, the case and the debtor's page tell what the command tells"
    )
    command, page = figures(owed), views.figures(owed)
    assert page == command
    assert [(line["rule"], line["detail"], line["amount"]) for line in page["lines"]] == [
        (line.rule, line.detail, f"{line.amount:.2f}") for line in owed.lines
    ]
    letter = _claims(case, owed, ON)
    assert letter["sums"] == owed.balance, "a letter's table adds up to what it claims"
    told = repr(letter).replace("\\u202f", " ")
    assert next(row for row, _ in letter["rows"] if row[0] == "F-101")[3].replace("\u202f", " ") == "2 400,00", "as the invoice prints it"
    assert [row[0] for row, _ in letter["rows"] if row[0].startswith("Avoir A")] == ["Avoir A-1"]
    for line in owed.lines:
        if line.invoice is None:
            assert lines.title(line) in told
            assert french.number(abs(line.amount)) in told


def test_the_lines_of_one_invoice_are_written_on_its_letter_word_for_word() -> None:
    case = fold([*opening(date(2026, 9, 1), TWO[0]), *MONEY[:2], MONEY[3]])
    owed = statement(claim_of(case), ON)
    letter = _claims(case, owed, ON)
    assert letter["sums"] == owed.balance
    assert [row[0] for row in letter["rows"]] == [lines.title(line) for line in owed.lines]
    plain = [row[1].replace("\u202f", "\u00a0").replace("\u2060", "") for row in letter["rows"]]
    assert plain == [line.detail.replace("\u202f", "\u00a0") for line in owed.lines]
