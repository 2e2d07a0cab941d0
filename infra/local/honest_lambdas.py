"""Lambda that names its errors, answers in milliseconds, and says when it is at work.

Without this: every error is Runtime.HandlerError, so Retry and Catch on our own names never match; and each call waits
50 ms for log lines when the handler printed none.
"""

import sys
import threading
from typing import Any

from ministack.core import lambda_runtime as runtime
from ministack.services import lambda_svc

from infra.local import activity
from infra.local.patch import lean_on, replace

_stock_script: str = lean_on(runtime, "_PYTHON_WORKER_SCRIPT")
runtime._PYTHON_WORKER_SCRIPT = _stock_script.replace('"error": str(e), "trace"', '"error": str(e), "etype": type(e).__name__, "trace"')
assert _stock_script != runtime._PYTHON_WORKER_SCRIPT


class Last(threading.local):
    reply: dict[str, Any] | None = None


last = Last()


def invoke(self: Any, *rest: Any, **named: Any) -> Any:
    last.reply = stock_invoke(self, *rest, **named)
    return last.reply


stock_invoke = replace(runtime.Worker, "invoke", invoke)


def execute(*rest: Any, **named: Any) -> Any:
    last.reply = None
    with activity.busy():
        result = stock_execute(*rest, **named)
    if result.get("error"):
        reply: dict[str, Any] = last.reply or {}
        if reply.get("etype"):
            result["body"].update(errorType=reply["etype"], stackTrace=reply["trace"].splitlines())
        else:
            result["log"] = "\n".join(filter(None, [result.get("log"), result["body"].get("errorMessage")]))
    if log := result.get("log"):
        config = rest[0].get("config") or rest[0]
        sys.stderr.write("".join(f"[{config.get('FunctionName')}] {line}\n" for line in log.splitlines()))
    return result


stock_execute = replace(lambda_svc, "_execute_function_warm", execute)

_drain = lean_on(runtime.Worker, "_drain_stderr_bounded")
assert len(_drain.__defaults__) == 3
_drain.__defaults__ = (0.003, 0.003, 0.25)
