"""The order of the suite: what is quick and says most comes first, the engine and the browser last."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent
ORDER = ("recovery", "adapters", "doors", "", "infra", "local", "product", "browser")  # folders of tests/; "" is tests/ itself


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: place(item.path))


def place(file: Path) -> int:
    parts = file.relative_to(ROOT).parts  # tests/, then the folder or the file
    folder = parts[1] if len(parts) > 2 else ""
    return ORDER.index(folder) if folder in ORDER else ORDER.index("")
