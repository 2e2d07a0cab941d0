"""The pages of a deposited invoice beyond the first, drawn when somebody turns to them."""

from typing import Any

from fastapi import APIRouter

from adapters import archive, workshops
from doors.access import Allowed, not_too_often
from recovery.refusals import NotFound

router = APIRouter()
MOST_PAGES = 5  # of one invoice; values are read on the first pages and the last


@router.get("/api/drafts/{id}/invoices/{invoice}/pages/{page}")
async def picture(id: str, invoice: str, page: int, caller: Allowed) -> dict[str, Any]:
    deposited = next((each for each in caller.the_draft.invoices if each.id == invoice), None)
    if deposited is None or not 1 <= page <= min(deposited.file.get("pages") or 0, MOST_PAGES):
        raise NotFound
    not_too_often(f"pages {id}", caller.now, 60)
    drawn = workshops.page_picture(deposited.file["key"], page)
    return {"picture": archive.picture(drawn) if drawn else None}
