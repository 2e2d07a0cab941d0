"""One visit to one case: what now? A ladder of nine rungs, seven days apart."""

import math
import os
import time
from datetime import datetime, timedelta

import boto3
import journal

from adapters import clock

LADDER = [(f"rung-{n}", 7 * n) for n in range(1, 10)]
A_LONG_REST = 100 * 86400
s3 = boto3.client("s3")


def handler(event, _):
    case_id = event["case_id"]
    while True:
        case = journal.read(case_id)
        now = clock.now()
        move, due = next_move(case, now)
        if move == "over":
            closed = {"kind": "CaseClosed", "at": now.isoformat()}
            journal.change(case_id, lambda case, closed=closed: [] if done(case, "CaseClosed") else [closed])
            return {"over": True}
        if move == "rest":
            due = min(due, now + timedelta(seconds=A_LONG_REST))
            seconds = max(1, math.ceil((due - now).total_seconds()))
            return {"over": False, "version": len(case), "rest_seconds": seconds, "until": due.isoformat()}
        if not done(case, "StepDecided", move):
            try:
                journal.append(case_id, case, [{"kind": "StepDecided", "step": move, "at": now.isoformat()}])
            except journal.Conflict:
                continue  # a decision is good only for the case we saw
        time.sleep(case[0].get("slow_post", 0))
        receipt = post(case_id, move)
        taken = {"kind": "StepTaken", "step": move, "at": clock.now().isoformat(), "receipt": receipt}
        journal.change(case_id, lambda case, taken=taken: [] if done(case, "StepTaken", taken["step"]) else [taken])


def next_move(case, now):
    if done(case, "PaymentReceived") or done(case, "CaseClosed"):
        return "over", None
    opened = datetime.fromisoformat(case[0]["at"])
    for step, days in LADDER:
        if not done(case, "StepTaken", step):
            brought = [event["due"] for event in case if event["kind"] == "StepMoved" and event["step"] == step]
            due = datetime.fromisoformat(brought[-1]) if brought else opened + timedelta(days=days)
            return (step, due) if due <= now else ("rest", due)
    return "rest", now + timedelta(days=5 * 365)


def done(case, kind, step=None):
    return any(event["kind"] == kind and event.get("step") == step for event in case)


def post(case_id, step):
    """The post office: the same letter under the same key is one letter."""
    try:
        s3.put_object(Bucket=os.environ["BUCKET"], Key=f"post/{case_id}/{step}.pdf", Body=b"%PDF-1.7 ", IfNoneMatch="*")
    except s3.exceptions.ClientError as refused:
        if refused.response["Error"]["Code"] != "PreconditionFailed":
            raise
    return f"{case_id}/{step}"
