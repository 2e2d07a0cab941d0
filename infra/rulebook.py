"""What « Comment nous calculons » shows of the law: each rule with its article, its value, how surely it is known, and its past.

Nothing is typed here that the law decides: values come from `law.toml`, `countries.toml`, `kinds.toml` and `settings.toml`, the
example from the same statement as a case.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from recovery.asked import read
from recovery.countries import Country, countries
from recovery.days import DAY
from recovery.french import day, euros, figures_day, percent, plural
from recovery.kinds import kinds
from recovery.law import Dated, Rule, law, limitations
from recovery.owed import answer
from recovery.settings import questions

CERTAINTY = {
    "V1": "lu dans le texte officiel",
    "V2": "lu dans des sources qui concordent",
    "K": "connu, mais pas relu",
    "OPEN": "non tranché",
    "PRACTICE": "usage constant, sans texte",
    "DESIGN": "notre choix",
}
GROUPS = (
    (
        "Entre professionnels",
        ("ecb_rate", "late_interest_margin", "agreed_rate_floor", "fixed_indemnity", "agreed_rate_flag", "agreed_rate_most"),
    ),
    ("Acheteur public", ("public_interest_margin", "public_indemnity")),
    (
        "Particulier, ou créancier particulier",
        ("legal_rate", "legal_rate_individual", "legal_rate_after_judgment", "months_after_judgment"),
    ),
    ("Bases d’autres pays", ("de_base_rate", "at_base_rate")),
    (
        "Délais et TVA",
        ("months_after_mediation", "claim_declaration", "claim_declaration_abroad", "retraction", "remittance_months", "vat_rate"),
    ),
)
REGIMES = (("b2b", "Professionnel"), ("b2c", "Particulier"), ("b2g", "Acheteur public"), ("individual", "Créancier particulier"))


def rulebook(on: date) -> dict[str, Any]:
    return {
        "groups": [(title, [shown(law[name], on) for name in names]) for title, names in GROUPS],
        "limitations": [
            {"label": kind.label, "periods": [years(limitations[kind.limitation[who]], on) for who, _ in REGIMES], "starts": kind.starts}
            for kind in kinds.values()
            if not kind.refused
        ],
        "regimes": [label for _, label in REGIMES],
        "periods": [shown(rule, on) for code, rule in limitations.items()],
        "refused": [kind.label for kind in kinds.values() if kind.refused],
        "countries": [abroad(each, on) for each in countries.values()],
        "questions": [
            {
                "title": question.title,
                "answer": question.choices[question.default],
                "why": question.why,
                "others": [text for answer, text in question.choices.items() if answer != question.default],
                "known": known(question.mark, question.checked),
            }
            for question in questions.values()
        ],
        "example": example(on),
    }


def shown(rule: Rule, on: date) -> dict[str, Any]:
    """The value in force that day; the others, newest first."""
    now = rule.on(on)
    return {
        "title": rule.title.removeprefix("Prescription : ").removeprefix("Prescription "),
        "article": whole(rule.article),
        "value": in_words(rule, now),
        "dates": dates(now),
        "known": known(now.mark, now.checked),
        "past": [(dates(each), in_words(rule, each)) for each in reversed(rule.values) if each is not now],
    }


def known(mark: str, checked: date) -> str:
    """How surely, and when somebody last looked."""
    return f"{CERTAINTY[mark]}, {'noté' if mark in ('K', 'DESIGN') else 'vérifié'} le {day(checked)}"


def whole(article: str) -> str:
    """L441-10 stays on one line."""
    return re.sub(r"(?<=\d)-(?=\d)", "\u2060-\u2060", article)


def in_words(rule: Rule, dated: Dated) -> str:
    value, unit = dated.value, rule.unit
    if unit.startswith("%"):
        return f"{percent(value)}{unit[1:]}"
    if unit.startswith("€"):
        return f"{euros(value)}{unit[1:]}"
    return f"{value:f} {unit}"


def dates(dated: Dated) -> str:
    if dated.first.year <= 1900:
        return ""  # a text older than any claim, or a choice of the house
    if dated.last is None:
        return f"depuis le {day(dated.first)}"
    return f"du {day(dated.first)} au {day(dated.last)}"


def years(rule: Rule, on: date) -> str:
    return plural(int(rule.value(on)), "an")


def abroad(pack: Country, on: date) -> dict[str, Any]:
    rate, base = pack.rate_on(on)
    scale = " ; ".join(f"{euros(amount)}{f' jusqu’à {euros(up_to)}' if up_to else ''}" for up_to, amount in pack.indemnity)
    return {
        "code": pack.code,
        "name": pack.name,
        "article": pack.article,
        "rate": percent(rate),
        "base": f"{law[pack.base].title}, {percent(base.value)}, plus {str(pack.margin).replace('.', ',')} points"
        + (", arrondi au demi-point supérieur" if pack.rounding == "UP_HALF" else "")
        + (" ; le taux du jour de l’échéance vaut pour tout le retard" if pack.rate == "DUE" else ""),
        "indemnity": scale,
        "indemnity_article": pack.indemnity_article,
        "limitation": years(limitations[pack.limitation], on),
        "licence": pack.licence_name,
        "since": pack.first,
        "known": known(pack.mark, pack.checked) + (" ; taux du semestre calculé, non publié" if base.mark == "K" else ""),
    }


def example(on: date) -> dict[str, Any]:
    """One late invoice between professionals, part of it paid: what the page shows before anyone types."""
    due, paid_on = on - 75 * DAY, on - 20 * DAY
    invoice = {"number": "Exemple", "issued": str(due - 30 * DAY), "due": str(due), "amount": "1920.00"}
    told = {
        "regime": "b2b",
        "claim": "service",
        "on": str(on),
        "invoices": [invoice],
        "payments": [{"on": str(paid_on), "amount": "500.00"}],
    }
    owed = answer(read(told, on, 1))
    days = {"issued": due - 30 * DAY, "due": due, "paid_on": paid_on, "on": on}
    return {
        "fields": {name: figures_day(each) for name, each in days.items()} | {"amount": "1 920,00", "paid": "500,00"},
        "lines": [as_shown(line) for line in owed["lines"]],
        "balance": Decimal(owed["balance"]),
        "limitation": owed["limitations"][0]["sentence"],
    }


def as_shown(line: dict[str, Any]) -> dict[str, Any]:
    """As `statement.js` shows it: a title, then the arithmetic and the article."""
    said, _, article = line["rule"].partition(", ")
    if line["kind"] == "principal":
        title = f"Facture {line['invoice']}"
        return {"title": title, "detail": line["detail"].removeprefix(title).strip(), "amount": Decimal(line["amount"])}
    title = {"payment": "Paiement reçu"}.get(line["kind"], said)
    return {"title": title, "detail": f"{line['detail']} · {whole(article)}", "amount": Decimal(line["amount"])}
