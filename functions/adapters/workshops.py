"""Lambda: the functions that work for the API and answer while it waits: they read invoices, open archives, make documents.

They are apart because reading a file from outside deserves few rights, and because laying out a page weighs 80 MB.
"""

import contextlib
import json
import os
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from adapters.aws import client
from recovery.invoices.opened import HEIC
from recovery.refusals import Refusal

READ_ALONE = ("application/pdf", "application/xml", "image/")


class WorkshopFailed(Exception):
    """The function ended with an error: a fault, its own log says which."""

    def __init__(self, function: str, error: str) -> None:
        super().__init__(f"{error} in {function}")
        self.error = error


class DocumentRefused(Refusal):
    """It cannot be made right: a sign the fonts lack, a mention missing. The sentence comes from whoever tried."""

    message = "Ce document ne peut pas être préparé."


class FileMissing(Exception):
    """There is nothing to read under that key: the upload never came, or was cut."""


def read_invoice(key: str, name: str, own: Mapping[str, str] | None = None) -> dict[str, Any]:
    """`own` is what we know of who deposits: the numbers that tell the seller from the buyer."""
    event = {"bucket": os.environ["UPLOADS"], "key": key, "name": name, "own": dict(own) if own else None}
    try:
        read = call(os.environ["READ_INVOICE"], event)
    except WorkshopFailed as failed:
        if failed.error == "NoSuchKey":
            raise FileMissing(key) from failed
        raise
    if os.environ["RECOGNISER"] != "none" and ((read["reading"]["outcome"] == "no_text" and read["picture"]) or read["media_type"] in HEIC):
        # Words on a picture are a help: without them the form is filled by hand beside it.
        with contextlib.suppress(WorkshopFailed):
            read |= call(os.environ["RECOGNISE"], event)
    return read


def wake(media_type: str) -> None:
    """A file of that type is on its way: whoever will read it is started meanwhile. A help: the reading does without."""
    functions = ["READ_INVOICE"] if media_type.startswith(READ_ALONE) else ["UNPACK"]
    if media_type.startswith("image/") and os.environ["RECOGNISER"] != "none":
        functions.append("RECOGNISE")
    for function in functions:
        with contextlib.suppress(BotoCoreError, ClientError):
            client("lambda").invoke(FunctionName=os.environ[function], InvocationType="Event", Payload=b'{"wake": true}')


def page_picture(key: str, page: int) -> str | None:
    """Where the picture of that page of an upload is, once drawn; nowhere if it cannot be."""
    with contextlib.suppress(WorkshopFailed):
        return call(os.environ["READ_INVOICE"], {"bucket": os.environ["UPLOADS"], "key": key, "page": page})["picture"]  # type: ignore[no-any-return]
    return None


def unpack(key: str, name: str) -> dict[str, Any]:
    """The members of an archive, the lines of a list (functions/unpack.py)."""
    try:
        return call(os.environ["UNPACK"], {"bucket": os.environ["UPLOADS"], "key": key, "name": name})
    except WorkshopFailed as failed:
        if failed.error == "NoSuchKey":
            raise FileMissing(key) from failed
        raise


def make(document: str, **details: Any) -> dict[str, Any]:
    """`document` is mandate, letter or export (functions/documents.py). Raises `DocumentRefused`."""
    made = call(os.environ["DOCUMENTS_FUNCTION"], {"make": document, **details})
    if "refused" in made:
        raise DocumentRefused(made["refused"])
    return made


def call(function: str, event: Mapping[str, Any]) -> dict[str, Any]:
    answer = client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
    said = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        raise WorkshopFailed(function, said.get("errorType", "error"))
    result: dict[str, Any] = said
    return result
