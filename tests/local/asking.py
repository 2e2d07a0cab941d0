"""Plain HTTP, as anybody on this machine could send it."""

import urllib.error
import urllib.request

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def send(url: str, *, data: bytes | None = None, method: str | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(
        url, data=data, method=method, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    try:
        with DIRECT.open(request, timeout=20) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, {name.lower(): value for name, value in refused.headers.items()}, refused.read()
