"""Step Functions whose executions survive kill -9, wait without a thread, and follow our clock.

An execution is a row: the state it is in, its input, its variables, and the token it waits behind. `run` plays states
until one must wait; that one raises `Park`, which leaves the row and frees the thread. A timer, a call back or a reboot
runs the row again. Stock fails every running execution at a restart, and ignores the limits of time.

Limits: branches of Parallel and Map start again from their beginning after a crash, and so do the counts of retries.
"""

import contextvars
import copy
import heapq
import json
import threading
import traceback
from collections import defaultdict
from typing import Any

from ministack.core import responses
from ministack.services import stepfunctions as sfn

from infra.local import activity
from infra.local.moving_clock import clock, epoch
from infra.local.patch import lean_on, replace
from infra.local.store import lock, sql

Json = dict[str, Any]

LIMITS = ("TimeoutSeconds", "HeartbeatSeconds")
Failure: Any = sfn._ExecutionError
PLAYERS = {kind: lean_on(sfn, f"_execute_{kind.lower()}") for kind in ("Pass", "Task", "Choice", "Wait", "Parallel", "Map")}


class Playing(threading.local):
    """The execution that this thread plays, and the state it is in."""

    execution: Json | None = None
    here: Json | None = None
    waits = False


playing = Playing()
one_at_a_time: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


class Park(BaseException):
    """Unwinds out of a state that must wait, until an hour or (None) for a call back alone."""

    def __init__(self, until: float | None) -> None:
        self.until = until


def save(execution: Json, **here: Any) -> None:
    with lock:
        execution["_here"].update(here)
        sql("INSERT OR REPLACE INTO execution VALUES (?,?)", execution["executionArn"], json.dumps(execution))


# Alarms -----------------------------------------------------------------------------------------------------------

_alarms: list[tuple[float, str]] = []
_set_for: dict[str, float] = {}  # execution → its latest alarm; an older one in the heap no longer counts


def wake_at(when: float, arn: str) -> None:
    with clock.cond:
        _set_for[arn] = when
        heapq.heappush(_alarms, (when, arn))
        clock.cond.notify_all()


def next_alarm() -> float | None:
    with clock.cond:
        while _alarms and _set_for.get(_alarms[0][1]) != _alarms[0][0]:
            heapq.heappop(_alarms)
        return _alarms[0][0] if _alarms else None


def ring_alarms() -> None:
    while True:
        with clock.cond:
            due = set()
            while (when := next_alarm()) is not None and when <= clock.now():
                arn = heapq.heappop(_alarms)[1]
                del _set_for[arn]
                due.add(arn)
                activity.begin()  # counted before the lock is left: nobody may see neither the alarm nor the run
            if not due:
                clock.wait(clock.now() + 3600 if when is None else when)
        for arn in due:
            soon(arn)
            activity.end()


def soon(arn: str) -> None:
    """In a thread of its own, under the account and region its ARN tells."""
    _, _, _, region, account, *_ = arn.split(":")

    def go() -> None:
        try:
            responses.set_request_account_id(account)
            responses.set_request_region(region)
            run(arn)
        finally:
            activity.end()

    activity.begin()
    threading.Thread(target=contextvars.Context().run, args=(go,), daemon=True).start()


# Playing ----------------------------------------------------------------------------------------------------------


def beginning(execution: Json) -> Json:
    """The definition an execution was born with, which it keeps when its machine is changed."""
    with lock:
        text = execution.setdefault("_definition", sfn._state_machines[execution["stateMachineArn"]]["definition"])
        definition: Json = json.loads(text)
        born = {"state": definition["StartAt"], "input": json.loads(execution["input"]), "vars": {}, "entered": None}
        execution.setdefault("_here", born)
    return definition


def run(arn: str) -> None:
    """From where it stands until it must wait, or is over."""
    with activity.busy(), one_at_a_time[arn]:
        execution: Json | None = sfn._executions.get(arn)
        if not execution or execution["status"] != "RUNNING":
            return
        definition = beginning(execution)
        here, machine, limit = execution["_here"], execution["stateMachineArn"], definition.get("TimeoutSeconds")
        context = {
            "QueryLanguage": definition.get("QueryLanguage", "JSONPath"),
            "variables": here["vars"],
            "Execution": {
                "Id": arn,
                "Input": json.loads(execution["input"]),
                "Name": execution["name"],
                "StartTime": execution["startDate"],
            },
            "StateMachine": {"Id": machine, "Name": machine.rsplit(":", 1)[1]},
        }
        playing.execution, playing.here = execution, here
        try:
            while here["state"] and execution["status"] == "RUNNING":
                if limit and clock.now() >= epoch(execution["startDate"]) + limit:
                    finish(execution, "TIMED_OUT", "ExecutionTimedOut", error="States.Timeout")
                    break
                play(execution, here, definition["States"][here["state"]], context)
            if execution["status"] == "RUNNING":
                output = json.dumps(here["input"])
                finish(execution, "SUCCEEDED", "ExecutionSucceeded", {"executionSucceededEventDetails": {"output": output}}, output=output)
        except Park as park:
            save(execution, vars=context["variables"])
            hours = [hour for hour in (park.until, epoch(execution["startDate"]) + limit if limit else None) if hour]
            if hours:
                wake_at(min(hours), arn)
            if "answer" in here:
                soon(arn)  # the call back came while we were parking
        except Failure as failure:
            fail(execution, failure.error, failure.cause)
        except Exception as fault:
            traceback.print_exc()
            fail(execution, "States.Runtime", str(fault))
        finally:
            playing.execution = playing.here = None


def play(execution: Json, here: Json, state: Json, context: Json) -> None:
    """One state, from its entry to its exit; what it left is saved at both ends."""
    name, kind = here["state"], state["Type"]
    if not here["entered"]:
        entered = {"stateEnteredEventDetails": {"name": name, "input": json.dumps(here["input"])}}
        sfn._add_event(execution, kind + "StateEntered", entered)
        save(execution, entered=clock.iso())
    context["State"] = {"Name": name, "EnteredTime": here["entered"], "RetryCount": 0}
    playing.waits = kind == "Wait"
    output, after = outcome(execution, here["input"], state, context)
    exited = {"stateExitedEventDetails": {"name": name, "output": json.dumps(output)}}
    sfn._add_event(execution, kind + "StateExited", exited)
    with lock:
        here.clear()
        save(execution, state=after, input=output, vars=context["variables"], entered=None)


def outcome(execution: Json, given: Any, state: Json, context: Json) -> tuple[Any, str | None]:
    """What the state answers, and which state comes next."""
    kind = state["Type"]
    if kind == "Fail":
        raise Failure(*sfn._fail_state_error(state, given, context))
    if kind == "Succeed":
        if context["QueryLanguage"] != "JSONata":
            return given, None
        return sfn._apply_jsonata_output(state, given, context, default=given), None
    player = PLAYERS[kind]
    if kind in ("Task", "Parallel", "Map"):
        output, after = player(with_limits(state, given, context), given, execution, context)
    else:
        output, after = player(state, given, context)
    return output, after


def with_limits(state: Json, given: Any, context: Json) -> Json:
    """Stock leaves a JSONata TimeoutSeconds as text. AWS evaluates it and wants a positive whole number."""
    state = dict(state)
    for field in LIMITS:
        if isinstance(state.get(field), str):
            state[field] = sfn._jsonata_state_field(state, field, "number", given, context)
        if field in state and not (state[field] == int(state[field]) and 0 < state[field] <= 99_999_999):
            raise Failure("States.Runtime", f"{field} is {state[field]}: expected a whole number from 1 to 99999999")
    return state


def finish(execution: Json, status: str, event: str, details: Json | None = None, **values: Any) -> None:
    execution.update(status=status, stopDate=clock.iso(), **values)
    sfn._add_event(execution, event, details)
    sfn._emit_execution_status_event(execution)
    save(execution)


def fail(execution: Json, error: str, cause: str) -> None:
    sfn._fail_execution(execution, error, cause)
    execution["output"] = None
    save(execution)


replace(sfn, "_run_execution", run)
replace(sfn, "now_iso", clock.iso)


# Waiting ----------------------------------------------------------------------------------------------------------


def sleep(seconds: float) -> None:
    """Wait.Seconds parks; the pause before a Retry keeps its thread."""
    if playing.here is not None and playing.waits:
        return sleep_until(clock.iso(epoch(playing.here["entered"]) + seconds))
    return clock.sleep(seconds)


def sleep_until(iso: Any) -> None:
    if not isinstance(iso, str) or sfn._parse_ts(iso) is None:
        raise Failure("States.Runtime", f"not a valid timestamp: {iso!r}")  # stock goes on at once
    if clock.now() < epoch(iso):
        if playing.here is not None:
            raise Park(epoch(iso))
        clock.sleep(epoch(iso) - clock.now())


replace(sfn, "_scaled_sleep", sleep)
replace(sfn, "_sleep_until", sleep_until)


# Task tokens ------------------------------------------------------------------------------------------------------


def call_and_wait(resource: str, given: Any, token: str, state: Json) -> Any:
    """.waitForTaskToken. Stock swallows a call that failed and then waits for ever; here the failure fails the task."""
    here, execution = playing.here, playing.execution
    if here is None or execution is None:
        return stock_callback(resource, given, token, state)  # a branch of Parallel or Map
    if not here.get("called"):
        # `given` holds this very token. After a crash before "called", the call is made again with a new one.
        sfn._task_tokens[token] = {"arn": execution["executionArn"]}
        save(execution, token=token, since=clock.now())
        try:
            sfn._invoke_resource(resource.replace(".waitForTaskToken", ""), given)
        except Failure:
            sfn._task_tokens.pop(token, None)
            with lock:
                here.pop("token", None)
                here.pop("answer", None)
            raise
        save(execution, called=True)
    with lock:
        answer = here.pop("answer", None)
        if answer is None:
            sfn._task_tokens.setdefault(here["token"], {"arn": execution["executionArn"]})
    hours = [here["since"] + state[field] for field in LIMITS if field in state]
    if answer is None and hours and clock.now() >= min(hours):
        answer = {"error": ["States.Timeout", "no call back in time"]}
    if answer is None:
        raise Park(min(hours) if hours else None)
    with lock:
        sfn._task_tokens.pop(here["token"], None)
        for key in ("token", "called", "since"):
            here.pop(key)
    if "error" in answer:
        raise Failure(*answer["error"])
    return json.loads(answer["output"])


stock_callback = replace(sfn, "_invoke_with_callback", call_and_wait)


def call_back(kind: str) -> None:
    """SendTaskSuccess and its kin. The answer is on disk before the caller hears that it was taken."""

    def send(data: Json) -> Any:
        with lock:
            waiting = sfn._task_tokens.get(data.get("taskToken"))
            if waiting and "arn" not in waiting:
                return stock(data)
            execution = waiting and sfn._executions[waiting["arn"]]
            if not execution or execution["status"] != "RUNNING":  # stock says TaskDoesNotExist; AWS says this of a task that is over
                return refused("TaskTimedOut", "The task token has expired or its task is closed")
            if kind == "heartbeat":
                save(execution, since=clock.now())
                return responses.json_response({})
            if kind == "success":
                try:
                    json.loads(data.get("output", ""))
                except ValueError:
                    return refused("InvalidOutput", "Invalid Output: not JSON")
                save(execution, answer={"output": data["output"]})
            else:
                save(execution, answer={"error": [data.get("error") or "", data.get("cause") or ""]})
            sfn._task_tokens.pop(data["taskToken"])
        soon(waiting["arn"])
        return responses.json_response({})

    stock = replace(sfn, f"_send_task_{kind}", send)


def refused(code: str, message: str) -> Any:
    return responses.error_response_json(code, message, 400)


for _kind in ("success", "failure", "heartbeat"):
    call_back(_kind)


def add_event(execution: Json, kind: str, details: Json | None = None) -> Any:
    """A task that is run again after a reboot was scheduled once."""
    if kind == "TaskScheduled" and (playing.here or {}).get("called"):
        return None
    return stock_add_event(execution, kind, details)


stock_add_event = replace(sfn, "_add_event", add_event)


# Starting, stopping, coming back ----------------------------------------------------------------------------------


def start(data: Json) -> Any:
    """Same name and same input while it runs: the same execution, as on AWS. Stock refuses."""
    name = f"{data.get('stateMachineArn', '').replace(':stateMachine:', ':execution:')}:{data.get('name')}"
    running = sfn._executions.get(name)
    if running and running["status"] == "RUNNING" and running["input"] == data.get("input", "{}"):
        return responses.json_response({"executionArn": running["executionArn"], "startDate": running["startDate"]})
    answer = stock_start(data)  # its thread runs our `run`
    if answer[0] == 200:
        execution = sfn._executions[json.loads(answer[2])["executionArn"]]
        beginning(execution)
        save(execution)
    return answer


stock_start = replace(sfn, "_start_execution", start)


def stop(data: Json) -> Any:
    answer = stock_stop(data)
    if execution := sfn._executions.get(data.get("executionArn")):
        save(execution)
    return answer


stock_stop = replace(sfn, "_stop_execution", stop)

KEPT = ("state_machines", "tags", "activities", "state_machine_versions", "state_machine_aliases", "map_runs")


def get_state() -> Json:
    """The snapshot without executions: they are rows."""
    return {name: copy.deepcopy(getattr(sfn, "_" + name)) for name in KEPT}


replace(sfn, "get_state", get_state)


def load() -> None:
    """Every execution that ran goes on from its row."""
    for arn, text in sql("SELECT arn, json FROM execution"):
        execution = json.loads(text)
        _, _, _, region, account, *_ = arn.split(":")
        sfn._executions.set_scoped(account, region, arn, execution)
        if execution["status"] == "RUNNING":
            here = execution["_here"]
            if here.get("called") and "answer" not in here:
                sfn._task_tokens.set_scoped(account, region, here["token"], {"arn": arn})
            soon(arn)
    threading.Thread(target=ring_alarms, daemon=True).start()
