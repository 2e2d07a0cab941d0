"""Paper letters: the print-and-post queue, or a postal provider (`PRINTER=maileva`, adapters/maileva.py).

A letter is a PDF under `post/` in the documents bucket, named by the case and the step. The key is its own idempotency: the same
letter put twice is one letter. Somebody prints the queue, posts it and records the date in the work list; on one machine the
captured printer records it at once (`PRINTER=captured`, set by the local stack alone).
"""

import os

from adapters import maileva
from adapters.aws import client
from recovery.postal import Envelope

s3 = client("s3")


def send(pdf: bytes, key: str, envelope: Envelope) -> str:
    """Hands the letter over under its key (`RG-26-00001/first_letter`) and returns the receipt. Raises what the provider refuses.

    What the provider does not carry goes to the queue, where a person posts it.
    """
    if os.environ.get("PRINTER") == "maileva" and maileva.carries(envelope):
        return maileva.send(pdf, key, envelope)
    name = f"post/{key.replace(':', '-')}.pdf"
    try:
        s3.put_object(Bucket=os.environ["DOCUMENTS"], Key=name, Body=pdf, ContentType="application/pdf", IfNoneMatch="*")
    except s3.exceptions.ClientError as refused:
        if refused.response["Error"]["Code"] not in ("PreconditionFailed", "ConditionalRequestConflict"):
            raise
    return name


def is_recorded_at_once() -> bool:
    """True where the printer is captured: nobody will come and mark the letter as posted."""
    return os.environ.get("PRINTER") == "captured"
