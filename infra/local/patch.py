"""Replacing private functions of ministack, or refusing to start.

Each function we replace, or whose inner workings we lean on, is pinned by a fingerprint of its source. A new version
that changed one of them stops here, with its name, rather than months later in a case that slept through its hour.
"""

import hashlib
import importlib.metadata
import inspect
import json
from pathlib import Path
from typing import Any

VERSION = "1.5.33"
PINS = Path(__file__).with_name("pins.json")

expected: dict[str, str] = json.loads(PINS.read_text())
seen: dict[str, str] = {}
wrong: list[str] = []


def lean_on(owner: Any, name: str) -> Any:
    """The function as it is, after checking that it is the one we know."""
    original = getattr(owner, name)
    key = f"{owner.__name__.rsplit('.', 1)[-1]}.{name}"
    text = original if isinstance(original, str) else inspect.getsource(original)
    seen[key] = hashlib.sha256(text.encode()).hexdigest()[:12]
    if expected.get(key) != seen[key]:
        wrong.append(key)
    return original


def replace(owner: Any, name: str, new: Any) -> Any:
    """Put `new` in its place; the original is returned, so that `new` can call it."""
    original = lean_on(owner, name)
    setattr(owner, name, new)
    return original


def check(show: bool = False) -> None:
    """Called once, after every patch."""
    if show:
        print(json.dumps(seen, indent=1, sort_keys=True))
        raise SystemExit
    found = importlib.metadata.version("ministack")
    if wrong or found != VERSION:
        raise SystemExit(
            f"ministack {found}, expected {VERSION}; changed under our patches: {', '.join(wrong) or 'nothing'}. Read what changed, "
            "run tests/local, then: python -m infra.local.engine --show-pins > infra/local/pins.json"
        )
