"""From the drop to the filled form: what the person waits for, cold and warm, beside what the upload and the reading alone take."""

import json
import time

import httpx

from infra.local import people
from infra.local.running import Engine
from tests.product.conftest import INVOICES

INVOICE = INVOICES / "fx-fr-basic-valid.pdf"
TIMES = 5
MOST = 5  # times the floor: two requests of the API, its table and its guards


def drop(engine: Engine) -> float:
    began = time.monotonic()
    assert people.drop(engine, INVOICE).fields["number"]
    return time.monotonic() - began


def floor(engine: Engine) -> float:
    """The bytes to the store, and the reader asked directly."""
    form = people.Browser(engine).ask("POST", "/api/uploads", {"name": INVOICE.name, "size": INVOICE.stat().st_size})["upload"]
    reader, payload = engine.outputs()["ReadInvoiceFunction"], {"key": form["fields"]["key"], "name": INVOICE.name}
    asked = json.dumps(payload | {"bucket": engine.outputs()["UploadsBucket"]}).encode()
    began = time.monotonic()
    httpx.post(form["url"], data=form["fields"], files={"file": (INVOICE.name, INVOICE.read_bytes(), "application/pdf")}, trust_env=False)
    answer = engine.client("lambda").invoke(FunctionName=reader, Payload=asked)
    took = time.monotonic() - began
    assert json.loads(answer["Payload"].read())["reading"]["outcome"] == "read"
    return took


def test_a_drop_is_read_in_hardly_more_than_its_upload_and_its_reading(engine: Engine) -> None:
    for function in ("ReadInvoiceFunction", "ApiFunction"):  # configured anew, they start anew
        engine.client("lambda").update_function_configuration(FunctionName=engine.outputs()[function], Description="cold")
    cold, warm, least = drop(engine), [drop(engine) for _ in range(TIMES)], [floor(engine) for _ in range(TIMES)]
    print(f"drop to filled: {cold:.2f} s cold, {min(warm):.3f} s warm; upload and reading alone {min(least):.3f} s")
    assert min(warm) <= MOST * min(least)
