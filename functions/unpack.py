"""Opens one uploaded ZIP or list of invoices: few rights, a short leash, as for the files inside (read_invoice.py).

    event    {"bucket", "key", "name"}
    answer   {"members": [{"name", "key", "size"}], "closed": [{"name", "message"}], "lines": [...] or null, "refused": ""}
    event    {"wake": true}: a file is on its way, and finds us loaded
    answer   {}

Each member is left beside its archive, under `<key>-<n>`, to be read by an invocation of its own. The lines of a list say which file
they speak of, and what (recovery/listing.py).
"""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools import Logger

from adapters import aws
from adapters.bundle import MEMBER_BYTES, unpack
from recovery import listing

UNKNOWN_COLUMNS = (
    "Nous ne reconnaissons pas les colonnes de ce tableau. Nommez-les, par exemple : numéro de facture, client, reste dû, fichier."
)

logger = Logger(service="unpack")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    s3 = aws.client("s3")
    if "wake" in event:
        return {}
    bucket, key = event["bucket"], event["key"]
    data = s3.get_object(Bucket=bucket, Key=key)["Body"].read(MEMBER_BYTES + 1)
    if len(data) > MEMBER_BYTES:
        raise ValueError("larger than the upload form allows")
    found = unpack(event["name"], data)
    members = []
    for n, (name, content) in enumerate(found.members, 1):
        s3.put_object(Bucket=bucket, Key=f"{key}-{n}", Body=content)
        members.append({"name": name, "key": f"{key}-{n}", "size": len(content)})
    lines = listing.lines(found.rows) if found.rows is not None else None
    refused = found.refused or (UNKNOWN_COLUMNS if found.rows is not None and lines is None else "")
    # Counts and sizes: never what a file says or how it is called.
    logger.info("unpacked", size=len(data), members=len(members), closed=len(found.closed), lines=len(lines or ()), refused=bool(refused))
    return {
        "members": members,
        "closed": [{"name": name, "message": why} for name, why in found.closed],
        "lines": [asdict(line) for line in lines] if lines is not None else None,
        "refused": refused,
    }
