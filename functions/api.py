"""What the pages can ask: the doors, and what every answer has in common.

A refusal becomes `application/problem+json` with the sentence shown and the field it concerns; its status is in one table below.
Anything else is a fault: it travels up to the log and the alarm, and the person reads a sentence with an incident code.
"""

# ruff: noqa: E402
import gc

gc.disable()  # the imports make a hundred thousand objects that live as long as the function

import time
import traceback
from collections.abc import Awaitable, Callable
from typing import Any, cast

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from mangum import Mangum
from starlette.exceptions import HTTPException

from adapters import agency
from adapters.aws import Moved, client
from adapters.journal import Stale
from doors import cases, companies, confirm, credits, debtor, desk, evidence, grouping, intake, owed, sessions, submissions
from doors.access import guard
from recovery.intake import FormRefused
from recovery.law import LawUnknown
from recovery.refusals import Refusal

logger = Logger(service="api")

# One row per refusal of the house, by name: the letters' refusals are known here without loading what lays them out.
STATUS = {
    "Invalid": 422,
    "FormRefused": 422,
    "KindUnsupported": 422,
    "CountryUnsupported": 422,
    "NotReadable": 400,
    "BodyTooLong": 413,
    "FileRefused": 422,
    "DocumentRefused": 422,
    "LetterRefused": 422,
    "PaymentTooLarge": 422,
    "PaymentInTheFuture": 422,
    "LicenceLacking": 422,
    "AddressTooLong": 422,
    "AddressIncomplete": 422,
    "MentionMissing": 409,
    "MandateIncomplete": 409,
    "NotSignedIn": 401,
    "NotAllowed": 403,
    "NotFound": 404,
    "NotOurs": 404,
    "CodeUnknown": 404,
    "Gone": 410,
    "LinkExpired": 410,
    "LinkUsed": 410,
    "TooMany": 429,
    "TooManyCodes": 429,
    "MandateChanged": 409,
    "Conflict": 409,
    "AlreadyClaimed": 409,
    "AlreadyAccepted": 409,
    "Settled": 409,
    "CaseAlreadyClosed": 409,
    "NothingToDo": 409,
    "Refusal": 400,
}
HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
# How far people come, which the gateway's own figures do not tell.
FUNNEL = {
    ("POST", "/api/uploads"): "Uploads",
    ("POST", "/api/drafts/{id}/mandate"): "Mandates",
    ("POST", "/api/confirmations"): "Confirmations",
}
WRITES = ("POST", "PUT", "DELETE", "PATCH")
Next = Callable[[Request], Awaitable[Response]]

app = FastAPI(dependencies=[Depends(guard)], openapi_url=None, docs_url=None, redoc_url=None)
for door in (intake, grouping, evidence, confirm, submissions, sessions, cases, desk, debtor, companies, owed, credits):
    app.include_router(door.router)


@app.middleware("http")
async def every_answer(request: Request, go_on: Next) -> Response:
    """Refuses what another site would make a browser send; measures; never logs an address, a name or a path with an id in it."""
    began = time.monotonic()
    refused = from_elsewhere(request) if request.method in WRITES else None
    try:
        response = refused or await go_on(request)
    except Exception as error:
        response = fault(request, error)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    route = getattr(request.scope.get("route"), "path", "")
    taken = round(1000 * (time.monotonic() - began))
    logger.info("request", extra={"method": request.method, "route": route, "status": response.status_code, "ms": taken})
    if response.status_code < 400 and (request.method, route) in FUNNEL:
        count(FUNNEL[request.method, route])
    return response


def count(name: str) -> None:
    with single_metric(name=name, unit=MetricUnit.Count, value=1, namespace="Reglo", default_dimensions={"service": "api"}):
        pass


def fault(request: Request, error: Exception) -> Response:
    """The log gets where it broke; not the message, which may repeat what somebody typed. The gateway's alarm counts the 500."""
    incident = str(getattr(request.scope.get("aws.context"), "aws_request_id", ""))[:8]
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    logger.error("fault", extra={"incident": incident, "error": type(error).__name__, "frames": frames[-12:]})
    sentence = f"Quelque chose n’a pas marché de notre côté. Réessayez ; sinon appelez-nous avec le code {incident}."
    return problem(500, sentence, "Fault")


def from_elsewhere(request: Request) -> Response | None:
    """A form of another site can post, but neither as JSON nor under our origin."""
    origin = request.headers.get("origin")
    if origin and origin != agency.profile().site:
        return problem(403, "Cette demande vient d’un autre site.", "Elsewhere")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return problem(415, "Cette demande n’est pas au bon format.", "NotJson")
    return None


@app.exception_handler(Refusal)
async def refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    errors = [{"field": wrong.field, "message": wrong.message} for wrong in refusal.errors] if isinstance(refusal, FormRefused) else None
    return problem(status_of(type(refusal)), refusal.message, type(refusal).__name__, field=refusal.field, errors=errors)


@app.exception_handler(RequestValidationError)
async def not_understood(_: Request, error: Exception) -> Response:
    """The shape of a request is our pages' affair: a person sees this only beside a field that should have been text."""
    assert isinstance(error, RequestValidationError)
    fields = [str(part) for each in error.errors() for part in each["loc"][-1:]]
    missing = {str(each["loc"][-1]) for each in error.errors() if each["type"] == "missing"}
    said = {field: "Cette information manque." if field in missing else "Cette information n’est pas valable." for field in fields}
    errors = [{"field": field, "message": sentence} for field, sentence in said.items()]
    return problem(422, "Il y a un problème dans le formulaire.", "Invalid", field=fields[0] if fields else None, errors=errors)


@app.exception_handler(HTTPException)
async def no_such_route(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = "Nous ne trouvons rien à cette adresse." if error.status_code in (404, 405) else "Cette demande n’a pas été comprise."
    return problem(error.status_code, sentence, "NotFound")


@app.exception_handler(Moved)
@app.exception_handler(Stale)
async def written_meanwhile(_: Request, __: Exception) -> Response:
    return problem(409, "Quelqu’un a écrit en même temps. Rechargez la page et recommencez.", "Conflict")


@app.exception_handler(LawUnknown)
async def no_rate_yet(_: Request, unknown: Exception) -> Response:
    """Better no figure than a wrong one; the nightly audit warned two weeks ago."""
    logger.error("law unknown", extra={"rule": str(unknown)})
    return problem(
        503, "Un taux légal de cette période n’est pas encore publié chez nous : le décompte revient dès qu’il l’est.", "LawUnknown"
    )


def problem(status: int, title: str, name: str, *, field: str | None = None, errors: list[dict[str, str]] | None = None) -> Response:
    content: dict[str, Any] = {"type": f"urn:reglo:{name}", "title": title, "status": status}
    content |= {key: value for key, value in (("field", field), ("errors", errors)) if value}
    return JSONResponse(content, status, HEADERS, media_type="application/problem+json")


def status_of(refusal: type[Refusal]) -> int:
    """Of its own row, or of the refusal it descends from."""
    return next(STATUS[kind.__name__] for kind in refusal.__mro__ if kind.__name__ in STATUS)


# What is not named here would travel as base64.
through = Mangum(app, lifespan="off", text_mime_types=["text/", "application/json", "application/problem+json"])


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    logger.append_keys(request=getattr(context, "aws_request_id", ""))
    return through(event, cast(Any, context))


for service in ("dynamodb", "s3", "ssm", "lambda", "sesv2"):
    client(service)  # made while the function starts: a request would pay for it more
gc.freeze()
gc.enable()
