"""What a function imports is in its layer: here functions run in one Python that has everything, so only this can tell."""

import ast
import importlib.metadata
import sys
from pathlib import Path

import pytest
import yaml
from packaging.utils import canonicalize_name

from infra import deploy, layers, package

NEVER_CALLED = {"api": {"typst"}}  # render.py opens Typst when it prints, and the API only writes e-mails with it
FUNCTIONS = package.ROOT / "functions"
OURS = {"recovery", "adapters", "doors", *(file.stem for file in FUNCTIONS.glob("*.py"))}
TEMPLATE = deploy.read(package.ROOT / "template.yaml")
LAYER_OF = {
    resource["Properties"]["Handler"].split(".")[0]: resource["Properties"]["Layers"]
    for resource in TEMPLATE["Resources"].values()
    if resource["Type"] == "AWS::Serverless::Function"
}


def imported(file: Path, seen: set[Path]) -> set[str]:
    """The libraries that a module opens, itself or through ours; what only the type checker reads does not count."""
    if file in seen:
        return set()
    seen.add(file)
    names: set[str] = set()
    tree = ast.parse(file.read_text())
    skipped = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    found = {name.split(".")[0] for name in names} - OURS - set(sys.stdlib_module_names)
    for name in names:
        if name.split(".")[0] in OURS:
            found |= set().union(*(imported(each, seen) for each in modules(name)))
    return found


def modules(name: str) -> list[Path]:
    """The files that `import name` runs: packages on the way, then the module (the last word may be a name inside it)."""
    parts, files = name.split("."), []
    for n in range(1, len(parts) + 1):
        place = FUNCTIONS.joinpath(*parts[:n])
        files += [file for file in (place / "__init__.py", place.with_suffix(".py")) if file.is_file()]
    return files


@pytest.mark.parametrize("function", sorted(LAYER_OF))
def test_a_function_finds_in_its_layer_all_that_it_imports(function: str) -> None:
    providers = importlib.metadata.packages_distributions()
    (reference,) = LAYER_OF[function]
    layer = TEMPLATE["Resources"][reference["Ref"]]["Properties"]["ContentUri"].strip("/").split("/")[-1]
    held = layers.closure(layers.SAID["layers"][layer])

    needed = {
        name: {canonicalize_name(provider) for provider in providers.get(name, [name])}
        for name in imported(FUNCTIONS / f"{function}.py", set())
    }

    assert needed
    assert {name for name, by in needed.items() if not by & held} == NEVER_CALLED.get(function, set())


def test_every_package_of_a_layer_is_locked() -> None:
    lock = layers.locked()
    for name, packages in layers.SAID["layers"].items():
        for each in layers.closure(packages):
            assert "--hash=sha256:" in lock[each], f"{each} of {name}"


def test_the_layers_are_those_of_the_template() -> None:
    built = {f"build/layers/{name}/" for name in layers.SAID["layers"]}
    properties = [
        resource["Properties"] for resource in TEMPLATE["Resources"].values() if resource["Type"] == "AWS::Serverless::LayerVersion"
    ]

    assert {layer["ContentUri"] for layer in properties} == built
    assert all(layer["CompatibleRuntimes"] == [f"python{layers.SAID['python']}"] for layer in properties)
    assert TEMPLATE["Globals"]["Function"]["Runtime"] == f"python{layers.SAID['python']}"


def test_the_template_says_the_headers_of_the_gateway() -> None:
    from infra import headers

    store = "https://${Uploads.RegionalDomainName}"
    config = TEMPLATE["Resources"]["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security, custom = config["SecurityHeadersConfig"], config["CustomHeadersConfig"]["Items"]
    said = {
        "content-security-policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"],
        "x-content-type-options": "nosniff" if security["ContentTypeOptions"]["Override"] else "",
        "referrer-policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        **{item["Header"].lower(): item["Value"] for item in custom},
    }

    assert said == headers.security(store)


def test_the_clock_is_never_moved_on_aws() -> None:
    assert "MOVED_CLOCK" not in yaml.dump(TEMPLATE)
