#!/bin/sh
# Prepares .venv/ for `run` or for `test`, a browser for `test`, and .venv-scan/ for `scan`. Does nothing when nothing changed since the last time.
set -eu
cd "$(dirname "$0")/.."
kind="${1:-run}"

say() { printf '%s\n' "$*" >&2; }
root_with_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
apt() { say "  apt-get install $*"; apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null; }

find_python() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        # A name on the path may be a shim that runs nothing: ask it.
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
    say "Python 3.11 or later is needed, and none was found (python3.13, python3.12, python3.11, python3)."
    exit 1
}

make_venv() {
    python="$(find_python)"
    say "Preparing .venv with $("$python" --version)..."
    rm -rf .venv
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
        # Debian keeps venv apart from Python.
        name="$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
        root_with_apt && { apt "$name" || apt python3-venv; }
        rm -rf .venv
        "$python" -m venv .venv || { say "\`$python -m venv\` does not work: install $name."; exit 1; }
    fi
}

install_packages() {
    lock=requirements.txt
    [ "$kind" = test ] && lock=requirements-test.txt
    .venv/bin/python --version >/dev/null 2>&1 || make_venv
    # What the locks and the interpreter were. What is installed for `test` is enough for `run`.
    now="$(.venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(b"".join(open(f, "rb").read() for f in sys.argv[1:])).hexdigest(), sys.version)' requirements.txt requirements-test.txt)"
    for mark in ".venv/ready-for-$kind" .venv/ready-for-test; do
        [ -f "$mark" ] && [ "$(cat "$mark")" = "$now" ] && return
    done
    say "Installing what $lock locks..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$lock"
    printf '%s' "$now" > ".venv/ready-for-$kind"
}

has_chromium() {
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && return 0
    done
    .venv/bin/python -c 'import os, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as p: sys.exit(not os.path.exists(p.chromium.executable_path))' 2>/dev/null
}

install_browser() {
    has_chromium && return
    say "Installing a browser for the tests..."
    if root_with_apt && apt chromium && has_chromium; then return; fi
    if .venv/bin/python -m playwright install chromium >&2 && has_chromium; then return; fi
    say "The browser tests need Chromium: none is on the path, apt-get could not install it, nor could Playwright. Nothing is skipped: install it and try again."
    exit 1
}

# The engine that reads pictures: a Python of its own, with a lock of its own, which nothing else imports.
install_scanner() {
    now="$(.venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(open("requirements-scan.txt", "rb").read()).hexdigest(), sys.version)')"
    [ -f .venv-scan/ready ] && [ "$(cat .venv-scan/ready)" = "$now" ] && return
    say "Installing what requirements-scan.txt locks (400 MB)..."
    rm -rf .venv-scan
    .venv/bin/python -m venv .venv-scan
    .venv-scan/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary=:all: -r requirements-scan.txt
    printf '%s' "$now" > .venv-scan/ready
    say "Done: scans and photos are read from the next start."
}

install_packages
[ "$kind" = scan ] && install_scanner
[ "$kind" = test ] && install_browser
exit 0
