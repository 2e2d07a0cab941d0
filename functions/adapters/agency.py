"""SSM: what the owner of this deployment decided. Who the agency is, and the key that signs its links.

Both are read once and kept five minutes: a change is seen without a deployment.
"""

import base64
import json
import os
from dataclasses import replace
from typing import Any

from aws_lambda_powertools.utilities.parameters import SSMProvider

from adapters.aws import client
from recovery.agency import Agency, from_json

FIVE_MINUTES = 300
_providers: dict[int, SSMProvider] = {}


def profile() -> Agency:
    """The address of the site is the deployment's own when it says so: one profile may serve two stages."""
    agency = from_json(json.loads(parameter(os.environ["AGENCY"])))
    site = os.environ.get("SITE")
    return replace(agency, site=site.rstrip("/")) if site else agency


def signing_key() -> bytes:
    """At least 32 bytes of chance, in base64. A short key would make links one can forge."""
    key = base64.b64decode(parameter(os.environ["SIGNING_KEY"], decrypt=True))
    if len(key) < 32:
        raise ValueError("the signing key is shorter than 32 bytes")
    return key


def parameter(name: str, **options: Any) -> str:
    return str(provider().get(name, max_age=FIVE_MINUTES, **options))


def provider() -> SSMProvider:
    ssm = client("ssm")
    if id(ssm) not in _providers:
        _providers.clear()
        _providers[id(ssm)] = SSMProvider(boto3_client=ssm)
    return _providers[id(ssm)]
