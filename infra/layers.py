"""The packages that functions import, as Lambda layers for arm64: taken from the lock with their hashes, compiled, and nothing else.

build/layers/web/python/    what `Layers: [!Ref WebLayer]` finds at /opt/python
"""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from infra import package

LOCK = package.ROOT / "requirements.txt"
SAID: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
MOST = 250 * 1024 * 1024  # what Lambda accepts, layers and function together, unpacked


def build(python: str) -> Iterator[str]:
    """Each layer, with its size once unpacked."""
    lock = locked()
    for name in SAID["layers"]:
        folder = package.BUILD / "layers" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        wanted = folder.with_suffix(".txt")
        wanted.write_text("\n".join(lock[each] for each in sorted(closure(SAID["layers"][name]))) + "\n")
        install(wanted, folder / "python")
        prune(folder / "python")
        package.compile_all(folder / "python", "/opt/python", python)
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        if size > MOST:
            raise SystemExit(f"{folder} weighs {size / 1e6:.0f} MB: Lambda takes 250 MB at most")
        yield f"{folder}  {size / 1e6:.0f} MB"


def python() -> str:
    """The interpreter that compiles: a .pyc of another version would be ignored on Lambda, and made again at each cold start."""
    version = SAID["python"]
    for candidate in (sys.executable, shutil.which(f"python{version}") or "", shutil.which("python3") or ""):
        if candidate and answers(candidate) == version:
            return candidate
    raise SystemExit(f"Python {version} is needed to compile for Lambda, and python{version} is not on the path.")


def answers(candidate: str) -> str:
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.run([candidate, "-c", ask], capture_output=True, text=True, check=False).stdout.strip()


def locked() -> dict[str, str]:
    """Package → its lines in the lock, hashes included."""
    entries: dict[str, str] = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", LOCK.read_text()):
        if name := re.match(r"([A-Za-z0-9._-]+)(\[[^]]*\])?==", entry):
            entries[canonicalize_name(name[1])] = "\n".join(
                line for line in entry.splitlines() if not line.strip().startswith("#")
            ).rstrip()
    return entries


def closure(names: list[str]) -> set[str]:
    """These packages and those they need, on Lambda rather than on this machine."""
    there = {**default_environment(), "python_version": SAID["python"], "platform_machine": "aarch64", "sys_platform": "linux", "extra": ""}
    found: set[str] = set()
    waiting = [canonicalize_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for text in importlib.metadata.requires(name) or []:
            need = Requirement(text)
            if need.marker is None or need.marker.evaluate(there):
                waiting.append(canonicalize_name(need.name))
    return found


def install(wanted: Path, target: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps"]
    command += ["--only-binary=:all:", "--require-hashes", "--implementation", "cp", "--python-version", SAID["python"]]
    command += [word for platform in SAID["platforms"] for word in ("--platform", platform)]
    subprocess.run([*command, "--target", str(target), "-r", str(wanted)], check=True, stdout=sys.stderr)


def prune(folder: Path) -> None:
    """What nobody reads on Lambda: command lines, tests, descriptions of services we do not speak to."""
    for name in ("bin", "share"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for service in (folder / "botocore/data").glob("*/"):
        if service.name not in SAID["services"]:
            shutil.rmtree(service)
    for tests in [*folder.rglob("tests"), *folder.rglob("__pycache__")]:
        shutil.rmtree(tests, ignore_errors=True)
