"""The price on the mandate: the share that is read is the share that is reckoned beside it."""

import pytest
from playwright.sync_api import expect

from tests.browser import answers as a
from tests.browser.conftest import Open
from tests.browser.test_pages import DRAFT, PAPER


@pytest.mark.parametrize(
    ("rate", "read"), [("20", "20 %"), ("20.00", "20 %"), ("10.0", "10 %"), ("14", "14 %"), ("12.50", "12,50 %"), ("12.4", "12,4 %")]
)
def test_a_whole_share_keeps_its_zeros(opened: Open, rate: str, read: str) -> None:
    quote = a.READY["quote"] | {"fee": a.READY["quote"]["fee"] | {"rate": rate}}
    page = opened(f"/mandat#{a.DRAFT}", {DRAFT: a.READY | {"quote": quote}, PAPER: a.PAPER})
    expect(page.locator("[data-t='quote.fee.rate pct']")).to_have_text(read.replace(" ", "\u00a0"))
