"""A fake AWS (moto) with the table and the buckets of template.yaml, for the tests that need one.

The environment is set before anything is imported: a client is made while a function starts.
"""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SITE = "https://reglo.example"
os.environ |= {
    "AWS_DEFAULT_REGION": "eu-west-3",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "TABLE": "reglo",
    "DOCUMENTS": "reglo-documents",
    "UPLOADS": "reglo-uploads",
    "AGENCY": "/reglo/agency",
    "SIGNING_KEY": "/reglo/signing-key",
    "SITE": SITE,
    "READ_INVOICE": "read-invoice",
    "RECOGNISE": "recognise",
    "RECOGNISER": "none",
    "UNPACK": "unpack",
    "DOCUMENTS_FUNCTION": "documents",
    "PRINTER": "captured",
    "HEAR_BACK": "hear-back",
    "COMPANIES_URL": "",  # not asked: tests/registers.py serves them
    "NOTICES_URL": "",
    "ADDRESSES_URL": "",
    "POWERTOOLS_LOG_LEVEL": "WARNING",
    "CLIMB": "arn:aws:states:eu-west-3:123456789012:stateMachine:climb",
}

import pytest  # noqa: E402
import yaml  # noqa: E402
from moto import mock_aws  # noqa: E402

from tests.standing import Clock, Outbox, moved_clock, watched_outbox  # noqa: E402

ROOT = Path(__file__).parents[1]


class Template(yaml.SafeLoader):
    """YAML with the short forms of CloudFormation (`!Ref`), kept as their argument."""


def argument(loader: Template, _: str, node: yaml.Node) -> Any:
    match node:
        case yaml.ScalarNode():
            return loader.construct_scalar(node)
        case yaml.SequenceNode():
            return loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            return loader.construct_mapping(node, deep=True)


Template.add_multi_constructor("!", argument)


@pytest.fixture(scope="session")
def template() -> dict[str, Any]:
    return yaml.load((ROOT / "template.yaml").read_text("utf-8"), Template)["Resources"]  # type: ignore[no-any-return]


@pytest.fixture
def aws(template: dict[str, Any]) -> Iterator[None]:
    """The table, the buckets and the parameters of the template, empty."""
    from adapters import agency
    from adapters.aws import client

    with mock_aws():
        table = template["Table"]["Properties"]
        client("dynamodb").create_table(
            TableName=os.environ["TABLE"],
            **{name: table[name] for name in ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")},
        )
        for name in ("DOCUMENTS", "UPLOADS"):
            client("s3").create_bucket(Bucket=os.environ[name], CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
        profile = json.loads((ROOT / "infra/local/agency.json").read_text("utf-8"))
        client("ssm").put_parameter(Name=os.environ["AGENCY"], Value=json.dumps(profile), Type="String")
        client("ssm").put_parameter(Name=os.environ["SIGNING_KEY"], Value=base64.b64encode(b"k" * 32).decode(), Type="SecureString")
        client("sesv2").create_email_identity(EmailIdentity=profile["email"])
        agency.provider().clear_cache()
        yield


@pytest.fixture
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The functions read this clock."""
    return moved_clock(monkeypatch)


@pytest.fixture
def outbox(aws: None, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    """What the fake SES was given."""
    return watched_outbox(monkeypatch)
