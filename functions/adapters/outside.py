"""What every service asked over HTTP has in common: it may be away, and its answer is read no further than a bound."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx


class Away(Exception):
    """It did not answer in time, or not in its own language, or does not know us."""


def body(response: "httpx.Response", largest: int) -> bytes:
    """The whole answer. Raises `Away` beyond `largest` bytes."""
    read = b""
    for piece in response.iter_bytes():
        read += piece
        if len(read) > largest:
            raise Away("too long an answer")
    return read
