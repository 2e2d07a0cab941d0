"""The shape of the house: its floors, what it never says, and that what is written twice says the same.

Refusals and their statuses: tests/doors/test_refusals.py. Layers: test_layers.py. Pages: test_site.py. The state machine: test_machine.py.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra import deploy, headers
from recovery.ladder import plan, policies
from tests.cases import TUESDAY

ROOT = Path(__file__).parents[1]
FUNCTIONS = ROOT / "functions"
MODULES = sorted(FUNCTIONS.rglob("*.py"))

# ------------------------------------------------------------------------------------------------ floors

MAY_IMPORT = {  # room → the rooms it may open, besides the standard library
    "recovery": {"recovery", "stdnum", "holidays"},
    "adapters": {
        "recovery",
        "adapters",
        "boto3",
        "botocore",
        "aws_lambda_powertools",
        "jinja2",
        "typst",
        "pikepdf",
        "pypdfium2",
        "segno",
        "httpx",
    },
    "doors": {"recovery", "adapters", "doors", "fastapi", "pydantic"},  # README, « Décisions »: the floor of the entry points
    ".": {"recovery", "adapters", "doors", "announce", "fastapi", "starlette", "mangum", "aws_lambda_powertools"},
}
# Inside the trade the order is the order of knowledge: a room opens those named before it.
ORDER = ["law", "events", "case", "amounts", "fees", "ladder", "letters"]
NOT_IN_THE_TRADE = {  # what would bring in the clock, chance, the network or another process
    "time", "random", "secrets", "uuid", "os", "socket", "ssl", "http", "urllib", "subprocess", "threading", "asyncio", "multiprocessing", "tempfile", "logging",
}  # fmt: skip


def room(module: Path) -> str:
    parts = module.relative_to(FUNCTIONS).parts
    return "." if len(parts) == 1 else parts[0]


def name_of(module: Path) -> str:
    return module.relative_to(FUNCTIONS).with_suffix("").as_posix()


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"))


def for_types_only(module: Path) -> set[ast.AST]:
    return {
        inner
        for node in ast.walk(tree(module))
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }


def imports(module: Path) -> Iterator[str]:
    skipped = for_types_only(module)
    for node in ast.walk(tree(module)):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = module.relative_to(FUNCTIONS).with_suffix("").parts[: -node.level] if node.level else ()
            place = ".".join((*parents, *([node.module] if node.module else [])))
            yield from (f"{place}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_floor_opens_only_those_below(module: Path) -> None:
    opened = {name.partition(".")[0] for name in imports(module)} - set(sys.stdlib_module_names)
    assert opened <= MAY_IMPORT[room(module)]


@pytest.mark.parametrize("module", [m for m in MODULES if room(m) == "recovery"], ids=name_of)
def test_the_trade_knows_no_clock_no_chance_and_no_network(module: Path) -> None:
    assert not {name.partition(".")[0] for name in imports(module)} & NOT_IN_THE_TRADE


def test_inside_the_trade_knowledge_goes_one_way() -> None:
    for module in MODULES:
        if room(module) != "recovery" or module.stem not in ORDER:
            continue
        later = {f"recovery.{name}" for name in ORDER[ORDER.index(module.stem) + 1 :]}
        assert not {".".join(name.split(".")[:2]) for name in imports(module)} & later, module


def calls(module: Path) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


CLOCKS = re.compile(
    r"(^|\.)(datetime\.now|datetime\.utcnow|datetime\.today|date\.today|time\.time|time\.time_ns|time\.localtime|time\.gmtime)$"
)


@pytest.mark.parametrize("module", [m for m in MODULES if name_of(m) != "adapters/clock"], ids=name_of)
def test_only_the_clock_reads_the_clock(module: Path) -> None:
    assert [called for _, called in calls(module) if CLOCKS.search(called)] == []


@pytest.mark.parametrize("module", [m for m in MODULES if room(m) in ("recovery", "adapters")], ids=name_of)
def test_the_moment_is_handed_down_below_the_entry_points(module: Path) -> None:
    assert not [name for name in imports(module) if name in ("adapters.clock", "adapters.clock.now")]


def test_chance_is_drawn_in_one_adapter_for_salts_alone() -> None:
    """Tokens and codes are made of chance that the entry points hand down, so that the trade can be tested on any day."""
    drawn = {
        name_of(m)
        for m in MODULES
        if room(m) in ("recovery", "adapters") and {"secrets", "random", "uuid"} & {i.partition(".")[0] for i in imports(m)}
    }
    assert drawn <= {"adapters/directory", "adapters/passes"}
    for module in (FUNCTIONS / "adapters").glob("*.py"):
        assert "urandom" not in module.read_text("utf-8"), module


MONEY = [
    "amounts",
    "fees",
    "law",
    "decisions",
    "events",
    "case",
    "ladder",
    "letters",
    "lines",
    "mandate",
    "notices",
    "french",
    "timeline",
    "seal",
    "export",
]


@pytest.mark.parametrize("name", MONEY)
def test_money_is_never_a_float(name: str) -> None:
    module = FUNCTIONS / "recovery" / f"{name}.py"
    for node in ast.walk(tree(module)):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), f"{module}:{node.lineno}"
        assert not (isinstance(node, ast.Name) and node.id == "float"), f"{module}:{node.lineno}"


@pytest.mark.parametrize("module", [m for m in MODULES if room(m) in (".", "doors")], ids=name_of)
def test_the_doors_never_make_money_of_a_float(module: Path) -> None:
    assert [called for call, called in calls(module) if called == "float" or (called == "Decimal" and call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, float))] == []  # fmt: skip


# ------------------------------------------------------------------------------------------------ the ladder and its words

LETTERS, EMAILS = ROOT / "templates" / "letters", ROOT / "templates" / "emails"
RUNGS = [rung for policy in policies.values() for rung in policy.rungs]


def test_every_rung_that_writes_has_its_text_and_every_text_its_rung() -> None:
    texts = {file.name.removesuffix(".txt.j2") for file in LETTERS.glob("*.txt.j2")}
    assert texts == {rung.id for rung in RUNGS if rung.is_letter} | {"receipt"}  # a receipt follows a payment, R124-6


def test_every_message_to_the_debtor_has_its_text() -> None:
    texts = {file.name.removesuffix(".txt.j2") for file in EMAILS.glob("debtor_*.txt.j2")} - {
        "debtor_corrected"
    }  # that one is for the creditor
    written = {f"debtor_{rung.id}" for rung in RUNGS if rung.channel == "e-mail" and rung.by == "machine"}
    assert texts == written | {"debtor_copy", "debtor_receipt", "debtor_returned"}
    assert any(rung.copy for rung in RUNGS)


def test_every_text_for_the_creditor_is_one_that_something_sends() -> None:
    sources = "\n".join(module.read_text("utf-8") for module in MODULES)
    for file in EMAILS.glob("[a-z]*.txt.j2"):
        name = file.name.removesuffix(".txt.j2")
        assert f'"{name}"' in sources, name


def test_the_readme_shows_the_ladder_that_is() -> None:
    lines = (ROOT / "README.md").read_text("utf-8").splitlines()
    start = lines.index("| Day | Rung | `id` | Channel | By |")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines[start + 2 : start + 2 + len(policies["professional"].rungs)]
    ]
    assert rows == [
        [str((each.on - TUESDAY).days), each.rung.label, f"`{each.rung.id}`", each.rung.channel, each.rung.by]
        for each in plan("professional", TUESDAY)
    ]
    assert not lines[start + 2 + len(rows)].startswith("|")


# What would pass for a court, a bailiff or a register (law, C. pén. 433-13; C. conso. L121-6). « Saisir » a judge is a neutral word.
FORBIDDEN = re.compile(
    r"\b(huissiers?|commissaires? de justice|saisies?|commandements?|sommations?|dernier avis|transmis au tribunal|fich(?:ier|é)s?|tricolores?|république|ftp|poursuites?|contraint)\b",
    re.IGNORECASE,
)
TRUE_AND_NEUTRAL = (
    "Elle n’est ni un tribunal ni un commissaire de justice.",
    "Nous ne sommes ni un tribunal ni un commissaire de justice : <strong>nous ne pouvons rien saisir.</strong>",
)
READ_BY_DEBTORS = [
    *sorted(LETTERS.glob("*.j2")),
    *sorted((ROOT / "tests" / "approved").glob("*.txt")),
    *sorted(EMAILS.glob("debtor_[!c]*.j2")),
    EMAILS / "debtor_copy.txt.j2",
    *sorted(EMAILS.glob("_debtor*.j2")),
    ROOT / "site" / "lettre.html",
]


@pytest.mark.parametrize("file", READ_BY_DEBTORS, ids=lambda file: file.name)
def test_nothing_a_debtor_reads_threatens_or_imitates_a_court(file: Path) -> None:
    words = " ".join(file.read_text("utf-8").replace("\u00a0", " ").split())
    for sentence in TRUE_AND_NEUTRAL:
        words = words.replace(sentence, "")
    assert FORBIDDEN.findall(words) == []


# ------------------------------------------------------------------------------------------------ what is kept in the repository


@cache
def tracked() -> tuple[Path, ...]:
    named = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return tuple(ROOT / name for name in named if name and (ROOT / name).is_file())


def texts() -> Iterator[tuple[Path, str]]:
    for file in tracked():
        data = file.read_bytes()
        if b"\0" not in data[:8000]:
            yield file, data.decode("utf-8", "replace")


# Written in pieces, or this file would be the first to be found.
MACHINE_PATHS = re.compile(
    "|".join((r"(?<![\w.-])/wo" + r"rk/\w", r"(?<![\w.-])/ro" + r"ot/\w", r"(?<![\w.:-])/home" + r"/[a-z]", r"C:\\" + "Users"))
)
HOSTS = re.compile(
    "|".join(("artifact" + "ory", "pypi" + r"\.(?!org/project)", "python" + "hosted", "index" + "-url", "jfr" + "og", "npm" + "js")),
    re.IGNORECASE,
)


def test_no_file_names_a_machine() -> None:
    found = [f"{file.relative_to(ROOT)}: {match.group()}" for file, text in texts() for match in MACHINE_PATHS.finditer(text)]
    assert found == []


def test_no_file_names_a_registry() -> None:
    allowed = {"README.md"}  # it tells how to refresh the lock, by an option that leaves every host out
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file, text in texts()
        if file.name not in allowed and file != Path(__file__)
        for match in HOSTS.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt", "requirements-scan.txt"])
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert not re.search(r"https?://|^-", text, re.MULTILINE)
    wanted = re.findall(r"^([A-Za-z0-9][\w.\[\]-]*)(.*?)(?=^\S|\Z)", text.replace("\\\n", ""), re.MULTILINE | re.DOTALL)
    assert len(wanted) > 20
    for package, rest in wanted:
        assert re.match(r"\s*==", rest), package
        assert "--hash=sha256:" in rest, package


def test_files_are_named_after_what_they_know() -> None:
    nothing = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "tools"}
    assert [file for file in tracked() if file.stem.lower() in nothing] == []


# ------------------------------------------------------------------------------------------------ the template

TEMPLATE: dict[str, Any] = deploy.read(ROOT / "template.yaml")
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
LAMBDAS = {name: resource["Properties"] for name, resource in RESOURCES.items() if resource["Type"] == "AWS::Serverless::Function"}


def typed(kind: str) -> dict[str, dict[str, Any]]:
    return {name: resource.get("Properties", {}) for name, resource in RESOURCES.items() if resource["Type"] == kind}


def lint(text: str) -> list[str]:
    from cfnlint import ManualArgs
    from cfnlint import lint as linted

    return [f"{found.rule.id} {found.message}" for found in linted(text, config=ManualArgs(regions=["eu-west-3"]))]


def test_the_template_passes_the_linter() -> None:
    text = (ROOT / "template.yaml").read_text("utf-8")
    assert lint(text) == []
    assert lint(text.replace("BillingMode: PAY_PER_REQUEST", "BillingMode: GRATIS")) != []


def test_it_can_never_move_the_clock() -> None:
    text = (ROOT / "template.yaml").read_text("utf-8")
    assert "MOVED" not in text
    assert TEMPLATE["Parameters"]["Printer"]["Default"] == "manual"
    assert TEMPLATE["Parameters"]["TrustCreditors"]["Default"] == "no"


def test_alarms_stay_within_the_ten_that_are_free() -> None:
    alarms = typed("AWS::CloudWatch::Alarm")
    assert 5 <= len(alarms) <= 10
    assert all(alarm["AlarmActions"] and alarm["TreatMissingData"] and alarm["AlarmDescription"] for alarm in alarms.values())


def test_every_function_has_a_log_that_forgets() -> None:
    kept = {group["LogGroupName"]["Fn::Sub"]: group["RetentionInDays"] for group in typed("AWS::Logs::LogGroup").values()}
    assert kept == {f"/aws/lambda/${{{name}}}": 30 for name in LAMBDAS}


def test_nothing_costs_while_nobody_uses_it() -> None:
    kinds = {resource["Type"] for resource in RESOURCES.values()}
    costly = (
        "KMS",
        "NatGateway",
        "WAF",
        "SecretsManager",
        "EC2",
        "RDS",
        "OpenSearch",
        "ElastiCache",
        "Pipes",
        "ElasticLoadBalancing",
        "ApiGateway::RestApi",
    )
    assert [kind for kind in kinds if any(word in kind for word in costly)] == []
    assert [name for name, function in LAMBDAS.items() if "ProvisionedConcurrencyConfig" in function] == []
    assert typed("AWS::DynamoDB::Table")["Table"]["BillingMode"] == "PAY_PER_REQUEST"


def test_no_secret_is_written_in_it() -> None:
    for name, function in LAMBDAS.items():
        for variable, value in function.get("Environment", {}).get("Variables", {}).items():
            assert not re.search("(?i)secret|password|private", variable), name
            assert isinstance(value, dict) or len(str(value)) < 60, (name, variable)
    assert not any("NoEcho" in parameter for parameter in TEMPLATE["Parameters"].values())


def test_every_bucket_is_closed_to_the_public() -> None:
    for name, bucket in typed("AWS::S3::Bucket").items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name


def test_what_a_person_entrusted_survives_the_stack() -> None:
    for name in ("Table", "Documents"):
        assert RESOURCES[name]["DeletionPolicy"] == RESOURCES[name]["UpdateReplacePolicy"] == "Retain"


@cache
def opened_by(module: Path) -> frozenset[Path]:
    """That module and ours that it imports, itself or through others."""
    found, waiting = set(), [module]
    while waiting:
        each = waiting.pop()
        if each in found:
            continue
        found.add(each)
        for name in imports(each):
            parts = name.split(".")
            for n in range(1, len(parts) + 1):
                place = FUNCTIONS.joinpath(*parts[:n])
                waiting += [file for file in (place / "__init__.py", place.with_suffix(".py")) if file.is_file()]
    return frozenset(found)


def read_variables(module: Path) -> tuple[set[str], set[str]]:
    """What it asks of its environment, and what it takes when it is there."""
    asked, taken = set(), set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ" and isinstance(node.slice, ast.Constant):
            asked.add(str(node.slice.value))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("os.environ.get", "os.getenv"):
            assert isinstance(node.args[0], ast.Constant)
            taken.add(str(node.args[0].value))
    return asked, taken


def given(function: dict[str, Any]) -> set[str]:
    everybody = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    return {*everybody, *function.get("Environment", {}).get("Variables", {})}


@pytest.mark.parametrize("name", LAMBDAS)
def test_a_function_is_given_all_it_reads(name: str) -> None:
    handler = LAMBDAS[name]["Handler"].partition(".")[0]
    asked: set[str] = set().union(*(read_variables(module)[0] for module in opened_by(FUNCTIONS / f"{handler}.py")))
    assert asked <= given(LAMBDAS[name])


@pytest.mark.parametrize("name", LAMBDAS)
def test_a_function_is_given_nothing_of_its_own_that_it_does_not_read(name: str) -> None:
    own = set(LAMBDAS[name].get("Environment", {}).get("Variables", {}))
    handler = LAMBDAS[name]["Handler"].partition(".")[0]
    read = set().union(*(set().union(*read_variables(module)) for module in opened_by(FUNCTIONS / f"{handler}.py")))
    assert own <= read


def test_a_variable_for_everybody_is_read_by_somebody() -> None:
    read = set().union(*(set().union(*read_variables(module)) for module in MODULES))
    ours = {name for name in TEMPLATE["Globals"]["Function"]["Environment"]["Variables"] if not name.startswith("POWERTOOLS_")}
    assert ours <= read
    assert {"MOVED_CLOCK"} <= read - given({}), "the engine alone moves the clock"


def test_the_headers_are_those_the_local_product_sends() -> None:
    policy = RESOURCES["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    deployed = policy["SecurityHeadersConfig"]
    local = headers.security("https://${Uploads.RegionalDomainName}")
    assert deployed["ContentSecurityPolicy"]["ContentSecurityPolicy"] == {"Fn::Sub": local["content-security-policy"]}
    assert deployed["ReferrerPolicy"]["ReferrerPolicy"] == local["referrer-policy"]
    assert deployed["ContentTypeOptions"] == {"Override": True}
    assert local["x-content-type-options"] == "nosniff"
    custom = {item["Header"].lower(): item["Value"] for item in policy["CustomHeadersConfig"]["Items"]}
    assert custom["permissions-policy"] == local["permissions-policy"]


def test_every_handler_is_a_file_of_the_house() -> None:
    handlers = {function["Handler"].partition(".")[0] for function in LAMBDAS.values()}
    assert handlers == {file.stem for file in FUNCTIONS.glob("*.py")}
