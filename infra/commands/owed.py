"""`reglo owed FILE.json [--on DATE] [--json]`: what is owed, line by line."""

import argparse
import json
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from recovery.asked import read
from recovery.french import day, euros
from recovery.intake import FormRefused, Wrong
from recovery.owed import answer

MOST = 10_000  # lines of each list
LARGEST = 32 * 1024 * 1024  # bytes
LABELS = {
    "principal": "Principal", "credit": "Avoir", "interest": "Intérêts", "indemnity": "Indemnité", "penalty": "Clause pénale",
    "payment": "Paiement", "returned": "Paiement revenu", "waiver": "Abandon", "cost": "Frais accordés",
}  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Compte ce qui est dû : chaque ligne avec son article et son calcul. Le format du fichier est dans recovery/asked.py."
    )
    parser.add_argument("file", metavar="FILE.json", help="la créance ; « - » la lit sur l’entrée standard")
    parser.add_argument("--on", metavar="AAAA-MM-JJ", help="le jour du décompte (celui du fichier, sinon aujourd’hui)")
    parser.add_argument("--json", action="store_true", help="une forme stable, pour les programmes")


def run(args: argparse.Namespace) -> int:
    """0, or 2 when something in the file cannot be accepted."""
    try:
        told = told_in(args.file)
        if args.on is not None and isinstance(told, dict):
            told = told | {"on": args.on}
        counted = answer(read(told, date.today(), MOST))  # noqa: DTZ011 (an operator's own day)
    except FormRefused as refused:
        complain(refused, as_json=args.json)
        return 2
    print(json.dumps(counted, ensure_ascii=False) if args.json else table(counted))
    return 0


def told_in(file: str) -> object:
    """What the file says, its numbers exact. Raises `FormRefused`."""
    try:
        if file == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(file).open("rb") as source:
                data = source.read(LARGEST + 1)
    except OSError:
        raise _refused(f"Le fichier {file} ne peut pas être ouvert.") from None
    if len(data) > LARGEST:
        raise _refused(f"Le fichier {file} est trop grand : {LARGEST // 1024 // 1024} Mo au plus.")
    try:
        return json.loads(data, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        raise _refused(f"Le fichier {file} n’est pas du JSON.") from None


def _refused(sentence: str) -> FormRefused:
    return FormRefused((Wrong("file", sentence),))


def complain(refused: FormRefused, *, as_json: bool) -> None:
    if as_json:
        errors = [{"field": wrong.field, "message": wrong.message} for wrong in refused.errors]
        title = "Ce décompte ne peut pas être fait."
        print(json.dumps({"type": "urn:reglo:Invalid", "title": title, "status": 422, "errors": errors}, ensure_ascii=False))
    for wrong in refused.errors:
        print(f"{wrong.field} : {wrong.message}" if wrong.field else wrong.message, file=sys.stderr)


def table(counted: dict[str, Any]) -> str:
    """As a French reader checks it: the sum, then the rule and the arithmetic under it."""
    rows = [f"Ce qui est dû au {day(date.fromisoformat(counted['on']))}", ""]
    several = len({line["invoice"] for line in counted["lines"]} - {None}) > 1
    width = max((len(line["invoice"] or "") for line in counted["lines"]), default=0) if several else 0
    for line in counted["lines"]:
        invoice = f"{line['invoice'] or '':<{width}}  " if several else ""
        rows.append(f"  {LABELS[line['kind']]:<15}  {invoice}{euros(Decimal(line['amount'])):>16}  {line['rule']}")
        if line["detail"]:
            rows.append(f"  {'':<15}  {'':<{width + 2 if several else 0}}{'':>16}  {line['detail']}")
    rows.append("")
    for label, name in (("Principal", "principal"), ("Intérêts", "interest"), ("Indemnités", "indemnity"), ("Clauses pénales", "penalty"),
                        ("Frais accordés", "cost"), ("Payé", "paid"), ("Solde", "balance")):  # fmt: skip
        if name in ("principal", "balance") or Decimal(counted[name]):
            rows.append(f"  {label:<15}  {euros(Decimal(counted[name])):>16}")
    rows.append("")
    last = counted["limitation"]
    earliest = next(each for each in counted["limitations"] if each["last"] == last)
    rows.append(f"  {earliest['sentence']}")
    rows += [f"  ! {warning['field']} : {warning['message']}" for warning in counted["warnings"]]
    return "\n".join(rows)
