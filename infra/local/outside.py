"""What leaves the house, and what wakes it: mail kept as .eml files, EventBridge schedules on our clock.

Without this: attachments are dropped and sent mail is forgotten; schedules follow the real clock, ten seconds late, and
a night missed while the engine was off is missed for good.
"""

import base64
import email.policy
import json
import threading
from datetime import UTC, datetime
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

from ministack.services import eventbridge, scheduler, ses_v2

from infra.local.moving_clock import clock
from infra.local.patch import lean_on, replace
from infra.local.settings import OUTBOX
from infra.local.store import sql

# Mail -------------------------------------------------------------------------------------------------------------


async def handle(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
    answer = await stock_handle(method, path, headers, body, query)
    if answer[0] == 200 and method == "POST" and path.endswith("/outbound-emails"):
        keep(json.loads(answer[2])["MessageId"].split("@")[0], json.loads(body))
    return answer


stock_handle = replace(ses_v2, "handle_request", handle)


def keep(name: str, request: dict[str, Any]) -> None:
    """One .eml a message, named so that the names sort by the hour of sending. The envelope, which may differ from the headers, rides beside."""
    moment = datetime.fromtimestamp(clock.now(), UTC).strftime("%Y%m%dT%H%M%S.%f")[:-3]
    raw = (request.get("Content") or {}).get("Raw", {}).get("Data")
    message = base64.b64decode(raw) if raw else written_out(request)
    draft = OUTBOX / f"{moment}-{name}.draft"
    draft.write_bytes(message)
    envelope = {
        "from": request.get("FromEmailAddress"),
        "to": request.get("Destination"),
        "configuration": request.get("ConfigurationSetName"),
    }
    draft.with_suffix(".json").write_text(json.dumps(envelope))
    draft.rename(draft.with_suffix(".eml"))


def written_out(request: dict[str, Any]) -> bytes:
    """A simple message (subject, text, HTML) as the MIME that SES would make of it."""
    simple, message = (request.get("Content") or {}).get("Simple", {}), EmailMessage()
    message["From"], message["To"] = (
        request.get("FromEmailAddress", ""),
        ", ".join((request.get("Destination") or {}).get("ToAddresses", [])),
    )
    message["Subject"] = simple.get("Subject", {}).get("Data", "")
    message.set_content(simple.get("Body", {}).get("Text", {}).get("Data", ""))
    if html := simple.get("Body", {}).get("Html", {}).get("Data"):
        message.add_alternative(html, subtype="html")
    return message.as_bytes(policy=email.policy.SMTP)


# Schedules --------------------------------------------------------------------------------------------------------

# Stock reads `time.time()` and sleeps between its rounds; it is given our clock, and our own rounds.
scheduler.time = SimpleNamespace(time=clock.now)
lean_on(scheduler, "_at_time_epoch")
lean_on(scheduler, "_to_epoch")
_round = threading.Lock()


def tick() -> None:
    """Fires every schedule that is due, and remembers it beyond a restart."""
    with _round:
        before = dict(scheduler._schedule_last_fired)
        stock_tick()
        for key, at in scheduler._schedule_last_fired.items():
            if before.get(key) != at:
                sql("INSERT OR REPLACE INTO fired VALUES (?,?,?,?)", *key, at)


stock_tick = replace(scheduler, "_tick_schedules", tick)


def rounds() -> None:
    while True:
        tick()
        with clock.cond:
            clock.wait(next_firing() or clock.now() + 3600)


replace(scheduler, "_ticker_loop", rounds)


def next_firing() -> float | None:
    """The hour of the next schedule."""
    hours = []
    for key, schedule in list(scheduler._schedules._data.items()):
        end = scheduler._to_epoch(schedule.get("EndDate"))
        if schedule.get("State") != "ENABLED" or (end is not None and end < clock.now()):
            continue
        text, fired = schedule.get("ScheduleExpression", ""), scheduler._schedule_last_fired.get(key)
        once, every = scheduler._at_time_epoch(text), eventbridge._parse_rate_seconds(text)
        if once is not None:
            hours += [once] if fired is None else []
        elif every is not None:
            hours.append((fired or schedule.get("CreationDate", clock.now())) + every)
        elif (fields := eventbridge._parse_cron_fields(text)) and fired is not None:
            following = eventbridge._cron_next_fire(fields, datetime.fromtimestamp(fired, UTC))
            hours += [following.timestamp()] if following else []
    return min(hours, default=None)


def load() -> None:
    for account, region, schedule, at in sql("SELECT account, region, schedule, at FROM fired"):
        scheduler._schedule_last_fired[(account, region, schedule)] = at
