"""DynamoDB that survives kill -9: items and their stream records are written together, through to SQLite.

Without this: everything since the last clean shutdown is lost, and an event can be stored whose ring never comes.
"""

import json
from typing import Any

from ministack.services import dynamodb, lambda_svc

from infra.local.patch import lean_on, replace
from infra.local.store import sql, together

for _name in ("stream_start_position", "stream_end_position", "stream_records_since"):
    lean_on(dynamodb, _name)


def set_item(table: dict[str, Any], pk: Any, sk: Any, item: dict[str, Any]) -> Any:
    done = stock_set(table, pk, sk, item)
    sql("INSERT OR REPLACE INTO item VALUES (?,?,?,?)", table["TableArn"], str(pk), str(sk), json.dumps(item))
    return done


def remove_item(table: dict[str, Any], pk: Any, sk: Any) -> Any:
    done = stock_remove(table, pk, sk)
    sql("DELETE FROM item WHERE arn=? AND pk=? AND sk=?", table["TableArn"], str(pk), str(sk))
    return done


def emit(table_name: str, *rest: Any, **named: Any) -> Any:
    """A stream record is as durable as the write it tells of. Stock keeps it in memory."""
    before = dynamodb.stream_end_position(table_name)
    done = stock_emit(table_name, *rest, **named)
    if dynamodb.stream_end_position(table_name) > before:
        arn, record = dynamodb._tables[table_name]["TableArn"], dynamodb._stream_records[table_name][-1]
        sql("INSERT OR REPLACE INTO record VALUES (?,?,?)", arn, before, json.dumps(record))
    return done


def create_table(data: dict[str, Any]) -> Any:
    """A table that was deleted may come back under its name: empty."""
    answer = stock_create(data)
    if answer[0] == 200:
        arn = dynamodb._tables[data["TableName"]]["TableArn"]
        sql("DELETE FROM item WHERE arn=?", arn)
        sql("DELETE FROM record WHERE arn=?", arn)
    return answer


stock_set = replace(dynamodb, "_set_item", set_item)
stock_remove = replace(dynamodb, "_remove_item", remove_item)
stock_emit = replace(dynamodb, "_emit_stream_event", emit)
stock_create = replace(dynamodb, "_create_table", create_table)


def whole(name: str) -> None:
    """A request is one SQLite transaction: an item with its stream record, TransactWriteItems entirely or not at all."""

    def request(data: dict[str, Any]) -> Any:
        with together():
            return stock(data)

    stock = replace(dynamodb, name, request)


for _name in ("_put_item", "_update_item", "_delete_item", "_batch_write_item", "_transact_write_items"):
    whole(_name)


def get_state() -> dict[str, Any]:
    """The five-second snapshot without items: they are here already, and there may be many."""
    state: dict[str, Any] = stock_state()
    for table in state["tables"].all_values():
        table["items"] = {}
    return state


stock_state = replace(dynamodb, "get_state", get_state)


def poll() -> bool:
    """How far each listener has read. Saved after its function returned: a record may come twice, never not at all, as on AWS."""
    advanced: bool = stock_poll()
    if advanced:
        for (account, region, listener), n in list(lambda_svc._dynamodb_stream_positions.all_items()):
            sql("INSERT OR REPLACE INTO position VALUES (?,?,?,?)", account, region, listener, n)
    return advanced


stock_poll = replace(lambda_svc, "_poll_dynamodb_streams", poll)


def execute(function: dict[str, Any], event: Any) -> Any:
    """A listener that names the records it could not follow has failed: the batch comes again. Stock counts it as read."""
    answer = stock_execute(function, event)
    body = answer.get("body")
    if not answer.get("error") and isinstance(body, dict) and body.get("batchItemFailures"):
        failure = {"errorType": "BatchItemFailures", "errorMessage": f"{len(body['batchItemFailures'])} records were not followed"}
        return {**answer, "error": True, "body": failure}
    return answer


stock_execute = replace(lambda_svc, "_execute_function", execute)


def drained() -> bool:
    """Has every listener read its stream to the end?"""
    for account, region, listener in lambda_svc._iter_all_esms():
        _, _, service, *_, resource = listener.get("EventSourceArn", "").split(":", 5)
        if service != "dynamodb" or not listener.get("Enabled", True):
            continue
        end = dynamodb.stream_end_position(resource.split("/")[1], account_id=account, region=region)
        if end > lambda_svc._dynamodb_stream_positions.get_scoped(account, region, listener["UUID"], 0):
            return False
    return True


def load() -> None:
    """After the control plane came back from its snapshot."""
    tables = {table["TableArn"]: table for table in dynamodb._tables.all_values()}
    for table in tables.values():
        table["items"].clear()
        dynamodb._items_replaced(table)
    for arn, text in sql("SELECT arn, json FROM item"):
        if table := tables.get(arn):
            item = json.loads(text)
            sort = dynamodb._extract_key_val(item[table["sk_name"]]) if table["sk_name"] else "__no_sort__"
            stock_set(table, dynamodb._extract_key_val(item[table["pk_name"]]), sort, item)
    lambda_svc._dynamodb_stream_positions.clear()  # the snapshot's are older than ours: the listener would be deaf
    positions = sql("SELECT account, region, listener, n FROM position")
    for account, region, listener, n in positions:
        lambda_svc._dynamodb_stream_positions.set_scoped(account, region, listener, n)
    read_by_all = min((n for *_, n in positions), default=0)
    for arn in tables:
        sql("DELETE FROM record WHERE arn=? AND n < ?", arn, read_by_all - 1)  # one stays, to say how far the stream has come
        _, _, _, region, account, resource = arn.split(":")
        name = resource.split("/")[1]
        if rows := sql("SELECT n, json FROM record WHERE arn=? ORDER BY n", arn):
            dynamodb._stream_records.set_scoped(account, region, name, [json.loads(text) for _, text in rows])
            dynamodb._stream_trimmed.set_scoped(account, region, name, rows[0][0])
