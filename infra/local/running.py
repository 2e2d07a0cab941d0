"""Starts an engine, talks to it, stops it. The engine is a process of its own, so that it can be killed and come back."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import boto3
from botocore.config import Config

REGION = "eu-west-3"
ROOT = Path(__file__).parents[2]


class EngineFailed(Exception):
    """It stopped before it answered; the end of its log says why."""


class Engine:
    """One engine on one data folder.

    with Engine(data, port=8000, aws_port=8001) as engine:
        engine.client("s3")
        engine.clock(advance=86_400)
    """

    def __init__(self, data: Path, *, port: int, aws_port: int, site: Path = ROOT / "build/site", day: float = 86_400) -> None:
        self.data, self.site, self.port, self.aws_port, self.day = data, site, port, aws_port, day
        self.origin, self.store = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{aws_port}"
        self.log = data / "engine.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.clients: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self) -> float:
        """Until it answers; how many seconds that took."""
        began = time.monotonic()
        self.data.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "infra.local.engine", "--with-parent", "--data", str(self.data), "--site", str(self.site)]
        command += ["--port", str(self.port), "--aws-port", str(self.aws_port), "--day", str(self.day)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop the engine in good order
            )
        while True:
            if self.process.poll() is not None:
                self.stop()
                raise EngineFailed(self.log.read_text(errors="replace")[-3000:])
            try:
                self.clock()
                return time.monotonic() - began
            except OSError:
                time.sleep(0.02)

    @staticmethod
    def environment() -> dict[str, str]:
        """Functions inherit it: they must see what the template says and nothing of this shell. Lambda's time zone is UTC."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LOG_LEVEL", "LD_LIBRARY_PATH") if name in os.environ}
        return {**kept, "LANG": "C.UTF-8", "TZ": "UTC"}

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As a power cut would: kill -9."""
        self._end(signal.SIGKILL)

    def _end(self, sign: signal.Signals) -> None:
        while self.clients:
            self.clients.popitem()[1].close()
        if self.process is None:
            return
        process, self.process = self.process, None
        process.send_signal(sign)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin:
            process.stdin.close()

    def wait(self) -> int:
        """Until it ends by itself."""
        assert self.process is not None
        return self.process.wait()

    def client(self, service: str) -> Any:
        """As the owner of the account: every right. Made once, closed with the engine."""
        if service not in self.clients:
            session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106 (known to nobody else: 127.0.0.1 only)
            config = Config(proxies={}, retries={"max_attempts": 8})
            self.clients[service] = session.client(service, endpoint_url=self.store, config=config)
        return self.clients[service]

    def ask(self, path: str, body: Any = None) -> Any:
        """JSON from the site's origin: GET, or POST when there is a body."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.origin + path, data=data, headers={"content-type": "application/json"})  # noqa: S310
        with _direct.open(request, timeout=600) as answer:
            return json.load(answer)

    def clock(self, **move: float) -> Any:
        """The clock; or, with advance= or day= in seconds, move it and wait until everything due is done."""
        return self.ask("/_local/clock", move or None)

    def outputs(self) -> dict[str, str]:
        """What the deployment named: buckets, tables, functions."""
        found: dict[str, str] = json.loads((self.data / "outputs.json").read_text())
        return found

    def deployed(self, outputs: dict[str, str]) -> None:
        """From now on the site's origin knows its API, and a kill -9 no longer loses the stack."""
        draft = self.data / "outputs.draft"
        draft.write_text(json.dumps(outputs, indent=1))
        os.replace(draft, self.data / "outputs.json")
        self.ask("/_local/snapshot", {})


_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # 127.0.0.1 is never behind a proxy
