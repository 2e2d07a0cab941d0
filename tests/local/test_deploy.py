"""From template.yaml to a stack on the engine."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra import deploy, package
from infra.local.running import ROOT, Engine, EngineFailed


def test_nothing_changed_nothing_deployed(engine: Engine, stack: Path) -> None:
    again = {"template": stack, "parameters": {"SiteOrigin": engine.origin}, "keys": ["/reglo/signing-key"]}
    began = time.monotonic()

    assert deploy.deploy(engine, **again) == engine.outputs()  # type: ignore[arg-type]

    assert time.monotonic() - began < 0.5


def test_a_changed_function_is_deployed_again(engine: Engine, stack: Path) -> None:
    source = stack.parent / "src/probe.py"
    text = source.read_text()
    functions, name = engine.client("lambda"), engine.outputs()["Greet"]
    try:
        source.write_text(text.replace('"heard"', '"understood"'))
        deploy.deploy(engine, template=stack, parameters={"SiteOrigin": engine.origin}, keys=["/reglo/signing-key"])
        answer = json.load(functions.invoke(FunctionName=name, Payload=b'{"hello": "you"}')["Payload"])
    finally:
        source.write_text(text)
    deploy.deploy(engine, template=stack, parameters={"SiteOrigin": engine.origin}, keys=["/reglo/signing-key"])

    assert answer == {"understood": "you"}
    assert json.load(functions.invoke(FunctionName=name, Payload=b'{"hello": "you"}')["Payload"]) == {"heard": "you"}


def test_what_does_not_exist_here_cannot_be_referred_to() -> None:
    stack = {
        "Resources": {
            "Front": {"Type": "AWS::CloudFront::Distribution", "Properties": {}},
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::Sub": "à ${Front.DomainName}"}}},
        }
    }
    with pytest.raises(deploy.DeploymentFailed, match="Topic needs Front"):
        deploy.localise(stack)


def test_a_schedule_on_the_real_clock_is_refused() -> None:
    rule = {"Type": "AWS::Events::Rule", "Properties": {"ScheduleExpression": "rate(1 day)"}}
    with pytest.raises(deploy.DeploymentFailed, match="ScheduleV2"):
        deploy.localise({"Resources": {"Nightly": rule}})


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "b.py").write_text("X = 1\n")
        (tmp_path / name / "a.txt").write_text("a")
        package.compile_all(tmp_path / name, "/var/task", sys.executable)
        time.sleep(0.01)

    assert package.zipped(tmp_path / "one") == package.zipped(tmp_path / "two")


def test_what_was_compiled_is_believed_without_looking_at_the_source(tmp_path: Path) -> None:
    """On Lambda the archive gives every file another hour: a .pyc that checks it would be compiled again at each cold start."""
    (tmp_path / "module.py").write_text("print('compiled')\n")
    package.compile_all(tmp_path, "/var/task", sys.executable)
    (tmp_path / "module.py").write_text("print('source')\n")

    ran = subprocess.run([sys.executable, "-B", "-c", "import module"], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert ran.stdout == "compiled\n"


def test_a_changed_ministack_does_not_start(tmp_path: Path) -> None:
    """A fingerprint that differs stops the engine with the name of the function."""
    pins = ROOT / "infra/local/pins.json"
    program = (
        "import json, sys, pathlib\n"
        "import infra.local.patch as patch\n"
        "patch.expected['stepfunctions._sleep_until'] = 'changed'\n"
        "import infra.local.durable_executions\n"
        "patch.check()\n"
    )
    assert "stepfunctions._sleep_until" in json.loads(pins.read_text())

    ran = subprocess.run([sys.executable, "-c", program, "--data", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 1
    assert "changed under our patches: stepfunctions._sleep_until" in ran.stderr


def test_two_engines_never_share_a_folder(engine: Engine) -> None:
    second = Engine(engine.data, port=4122, aws_port=4123, site=engine.site)

    with pytest.raises(EngineFailed, match="déjà utilisé"):
        second.start()

    assert engine.clock()


def test_the_engine_leaves_when_whoever_started_it_is_gone(tmp_path: Path, site: Path) -> None:
    """Killed, `reglo up` cannot stop anything; the ports must be free for the next one."""
    engine = Engine(tmp_path, port=4120, aws_port=4121, site=site)
    engine.start()
    process = engine.process
    assert process is not None
    assert process.stdin is not None

    process.stdin.close()

    assert process.wait(10) == 0
