"""What a request may carry, and how typed words become dates and sums."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from recovery.invoices.written import amount, clean, day
from recovery.refusals import Invalid

Short = Annotated[str, StringConstraints(max_length=400)]
Long = Annotated[str, StringConstraints(max_length=4000)]


class Body(BaseModel):
    """Built at once: deferred (`defer_build`), FastAPI's own adapter warns when it is first used, and fifteen small models cost little."""

    model_config = ConfigDict(frozen=True)


def a_date(typed: str, field: str) -> date:
    found = day(typed)
    if found is None:
        raise Invalid("Saisissez une date, par exemple 03/12/2026.", field)
    return found


def a_date_or_none(typed: str | None, field: str) -> date | None:
    return a_date(typed, field) if typed else None


def a_sum(typed: str, field: str) -> Decimal:
    found = amount(typed)
    if found is None:
        raise Invalid("Saisissez un montant, par exemple 1 200,00.", field)
    return found


def words(typed: str) -> str:
    """Free words, on as many lines as they were typed, without what cannot be seen."""
    return "\n".join(clean(line, 2000) for line in typed.splitlines()).strip()
