"""What is deployed: the functions with their templates, and (for AWS) the packages they import, as layers.

    python -m infra.package          build/functions/
    python -m infra.package --aws    the same compiled for Lambda's Python, and build/layers/

Every .py goes with its .pyc, in the "unchecked hash" form: /var/task is read-only and archives forget the hours of
files, so without it each cold start compiles everything again (2.4 times slower, measured).
"""

import argparse
import fcntl
import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"
SOURCES = {ROOT / "functions": "", ROOT / "templates": "templates"}  # folder → where it goes in the package
LEFT_OUT = ("__pycache__", ".DS_Store")

COMPILE = """
import compileall, py_compile, sys
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
ok = compileall.compile_dir(sys.argv[1], stripdir=sys.argv[1], prependdir=sys.argv[2], quiet=1, force=True, invalidation_mode=mode)
sys.exit(not ok)
"""


def functions(python: str = sys.executable) -> Path:
    """build/functions/, made again only when a source changed. To be called, and read, `alone()`."""
    built, mark = BUILD / "functions", BUILD / "functions.mark"
    fingerprint = digest_of_sources(python)
    if built.exists() and mark.exists() and mark.read_text() == fingerprint:
        return built
    mark.unlink(missing_ok=True)
    shutil.rmtree(built, ignore_errors=True)
    for source, place in SOURCES.items():
        for file in files(source):
            target = built / place / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    compile_all(built, "/var/task", python)
    mark.write_text(fingerprint)
    return built


@contextmanager
def alone() -> Iterator[None]:
    """One builder or reader of build/ at a time: `make test` may run beside `make run`."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not set(file.parts) & set(LEFT_OUT):
            yield file


def digest_of_sources(python: str) -> str:
    digest = hashlib.sha256(f"{python} {Path(__file__).read_text()}".encode())
    for source in SOURCES:
        for file in files(source):
            digest.update(f"{file.relative_to(ROOT)} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def compile_all(folder: Path, place: str, python: str) -> None:
    """`place` is where the code will live: it is written in the tracebacks."""
    subprocess.run([python, "-c", COMPILE, str(folder), place], check=True, stdout=sys.stderr)


def zipped(folder: Path) -> bytes:
    """The same folder gives the same bytes, whenever and wherever it was built."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            packed.writestr(entry, file.read_bytes())
    return archive.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description="Builds what is deployed.")
    parser.add_argument("--aws", action="store_true", help="for Lambda (arm64, Python 3.13): needs that Python, and the network")
    parser.add_argument("--python", help="where Python 3.13 is, when it is not on the path")
    args = parser.parse_args()
    with alone():
        if not args.aws:
            print(functions())
            return
        from infra import layers

        python = args.python or layers.python()
        print(functions(python))
        for layer in layers.build(python):
            print(layer)


if __name__ == "__main__":
    os.umask(0o022)
    main()
