"""S3: documents that count, named by their sha256; and the uploads that may become one.

DOCUMENTS   documents/<sha256>      evidence, mandates, letters, e-mails: written once, media type as metadata
            exports/<case>/<name>   made on request, gone after a day
UPLOADS     uploads/<draft>/<n>     straight from the browser, under a policy that the store enforces
            pictures/<sha256>.png   the first page of an upload; .jpg and .png are also photos, as they came
"""

import os
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from adapters.aws import client

LARGEST_UPLOAD = 10 * 1024 * 1024
UPLOAD_SECONDS = 600


class NotThere(Exception):
    """No object of that name."""


def put(data: bytes, media_type: str, name: str) -> str:
    """The sha256 under which it is kept. The same bytes are kept once, and what is kept is never replaced."""
    digest = sha256(data).hexdigest()
    try:
        client("s3").put_object(
            Bucket=os.environ["DOCUMENTS"],
            Key=f"documents/{digest}",
            Body=data,
            ContentType=media_type,
            Metadata={"name": quote(name)},  # headers are ASCII
            IfNoneMatch="*",
        )
    except ClientError as error:
        # 409: another writer is putting those same bytes at this instant.
        if error.response["Error"]["Code"] not in ("PreconditionFailed", "ConditionalRequestConflict"):
            raise
    return digest


def get(digest: str) -> bytes:
    return read(os.environ["DOCUMENTS"], f"documents/{digest}")


def media_type(digest: str) -> str:
    return client("s3").head_object(Bucket=os.environ["DOCUMENTS"], Key=f"documents/{digest}")["ContentType"]


def link(digest: str, name: str, *, inline: bool = False, seconds: int = 300) -> str:
    """A signed address for a browser. The browser saves the file unless `inline`; either way under its own name."""
    return link_to(f"documents/{digest}", name, inline=inline, seconds=seconds)


def link_to(key: str, name: str, *, inline: bool = False, seconds: int = 300) -> str:
    return signed(os.environ["DOCUMENTS"], key, seconds, {"ResponseContentDisposition": disposition(name, inline=inline)})


def disposition(name: str, *, inline: bool = False) -> str:
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_. ") else "_" for letter in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


# ------------------------------------------------------------------------------------------------ uploads


def upload_form(key: str, media_type: str) -> dict[str, Any]:
    """The address and the fields of a form that the browser posts to the store: this key, this type, 1 byte to 10 MB, ten minutes."""
    form: dict[str, Any] = client("s3").generate_presigned_post(
        os.environ["UPLOADS"],
        key,
        Fields={"Content-Type": media_type},
        Conditions=[["eq", "$key", key], ["eq", "$Content-Type", media_type], ["content-length-range", 1, LARGEST_UPLOAD]],
        ExpiresIn=UPLOAD_SECONDS,
    )
    return form


def uploaded(key: str) -> bytes:
    """Raises `NotThere` when nothing was posted, or the upload was cut."""
    return read(os.environ["UPLOADS"], key)


def picture(key: str, seconds: int = 3600) -> str:
    """Said to be a picture whatever its bytes are: a browser shows it or shows nothing."""
    answers = {
        "ResponseContentType": "image/jpeg" if key.endswith(".jpg") else "image/png",
        "ResponseContentDisposition": disposition(f"page.{key.rpartition('.')[2]}", inline=True),
    }
    return signed(os.environ["UPLOADS"], key, seconds, answers)


def signed(bucket: str, key: str, seconds: int, answers: dict[str, str]) -> str:
    address: str = client("s3").generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key, **answers}, ExpiresIn=seconds)
    return address


def read(bucket: str, key: str) -> bytes:
    try:
        return client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
            raise NotThere(key) from error
        raise
