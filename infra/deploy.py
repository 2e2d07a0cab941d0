"""Brings template.yaml to life on the local engine: packaged, translated from SAM without a network, adapted, deployed.

On AWS the template goes as it is, with `sam deploy`. Here `localise` leaves out what the engine refuses or what has no
sense on one machine, each with its reason; everything else is the real template.
"""

import base64
import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from infra import package
from infra.local.running import REGION, Engine

Json = dict[str, Any]

ARTIFACTS = "reglo-artifacts"
ROOT = Path(__file__).parents[1]

LEFT_OUT = {
    "AWS::Budgets::Budget": "the engine refuses it, and nothing is spent here",
    "AWS::CloudFront::Distribution": "infra/local/gateway.py is the one origin here",
    "AWS::CloudFront::Function": "likewise",
    "AWS::CloudFront::CachePolicy": "likewise",
    "AWS::CloudFront::OriginAccessControl": "likewise",
    "AWS::CloudFront::OriginRequestPolicy": "likewise",
    "AWS::CloudFront::ResponseHeadersPolicy": "infra/headers.py gives the same headers; a test compares them",
    "AWS::CertificateManager::Certificate": "127.0.0.1 has no certificate",
    "AWS::Route53::RecordSet": "127.0.0.1 has no name",
    "AWS::S3::BucketPolicy": "they deny what is not TLS, and the local store speaks plain HTTP to this machine alone",
    "AWS::Lambda::LayerVersion": "functions run in the engine's own Python, which has the same locked packages",
}


class DeploymentFailed(Exception):
    """The stack was refused; each resource with the engine's reason."""


def deploy(
    engine: Engine,
    *,
    template: Path = ROOT / "template.yaml",
    stack: str = "reglo",
    parameters: Mapping[str, str] | None = None,
    settings: Mapping[str, str] | None = None,
    keys: Iterable[str] = (),
    senders: Iterable[str] = (),
) -> dict[str, str]:
    """The outputs of the stack. Nothing is done when nothing changed since the last time on this data folder.

    On AWS an operator gives the SSM parameters and proves that a domain is ours. Here `settings` are given their text, `keys` 32 random
    bytes once, and `senders` are domains that may write.
    """
    parameters, settings = dict(parameters or {}), dict(settings or {})
    with package.alone():
        code = {folder: package.zipped(folder) for folder in code_folders(template)}
    fingerprint, mark = digest(template, code, [parameters, settings]), engine.data / "deployed.mark"
    if mark.exists() and mark.read_text() == fingerprint:
        return engine.outputs()
    mark.unlink(missing_ok=True)
    put_parameters(engine, settings, keys)
    allow_senders(engine, senders)
    outputs = put_stack(engine, stack, translate(template, uploader(engine, code)), parameters)
    engine.deployed(outputs)
    mark.write_text(fingerprint)
    return outputs


# What the template says -------------------------------------------------------------------------------------------


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: !Ref x is {"Ref": "x"}, !GetAtt a.b is {"Fn::GetAtt": ["a", "b"]}."""


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Json:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


def read(template: Path) -> Json:
    loaded: Json = yaml.load(template.read_text(), _Loader)  # noqa: S506 (a SafeLoader)
    return loaded


def code_uri(template: Json, resource: Json) -> str:
    uri: str = resource.get("Properties", {}).get("CodeUri") or template.get("Globals", {}).get("Function", {}).get("CodeUri")
    return uri


def code_folders(template: Path) -> list[Path]:
    """The folders that hold code; build/functions/ is built on the way."""
    said = read(template)
    of_functions = (resource for resource in said["Resources"].values() if resource["Type"] == "AWS::Serverless::Function")
    folders = sorted({(template.parent / code_uri(said, resource)).resolve() for resource in of_functions})
    if package.BUILD / "functions" in folders:
        package.functions()
    return folders


def digest(template: Path, code: Mapping[Path, bytes], given: list[dict[str, str]]) -> str:
    """Of everything the stack is made from."""
    made_from = [Path(__file__).read_bytes(), template.read_bytes(), json.dumps(given, sort_keys=True).encode()]
    made_from += [(template.parent / file).read_bytes() for file in definitions(read(template))]
    made_from += [code[folder] for folder in sorted(code)]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in made_from)).hexdigest()


def definitions(template: Json) -> Iterator[str]:
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::StateMachine" and "DefinitionUri" in resource["Properties"]:
            yield resource["Properties"]["DefinitionUri"]


# SAM, offline -----------------------------------------------------------------------------------------------------


class _ManagedPolicies:
    """Stands for samtranslator's loader, which would ask IAM for the list."""

    def load(self) -> dict[str, str]:
        names = ("AWSLambdaBasicExecutionRole", "AWSLambdaDynamoDBExecutionRole", "AWSLambdaSQSQueueExecutionRole")
        return {name: f"arn:aws:iam::aws:policy/service-role/{name}" for name in names}


def translate(template: Path, upload: Callable[[Path], str]) -> Json:
    """CloudFormation from SAM, as `aws cloudformation package` and the transform would."""
    from samtranslator.translator.transform import transform

    said = read(template)
    for resource in said["Resources"].values():
        properties = resource.setdefault("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            properties["CodeUri"] = upload((template.parent / code_uri(said, resource)).resolve())
            properties.pop("Layers", None)
        if resource["Type"] == "AWS::Serverless::StateMachine" and "DefinitionUri" in properties:
            properties["Definition"] = json.loads((template.parent / properties.pop("DefinitionUri")).read_text())
    said.get("Globals", {}).get("Function", {}).pop("Layers", None)
    for name in [name for name, resource in said["Resources"].items() if resource["Type"] == "AWS::Serverless::LayerVersion"]:
        del said["Resources"][name]  # see LEFT_OUT
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    return localise(transform(said, {}, _ManagedPolicies()))


def localise(stack: Json) -> Json:
    """What the engine needs said otherwise, or not at all."""
    resources = stack["Resources"]
    gone = {name for name, resource in resources.items() if resource["Type"] in LEFT_OUT}
    for name in gone:
        del resources[name]
    for resource in resources.values():
        if "DependsOn" in resource:
            waits_for = resource["DependsOn"] if isinstance(resource["DependsOn"], list) else [resource["DependsOn"]]
            resource["DependsOn"] = [name for name in waits_for if name not in gone]
    stack["Outputs"] = {name: output for name, output in stack.get("Outputs", {}).items() if not gone & set(mentions(output))}
    for name, resource in resources.items():
        if lost := gone & set(mentions(resource)):
            raise DeploymentFailed(f"{name} needs {', '.join(sorted(lost))}, which does not exist on one machine: give it by a parameter")
        if resource["Type"] == "AWS::Events::Rule" and "ScheduleExpression" in resource["Properties"]:
            raise DeploymentFailed(f"{name} would follow the real clock here: use the ScheduleV2 event")
    for name in [name for name, resource in resources.items() if resource["Type"] == "AWS::ApiGatewayV2::Api"]:
        explicit_routes(resources, name)
    return stack


def mentions(part: Any) -> Iterator[str]:
    """The resources that a piece of template refers to."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "Ref" and isinstance(value, str):
                yield value
            elif key == "Fn::GetAtt":
                yield value[0] if isinstance(value, list) else value.split(".")[0]
            elif key == "Fn::Sub":
                text = value if isinstance(value, str) else value[0]
                yield from (piece.split("}")[0].split(".")[0] for piece in text.split("${")[1:])
                yield from mentions(value if isinstance(value, list) else None)
            else:
                yield from mentions(value)
    elif isinstance(part, list):
        for each in part:
            yield from mentions(each)


def explicit_routes(resources: Json, api: str) -> None:
    """The engine ignores the OpenAPI body that SAM writes for an HttpApi, and answers 404 to everything: make routes of it."""
    properties = resources[api]["Properties"]
    body = properties.pop("Body", None)
    if body is None:
        return
    properties.update(Name=api, ProtocolType="HTTP")
    properties.pop("FailOnWarnings", None)
    if cors := body.get("x-amazon-apigateway-cors"):
        properties["CorsConfiguration"] = cors  # keys stay lowerCamel: the engine stores them as they are and reads lowerCamel
    operations = [(path, method, said) for path, methods in body["paths"].items() for method, said in methods.items()]
    for n, (path, method, said) in enumerate(operations, 1):
        if not (integration := said.get("x-amazon-apigateway-integration")):
            continue
        verb = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
        resources[f"{api}Integration{n}"] = {
            "Type": "AWS::ApiGatewayV2::Integration",
            "Properties": {
                "ApiId": {"Ref": api},
                "IntegrationType": "AWS_PROXY",
                "IntegrationUri": integration["uri"],
                "PayloadFormatVersion": integration["payloadFormatVersion"],
            },
        }
        resources[f"{api}Route{n}"] = {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": {
                "ApiId": {"Ref": api},
                "RouteKey": "$default" if path == "/$default" else f"{verb} {path}",
                "Target": {"Fn::Join": ["", ["integrations/", {"Ref": f"{api}Integration{n}"}]]},
            },
        }


# The engine's side ------------------------------------------------------------------------------------------------


def uploader(engine: Engine, code: Mapping[Path, bytes]) -> Callable[[Path], str]:
    """Puts each folder once in the artifacts bucket, under the digest of its bytes: a changed function is a changed template."""
    s3 = engine.client("s3")
    try:
        s3.create_bucket(Bucket=ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})
    except (s3.exceptions.BucketAlreadyOwnedByYou, s3.exceptions.BucketAlreadyExists):
        pass

    def upload(folder: Path) -> str:
        key = hashlib.sha256(code[folder]).hexdigest()[:20] + ".zip"
        s3.put_object(Bucket=ARTIFACTS, Key=key, Body=code[folder])
        return f"s3://{ARTIFACTS}/{key}"

    return upload


def put_parameters(engine: Engine, settings: Mapping[str, str], keys: Iterable[str]) -> None:
    ssm = engine.client("ssm")
    for name, text in settings.items():
        ssm.put_parameter(Name=name, Type="String", Value=text, Overwrite=True, Tier="Intelligent-Tiering")
    for name in keys:
        try:
            ssm.get_parameter(Name=name)
        except ssm.exceptions.ParameterNotFound:
            ssm.put_parameter(Name=name, Type="SecureString", Value=base64.b64encode(secrets.token_bytes(32)).decode())


def allow_senders(engine: Engine, domains: Iterable[str]) -> None:
    mail = engine.client("sesv2")
    for domain in domains:
        try:
            mail.create_email_identity(EmailIdentity=domain)
        except mail.exceptions.AlreadyExistsException:
            pass


def put_stack(engine: Engine, name: str, body: Json, parameters: Mapping[str, str]) -> dict[str, str]:
    cloud = engine.client("cloudformation")
    asked = {
        "StackName": name,
        "TemplateBody": json.dumps(body, default=str),
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
    }
    try:
        cloud.create_stack(**asked)
    except cloud.exceptions.AlreadyExistsException:
        try:
            cloud.update_stack(**asked)
        except cloud.exceptions.ClientError as refused:
            if "No updates" not in str(refused):
                raise
    while (stack := cloud.describe_stacks(StackName=name)["Stacks"][0])["StackStatus"].endswith("IN_PROGRESS"):
        time.sleep(0.05)
    if stack["StackStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        events = cloud.describe_stack_events(StackName=name)["StackEvents"]
        failed = [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in events if "FAILED" in event["ResourceStatus"]
        ]
        raise DeploymentFailed("\n".join([stack["StackStatus"], *failed]))
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
