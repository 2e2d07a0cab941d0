"""Whom a request is about, for the policies, where stock says "*" and AWS says more.

A right scoped by ARN would otherwise never be enough: to ring one machine, to write from one domain.
"""

from email.utils import parseaddr
from typing import Any

from ministack.core import iam_actions
from ministack.services import stepfunctions as sfn

from infra.local.patch import replace


def resource_arn(service: str, method: str, path: str, headers: Any, body: Any, query: Any, region: str, account: str) -> Any:
    """SendTaskSuccess is about the machine of the token; a mail, about the identity it is sent from."""
    if service == "ses" and path.endswith("/outbound-emails"):
        sender = parseaddr(iam_actions._safe_json_field(body, "FromEmailAddress") or "")[1]
        return f"arn:aws:ses:{region}:{account}:identity/{sender.rpartition('@')[2]}"
    token = iam_actions._safe_json_field(body, "taskToken") if service == "states" else None
    if not token:
        return stock_resource_arn(service, method, path, headers, body, query, region, account)
    waiting = sfn._task_tokens.get(token) or {}
    machines = [sfn._executions[waiting["arn"]]["stateMachineArn"]] if "arn" in waiting else list(sfn._state_machines)
    return machines[0] if machines else "*"


stock_resource_arn = replace(iam_actions, "extract_resource_arn", resource_arn)
