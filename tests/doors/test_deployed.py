"""What the API reads in its environment is what the template gives it."""

import re
from pathlib import Path
from typing import Any

FUNCTIONS = Path(__file__).parents[2] / "functions"


def names_read(folder: str) -> set[str]:
    found: set[str] = set()
    for file in FUNCTIONS.glob(folder):
        found |= set(re.findall(r"""environ(?:\.get\(|\[)"([A-Z_]+)\"""", file.read_text("utf-8")))
    return found


def test_the_template_gives_every_name_that_the_api_reads(template: dict[str, Any]) -> None:
    import yaml

    from tests.conftest import ROOT, Template

    whole = yaml.load((ROOT / "template.yaml").read_text("utf-8"), Template)
    given = set(whole["Globals"]["Function"]["Environment"]["Variables"])
    given |= set(template["ApiFunction"]["Properties"]["Environment"]["Variables"])
    adapters = {"aws", "agency", "archive", "directory", "drafts", "passes", "workshops", "journal"}
    read = names_read("doors/*.py") | names_read("api.py")
    for name in adapters:
        read |= names_read(f"adapters/{name}.py")
    assert read
    assert read <= given
