"""`reglo ladder`: the policies, and the dates of a case opened on a day."""

import argparse
import json
from datetime import date

from recovery.french import day, weekday_day
from recovery.ladder import plan, policies


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", type=date.fromisoformat, default=None, metavar="AAAA-MM-JJ", help="le jour d’ouverture (aujourd’hui)")
    parser.add_argument("--json", action="store_true", help="une forme stable, pour les programmes")


def run(args: argparse.Namespace) -> int:
    opened = args.on or date.today()  # noqa: DTZ011 (an operator's own day)
    if args.json:
        print(json.dumps({name: _rows(name, opened) for name in policies}, ensure_ascii=False))
        return 0
    for name, policy in policies.items():
        print(f"{policy.label} ({name}), dossier ouvert le {day(opened)}")
        for planned in plan(name, opened):
            days = (planned.on - opened).days
            print(f"  J + {days:<3} {weekday_day(planned.on):<22} {planned.rung.label:<24} {planned.rung.channel:<18} {planned.rung.by}")
        print()
    return 0


def _rows(name: str, opened: date) -> list[dict[str, str | int]]:
    return [
        {
            "id": planned.rung.id,
            "label": planned.rung.label,
            "channel": planned.rung.channel,
            "by": planned.rung.by,
            "days": planned.rung.days,
            "on": planned.on.isoformat(),
        }
        for planned in plan(name, opened)
    ]
