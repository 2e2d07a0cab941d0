"""What a page can ask of the test stack: cases, signed uploads and downloads, a cookie."""

import os
from datetime import datetime
from typing import Annotated

import boto3
import journal
from fastapi import Cookie, FastAPI, Request, Response
from mangum import Mangum
from pydantic import BaseModel

from adapters import clock

app = FastAPI()
handler = Mangum(app, lifespan="off")
s3 = boto3.client("s3")
MEGABYTE = 1_048_576


class Opening(BaseModel):
    slow_post: float = 0


class Happening(BaseModel):
    kind: str
    step: str | None = None
    due: datetime | None = None


@app.get("/api/time")
async def time():
    return {"now": clock.now()}


@app.get("/api/cases/{case_id}")
async def case(case_id: str):
    return journal.read(case_id)


@app.post("/api/cases/{case_id}", status_code=201)
async def open_case(case_id: str, opening: Opening):
    opened = {"kind": "CaseOpened", "at": clock.now().isoformat(), "slow_post": opening.slow_post}
    return journal.change(case_id, lambda case: [] if case else [opened])


@app.post("/api/cases/{case_id}/events", status_code=201)
async def happens(case_id: str, event: Happening):
    written = event.model_dump(mode="json", exclude_none=True) | {"at": clock.now().isoformat()}
    return journal.change(case_id, lambda case: [written])


@app.post("/api/uploads/{name}")
async def upload(name: str):
    return s3.generate_presigned_post(
        os.environ["BUCKET"],
        f"uploads/{name}",
        Fields={"Content-Type": "application/pdf"},
        Conditions=[{"Content-Type": "application/pdf"}, ["content-length-range", 1, 10 * MEGABYTE]],
        ExpiresIn=300,
    )


@app.get("/api/downloads/{name}")
async def download(name: str):
    where = {"Bucket": os.environ["BUCKET"], "Key": f"uploads/{name}"}
    return {"url": s3.generate_presigned_url("get_object", Params=where, ExpiresIn=60)}


@app.get("/api/cookies")
async def cookies(request: Request, response: Response, session: Annotated[str | None, Cookie()] = None):
    response.set_cookie("session", "s3cret", httponly=True)
    response.set_cookie("theme", "clair")
    return {"session": session, "client": request.client.host if request.client else None}
