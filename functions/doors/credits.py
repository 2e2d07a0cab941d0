"""The creditor's credit note: its file first, then what it says. The staff may note one without a file."""

import secrets
from typing import Any

from fastapi import APIRouter

from adapters import archive, journal
from adapters.archive import LARGEST_UPLOAD, NotThere
from doors.access import Allowed, not_too_often
from doors.bodies import Body, Short, a_date, a_sum
from doors.desk import written
from recovery import payments
from recovery.invoices.opened import media_type
from recovery.invoices.written import clean
from recovery.refusals import Invalid

router = APIRouter()
TYPES = {"application/pdf": "pdf", "application/xml": "xml", "image/jpeg": "jpg", "image/png": "png"}


class File(Body):
    type: Short


@router.post("/api/cases/{id}/files", status_code=201)
async def file_of_a_case(id: str, body: File, caller: Allowed) -> dict[str, Any]:
    """Where the browser posts the file, in the folder of this case; `file` names it in what follows."""
    not_too_often(f"files of {id}", caller.now, 20)
    if body.type not in TYPES:
        raise Invalid("Choisissez un PDF ou une photo de l’avoir.", "file")
    file = secrets.token_hex(8)
    return {"file": file, "upload": archive.upload_form(f"uploads/{id}/{file}", body.type), "max": LARGEST_UPLOAD}


class Credit(Body):
    number: Short
    amount: Short
    on: Short
    mends: Short = ""  # "yes": nothing was ever owed on that sum; "no": given from that day on
    invoice: Short = ""
    file: Short = ""


@router.post("/api/cases/{id}/credit-notes", status_code=201)
async def credit_note(id: str, body: Credit, caller: Allowed) -> dict[str, Any]:
    amount, on = a_sum(body.amount, "amount"), a_date(body.on, "on")
    if body.mends not in ("yes", "no"):
        raise Invalid("Dites si l’avoir corrige une erreur de la facture, ou s’il est accordé à sa date.", "mends")
    if not body.file and caller.role == "creditor":
        raise Invalid("Joignez l’avoir : il prouve la nouvelle somme.", "file")
    document = kept(id, body.file) if body.file else None
    seen = journal.change(
        id,
        lambda case: payments.credit(
            case,
            clean(body.number, 40),
            body.invoice.strip() or None,
            amount,
            on,
            retroactive=body.mends == "yes",
            document=document,
            by=caller.by,
            at=caller.now,
        ),
    )
    return written(seen)


def kept(case: str, file: str) -> str:
    """The bytes under their sha256. Only this case's folder is looked into, and only what is a document is kept."""
    if not file.isalnum():
        raise Invalid("Ce fichier n’est plus là. Choisissez-le de nouveau.", "file")
    try:
        data = archive.uploaded(f"uploads/{case}/{file}")
    except NotThere as gone:
        raise Invalid("Ce fichier n’est plus là. Choisissez-le de nouveau.", "file") from gone
    kind = media_type(data)
    if kind not in TYPES:
        raise Invalid("Choisissez un PDF ou une photo de l’avoir.", "file")
    return archive.put(data, kind, f"avoir.{TYPES[kind]}")
