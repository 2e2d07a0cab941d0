"""What the command line says, put where ministack looks for it: it reads its environment as it is imported."""

import argparse
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from infra.local import scanner

REGION = "eu-west-3"
NATURAL_DAY = 86_400.0

cli = argparse.ArgumentParser(prog="python -m infra.local.engine", description="A durable AWS on one machine.")
cli.add_argument("--data", type=Path, default=Path("data"), help="everything that must survive lives here")
cli.add_argument("--site", type=Path, default=Path("build/site"), help="the pages")
cli.add_argument("--port", type=int, default=8000, help="the pages and /api on one origin")
cli.add_argument("--aws-port", type=int, default=8001, help="the AWS API, and the store seen by browsers")
cli.add_argument("--day", type=float, default=NATURAL_DAY, help="how many real seconds a day lasts")
cli.add_argument("--with-parent", action="store_true", help="stop when standard input closes, that is when whoever started us is gone")
cli.add_argument("--show-pins", action="store_true", help="print the fingerprints pins.json should hold")
args = cli.parse_args()

DATA: Path = args.data.resolve()
OUTBOX, CLOCK, TMP, OUTPUTS = DATA / "outbox", DATA / "clock.json", DATA / "tmp", DATA / "outputs.json"
SITE: Path = args.site.resolve()
SITE_ORIGIN, STORE_ORIGIN = f"http://127.0.0.1:{args.port}", f"http://127.0.0.1:{args.aws_port}"

DATA.mkdir(parents=True, exist_ok=True)
in_use = (DATA / "lock").open("w")  # held until the process ends, however it ends
try:
    fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    raise SystemExit(f"{DATA} est déjà utilisé par un autre moteur.") from None

shutil.rmtree(TMP, ignore_errors=True)  # kill -9 leaves unpacked functions behind
for folder in (OUTBOX, TMP, SITE):
    folder.mkdir(parents=True, exist_ok=True)
tempfile.tempdir = str(TMP)

# Functions inherit this environment. Nothing of the person's own AWS account may reach them, nor their own import path.
for name in [name for name in os.environ if name.startswith("AWS_") or name == "PYTHONPATH"]:
    del os.environ[name]
for name in ("NO_PROXY", "no_proxy"):
    os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1,localhost")))
os.environ.update(
    AUTH="true",  # functions run under the roles of the template, and no others
    GATEWAY_PORT=str(args.aws_port),
    BIND_HOST="127.0.0.1",  # stock listens on every interface
    MINISTACK_REGION=REGION,
    AWS_DEFAULT_REGION=REGION,
    AWS_ACCESS_KEY_ID="test",
    AWS_SECRET_ACCESS_KEY="test",  # noqa: S106 (of an account that exists here only)
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    AWS_EC2_METADATA_DISABLED="true",
    PERSIST_STATE="1",
    STATE_DIR=str(DATA / "state"),
    S3_PERSIST="1",
    S3_DATA_DIR=str(DATA / "s3"),
    IOT_MTLS_ENABLED="0",
    SFTP_ENABLED="0",
    LAMBDA_EXECUTOR="local",
    LOG_LEVEL=os.environ.get("LOG_LEVEL", "WARNING"),
    MOVED_CLOCK=str(CLOCK),  # see functions/adapters/clock.py
    SCANNER=scanner.command(),  # see functions/adapters/recogniser.py
)
