"""Sums that add up or do not, and what is told when the page and the data differ."""

from decimal import Decimal as D

import pytest

from recovery.invoices.arithmetic import disagreements, sums
from recovery.invoices.details import Line, Tax
from recovery.invoices.reading import Evidence, Found, Value

SOUND: dict[str, Value] = {
    "currency": "EUR",
    "lines": (Line(net=D("60.00")), Line(net=D("50.00")), Line(net=D("110.00"), status="GROUP"), Line(net=D("1.00"), parent="1")),
    "total_lines": D("110.00"),
    "total_allowances": D("15.00"),
    "total_charges": D("5.00"),
    "total_net": D("100.00"),
    "tax_breakdown": (Tax(rate=D("20"), base=D("90.00"), amount=D("18.00")), Tax(rate=D("5.5"), base=D("10.00"), amount=D("0.55"))),
    "total_tax": D("18.55"),
    "total_gross": D("118.55"),
    "prepaid": D("20.00"),
    "rounding": D("0.45"),
    "amount_due": D("99.00"),
}


def found(source: str = "xml", **changes: Value) -> dict[str, Found]:
    proof = Evidence("page", 0.9, 1, (0.1, 0.2, 0.3, 0.4)) if source == "page" else Evidence("xml", 0.99)
    return {name: Found(value, proof) for name, value in (SOUND | changes).items()}


def test_sums_that_add_up_are_not_spoken_of() -> None:
    assert list(sums(found())) == []


@pytest.mark.parametrize(
    ("changes", "field", "figures"),
    [
        ({"total_gross": D("128.55"), "amount_due": D("109.00")}, "total_gross", ()),  # BR-CO-15
        ({"rounding": D("0.00")}, "amount_due", ()),  # BR-CO-16
        ({"amount_due": D("500.00")}, "amount_due", ()),
        ({"lines": (Line(net=D("60.00")),)}, "total_lines", ("60,00", "110,00")),  # BR-CO-10
        ({"total_allowances": D("0.00")}, "total_net", ("115,00", "100,00")),  # BR-CO-13
        ({"tax_breakdown": (Tax(amount=D("18.00")),)}, "total_tax", ("18,00", "18,55")),  # BR-CO-14
        (
            {"tax_breakdown": (Tax(rate=D("20"), base=D("90.00"), amount=D("18.55")),)},
            "total_tax",
            ("20\u00a0%", "18,55", "18,00"),
        ),  # BR-CO-17
    ],
)
def test_a_sum_that_does_not_hold_is_told_with_its_figures(changes: dict[str, Value], field: str, figures: tuple[str, ...]) -> None:
    (remark,) = sums(found(**changes))
    assert (remark.field, remark.code) == (field, "sums")
    assert all(figure in remark.message for figure in figures)


def test_a_sum_that_is_not_told_is_not_judged() -> None:
    told = found()
    for name in list(told):
        assert list(
            sums({kept: value for kept, value in told.items() if kept != name and not name.startswith("total_allow")})
        ) == [] or name in (
            "total_allowances",
            "total_charges",
            "rounding",
        )


def test_the_page_and_the_data_that_differ_are_both_told_with_the_place() -> None:
    (remark,) = disagreements(found(invoice_number="F-101"), found("page", invoice_number="F-102"))
    assert (remark.field, remark.code, remark.page, remark.box) == ("invoice_number", "differs", 1, (0.1, 0.2, 0.3, 0.4))
    assert "« F-102 » sur la page, « F-101 » dans les données" in remark.message
    (remark,) = disagreements(found(), found("page", total_gross=D("1248.55")))
    assert "1\u00a0248,55\u00a0€" in remark.message
    assert "118,55\u00a0€" in remark.message


def test_a_page_read_without_certainty_contradicts_nothing() -> None:
    doubtful = {"invoice_number": Found("F-102", Evidence("page", 0.7))}
    assert list(disagreements(found(invoice_number="F-101"), doubtful)) == []


def test_sums_in_another_currency_are_told_in_it() -> None:
    (remark,) = sums(found(currency="GBP", lines=(Line(net=D("60.00")),)))
    assert "60,00 GBP" in remark.message
