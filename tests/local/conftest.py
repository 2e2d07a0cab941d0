"""One engine for the tests that only ask; those that kill it have their own."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra import deploy
from infra.local.running import ROOT, Engine

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The test stack, with the product's own clock, which the functions read (and the law, which a moved clock leans on)."""
    folder = tmp_path_factory.mktemp("stack")
    shutil.copytree(HERE / "stack", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "src/adapters").mkdir()
    shutil.copy(ROOT / "functions/adapters/clock.py", folder / "src/adapters/clock.py")
    shutil.copytree(ROOT / "functions/recovery", folder / "src/recovery", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "template.yaml"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text('<!doctype html><link rel="stylesheet" href="/assets/core.1a2b.css"><title>Accueil</title>')
    (folder / "deposer.html").write_text("<!doctype html><title>Déposer</title>")
    (folder / "404.html").write_text("<!doctype html><title>Page introuvable</title>")
    (folder / "assets/core.1a2b.css").write_text("body { margin: 0 }")
    return folder


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory, stack: Path, site: Path) -> Iterator[Engine]:
    with Engine(tmp_path_factory.mktemp("data"), port=4100, aws_port=4101, site=site) as engine:
        deploy.deploy(engine, template=stack, parameters={"SiteOrigin": engine.origin}, keys=["/reglo/signing-key"])
        yield engine


@pytest.fixture
def probe(engine: Engine) -> Callable[..., Any]:
    """Does one thing under the role of the test stack's probe."""
    functions, name = engine.client("lambda"), engine.outputs()["Probe"]

    def ask(do: str, **given: Any) -> Any:
        answer = functions.invoke(FunctionName=name, Payload=json.dumps({"do": do, "with": given}))
        return json.load(answer["Payload"])

    return ask


def until(what: Callable[[], Any], seconds: float = 20) -> Any:
    """Waits for something to become true; a connection refused meanwhile is an engine that restarts."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        try:
            if got := what():
                return got
        except OSError:
            pass
        time.sleep(0.03)
    raise AssertionError("it never happened")
