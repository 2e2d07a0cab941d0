"""What is owed, counted for whoever asks: the same JSON as `reglo owed`. Nothing is kept."""

import json
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request

from doors.access import Allowed, not_too_often
from recovery.asked import read
from recovery.days import today
from recovery.owed import answer
from recovery.refusals import Invalid

router = APIRouter()
LARGEST = 64 * 1024  # bytes
MOST = 200  # lines of each list
OFTEN = 300  # in a quarter of an hour: the example of a page asks at each change


class NotReadable(Invalid):
    message = "Cette demande n’est pas du JSON que nous comprenons."


class BodyTooLong(Invalid):
    message = f"Cette demande est trop longue : {LARGEST // 1024} ko au plus. La commande « reglo owed » n’a pas cette limite."


@router.post("/api/owed")
async def owed(request: Request, caller: Allowed) -> dict[str, Any]:
    """The body is read by hand: money must not pass through a float."""
    not_too_often(f"owed from {caller.address}", caller.now, OFTEN)
    body = await request.body()
    if len(body) > LARGEST:
        raise BodyTooLong
    try:
        told = json.loads(body, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as broken:
        raise NotReadable from broken
    return answer(read(told, today(caller.now), MOST))
