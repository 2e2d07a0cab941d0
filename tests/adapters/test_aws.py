"""Items in plain Python, and one client per service."""

from decimal import Decimal

import pytest

from adapters import agency, aws, workshops
from recovery.agency import missing


def test_an_item_comes_back_as_it_was() -> None:
    item = {"n": 3, "sum": Decimal("2.50"), "text": "é", "on": True, "list": [1, "a"], "map": {"n": 4}, "set": {"a", "b"}}
    assert aws.unpack(aws.pack(item)) == item
    assert isinstance(aws.unpack(aws.pack(item))["n"], int)


def test_what_is_none_is_not_written() -> None:
    assert aws.pack({"desk": None, "pk": "x"}) == {"pk": {"S": "x"}}


def test_a_client_is_made_once() -> None:
    assert aws.client("dynamodb") is aws.client("dynamodb")


@pytest.mark.usefixtures("aws")
def test_the_profile_of_the_repository_is_complete_and_fictional(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = agency.profile()
    assert (missing(profile), profile.fictional, profile.site) == ([], True, "https://reglo.example")
    monkeypatch.delenv("SITE")
    assert agency.profile().site == "http://127.0.0.1:8000"


@pytest.mark.usefixtures("aws")
def test_a_short_key_signs_nothing() -> None:
    assert len(agency.signing_key()) == 32
    aws.client("ssm").put_parameter(Name="/reglo/signing-key", Value="c2hvcnQ=", Type="SecureString", Overwrite=True)
    agency.provider().clear_cache()
    with pytest.raises(ValueError, match="32"):
        agency.signing_key()


def test_a_function_that_fails_is_a_fault_and_a_refusal_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import json

    answers = {
        "documents": ({"refused": "Il manque le SIREN."}, None),
        "read-invoice": ({"errorType": "NoSuchKey", "errorMessage": "secret"}, "Unhandled"),
    }

    class Functions:
        def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, object]:
            said, error = answers[FunctionName]
            return {"Payload": io.BytesIO(json.dumps(said).encode())} | ({"FunctionError": error} if error else {})

    monkeypatch.setattr(workshops, "client", lambda _: Functions())
    with pytest.raises(workshops.DocumentRefused, match="Il manque"):
        workshops.make("letter", case="RG-26-00001", step="first_letter")
    with pytest.raises(workshops.FileMissing):
        workshops.read_invoice("uploads/x", "f.pdf")
    answers["read-invoice"] = ({"errorType": "RuntimeError", "errorMessage": "secret"}, "Unhandled")
    with pytest.raises(workshops.WorkshopFailed) as failed:
        workshops.read_invoice("uploads/x", "f.pdf")
    assert "secret" not in str(failed.value)
