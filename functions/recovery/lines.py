"""How the lines of a statement read in a table of a letter or a mandate: two words a line, the articles once underneath."""

from recovery.amounts import Line, Statement

TITLES = {
    "principal": "Principal TTC",
    "indemnity": "Indemnité forfaitaire",
    "payment": "Paiement reçu",
    "returned": "Paiement revenu impayé",
    "credit": "Avoir",
    "penalty": "Clause pénale",
    "waiver": "Intérêts abandonnés",
}


def title(line: Line) -> str:
    """`Pénalités de retard`, or `Intérêts au taux légal` from a consumer: the words before the article."""
    return TITLES.get(line.kind, line.rule.partition(",")[0])


def articles(statement: Statement) -> str:
    """The article each accessory rests on, as one short paragraph."""
    rules = dict.fromkeys(line.rule for line in statement.lines if line.kind in ("interest", "indemnity", "penalty"))
    return " ".join(f"{rule}." for rule in rules)
