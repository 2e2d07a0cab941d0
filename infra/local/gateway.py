"""The two doors of the engine.

`Site`: one origin for the pages and the API, as CloudFront gives in production: files, /api/* to the HttpApi, and
/_local/ for what only exists on one machine. No proxy: a request to the API goes on in the same process, under the path
where the engine serves it.

`Guarded`: the AWS API. Any page of the web may send requests to 127.0.0.1, so a request that says it comes from another
origin is turned away, as is one that reached us under another name.
"""

import json
from collections.abc import Callable
from typing import Any

from ministack import app as engine
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from infra import headers
from infra.local import settings, visitors, windows

SITE_HOST, STORE_HOST = f"127.0.0.1:{settings.args.port}", f"127.0.0.1:{settings.args.aws_port}"
SECURITY = headers.security(settings.STORE_ORIGIN)


class Pages(StaticFiles):
    """build/site/ under pretty addresses: /deposer is deposer.html."""

    def __init__(self) -> None:
        super().__init__(directory=settings.SITE, html=True, check_dir=False)

    def lookup_path(self, path: str) -> tuple[str, Any]:
        found, about = super().lookup_path(path)
        if about is None and path not in ("", "."):
            return super().lookup_path(path + ".html")
        return found, about


class Site:
    def __init__(self, snapshot: Callable[[], None]) -> None:
        self.pages = Pages()
        self.local = Starlette(routes=windows.routes(snapshot))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path, host = scope["path"], Headers(scope=scope).get("host", "")
        if host == SITE_HOST.replace("127.0.0.1", "localhost"):
            query = scope["query_string"].decode("latin-1")
            target = settings.SITE_ORIGIN + path + (f"?{query}" if query else "")
            answer: Any = RedirectResponse(target, 307)  # cookies and uploads know one origin only
        elif host != SITE_HOST:
            answer = PlainTextResponse("Adresse inconnue.", 421)
        elif path.startswith("/api/"):
            return await self.api(scope, receive, dressed(send, path))
        elif path.startswith("/_local"):
            answer = self.local
        elif scope["method"] not in ("GET", "HEAD"):
            answer = PlainTextResponse("Méthode refusée.", 405)
        else:
            answer = await self.page(path, scope)
        await answer(scope, receive, dressed(send, path))

    async def page(self, path: str, scope: Scope) -> Response:
        try:
            return await self.pages.get_response(self.pages.get_path(scope), scope)
        except HTTPException as missing:
            if missing.status_code != 404:
                raise
            return PlainTextResponse("Page introuvable.", 404)

    async def api(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not settings.OUTPUTS.exists():
            return await PlainTextResponse("Le produit n’est pas encore déployé.", 503)(scope, receive, send)
        api = json.loads(settings.OUTPUTS.read_text())["ApiId"]
        path = f"/_aws/execute-api/{api}{scope['path']}"
        await engine.app({**scope, "path": path, "raw_path": path.encode()}, receive, send)


def dressed(send: Send, path: str) -> Send:
    """Adds the headers of production. The engine's own cross-origin permissions are left out: everything here has one origin."""

    async def dress(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = MutableHeaders(
                raw=[(name, value) for name, value in message["headers"] if not name.lower().startswith(b"access-control-")]
            )
            for name, value in SECURITY.items():
                given.setdefault(name, value)
            if not path.startswith("/api/"):
                given.setdefault("cache-control", headers.caching(path) if message["status"] < 400 else "no-cache")
            message = {**message, "headers": given.raw}
        await send(message)

    return dress


class Guarded:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            given = Headers(scope=scope)
            if (
                visitors.foreign(given)
                or given.get("host") != STORE_HOST
                or scope["path"].startswith(("/_ministack", "/_localstack", "/_aws/"))
            ):
                return await PlainTextResponse("Refused.", 403)(scope, receive, send)
        await self.app(scope, receive, send)
