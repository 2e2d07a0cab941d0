"""The `reglo` command: each sub-command is a module of `infra/commands/`, with `configure(parser)` and `run(args)`.

python -m infra.cli up --port 8000
"""

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

from infra import commands

sys.path.insert(0, str(Path(__file__).parents[1] / "functions"))  # commands speak with the trade: `from recovery import …`


def main(words: list[str] | None = None) -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="reglo", description="Le recouvrement amiable, sur cette machine.")
    choices = parser.add_subparsers(dest="command", required=True, metavar="COMMANDE")
    asked = sys.argv[1:] if words is None else words
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    # Only the command asked for is imported: `reglo verify` must not wait for the engine's libraries.
    wanted = [name for name in names if name in asked[:1]] or names
    for name in wanted:
        module = importlib.import_module(f"infra.commands.{name}")
        command = choices.add_parser(name, help=(module.__doc__ or "").strip().splitlines()[0], description=module.__doc__)
        module.configure(command)
        command.set_defaults(run=module.run)
    args = parser.parse_args(asked)
    return int(args.run(args) or 0)


if __name__ == "__main__":
    sys.exit(main())
