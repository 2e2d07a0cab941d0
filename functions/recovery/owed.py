"""A claim told in JSON, checked field by field, and what is owed on it told back: `reglo owed` and `POST /api/owed`.

    {"regime": "b2b|b2c|b2g", "debtor_country": "FR", "formal_notice_on": null,
     "invoices": [{"number", "issued", "due", "amount", "agreed_rate": null,
                   "claim", "delivered", "penalty_clause", "interest": true, "label"}],
     "payments": [{"on", "amount", "invoice": null, "order": ""|"principal", "acknowledges": true, "returned_on": null}],
     "credit_notes": [{"on", "amount", "invoice", "retroactive": false, "number"}],
     "creditor": "business|public|individual", "claim": null, "settings": {}, "on": null,
     "capitalised": false, "insolvency_on": null, "enforceable_on": null, "plans": [{"first", "last"}],
     "costs": [{"on", "amount", "label"}], "interruptions": [{"on", "ground", "until": null, "invoice": null}],
     "suspensions": [{"first", "last", "ground"}]}

Days are AAAA-MM-JJ (31/01/2026 is understood), money is a number or a text of two decimals at most, in euros. What cannot be accepted comes
back with its path (`invoices[0].due`) and one sentence; what is only doubtful is counted, and warned of.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeVar

from recovery.agreed import agreed_rate, bounds, yearly
from recovery.amounts import Claim, Cost, Line, Statement, penalty_of, statement
from recovery.countries import country
from recovery.events import CreditNoted, Invoice, LimitationInterrupted, LimitationSuspended, PaymentReceived, PaymentReturned
from recovery.french import cents, day
from recovery.intake import FormRefused, Wrong
from recovery.invoices.written import LARGEST, amount, clean
from recovery.kinds import kind_named, kinds
from recovery.law import LawUnknown
from recovery.limitation import ENDLESS, INTERRUPTS, Limitation, limitations_of
from recovery.rates import something
from recovery.refusals import Invalid
from recovery.settings import Settings, settings

EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)  # what lies outside is a slip of the keyboard
MOST_ERRORS = 50
REGIMES = ("b2b", "b2c", "b2g")
CREDITORS = ("business", "public", "individual")
Built = TypeVar("Built")
GROUNDS = tuple(ground for ground in INTERRUPTS if ground != "part_payment")  # a payment interrupts by itself
DATED_DATA = ("greffe_fee", "service_fee", "aid_contribution")  # settings of law.md 13 that are values of law, not answers


@dataclass(frozen=True, slots=True)
class Asked:
    claim: Claim
    on: date
    paths: Mapping[str, str]  # invoice → where it was told
    warnings: tuple[Wrong, ...] = ()


def read(told: object, today: date, most: int) -> Asked:
    """The claim, or every field that cannot be accepted. `most` bounds each list. Raises `FormRefused`."""
    notes = _Notes()
    asked = _asked(told, today, most, notes) if isinstance(told, dict) else None
    if not isinstance(told, dict):
        notes.wrong("", "Donnez un objet JSON : « regime », « invoices », « payments »…")
    if notes.errors or asked is None:
        raise FormRefused(tuple(notes.errors[:MOST_ERRORS]))
    return replace(asked, warnings=tuple(notes.warnings))


def answer(asked: Asked) -> dict[str, Any]:
    """The statement, until when each invoice can be claimed, and what one should know about both. Raises `FormRefused`."""
    try:
        owed = statement(asked.claim, asked.on)
        lasts = limitations_of(asked.claim, owed)
    except LawUnknown as unknown:
        sentence = f"{unknown.rule.title} : aucune valeur n’est connue chez nous pour le {day(unknown.day)}. Choisissez une autre date."
        raise FormRefused((Wrong("on", sentence),)) from unknown
    earliest = min(lasts, key=lambda each: (each.last, each.invoice))
    said = (*asked.warnings, *_about_the_statement(asked, owed), *_about_the_limitation(asked, lasts))
    return figures(owed) | {
        "limitation": _last_day(earliest),
        "limitations": [
            {"invoice": each.invoice, "last": _last_day(each), "article": each.article, "sentence": each.sentence} for each in lasts
        ],
        "warnings": [{"field": warning.field, "message": warning.message} for warning in said],
    }


def _last_day(found: Limitation) -> str | None:
    """None while proceedings last."""
    return None if found.last == ENDLESS else found.last.isoformat()


# ------------------------------------------------------------------------------------------------ a statement as JSON


def figures(owed: Statement) -> dict[str, Any]:
    return {
        "on": owed.on.isoformat(),
        "lines": [_line(line) for line in owed.lines],
        "principal": money(owed.principal),
        "interest": money(owed.interest),
        "indemnity": money(owed.indemnity),
        "penalty": money(owed.penalty),
        "paid": money(owed.paid),
        "waived": money(owed.waived),
        "cost": money(owed.cost),
        "balance": money(owed.balance),
    }


def _line(line: Line) -> dict[str, Any]:
    """An interest line also carries the figures of its arithmetic."""
    shown: dict[str, Any] = {
        "kind": line.kind,
        "invoice": line.invoice,
        "amount": money(line.amount),
        "rule": line.rule,
        "detail": line.detail,
    }
    if line.rate is not None and line.base is not None:
        segment = {"first": str(line.first), "last": str(line.last), "days": line.days, "rate": f"{line.rate:f}", "base": money(line.base)}
        shown |= segment
    return shown


def money(value: Decimal) -> str:
    return f"{value:.2f}"


# ------------------------------------------------------------------------------------------------ what one should know


def _about_the_statement(asked: Asked, owed: Statement) -> Iterator[Wrong]:
    claim, on = asked.claim, asked.on
    abroad = claim.country
    if abroad:
        yield Wrong(
            "debtor_country", f"Compté selon la loi du pays du débiteur ({abroad.name}), lue le {day(abroad.checked)} : faites-la relire."
        )
        if claim.legal_interest:
            yield Wrong("regime", "À l’étranger, nous ne réclamons à un particulier, ou pour un particulier, que le principal.")
        if abroad.licence_wanted(claim.regime):
            yield Wrong("debtor_country", f"Recouvrer dans ce pays demande une autorisation : {abroad.licence_name}.")
    elif claim.legal_interest and claim.formal_notice_on is None:
        yield Wrong("formal_notice_on", "Sans mise en demeure présentée, aucun intérêt ne court encore : seul le principal est compté.")
    segments: dict[str | None, list[Line]] = {}
    for line in owed.lines:
        if line.rate is not None:
            segments.setdefault(line.invoice, []).append(line)
    for invoice in claim.invoices:
        path = asked.paths[invoice.number]
        if invoice.due > on:
            yield Wrong(path, f"La facture {invoice.number} n’est à payer que le {day(invoice.due)} : elle n’est pas comptée au {day(on)}.")
        if invoice.agreed:
            yield from _about_the_agreed_rate(claim, invoice, f"{path}.agreed_rate", segments.get(invoice.number, []))
        if invoice.penalty and not penalty_of(claim, invoice):
            sentence = "La clause pénale n’est pas réclamée à un particulier, ni pour un particulier, ni sur un loyer ou des charges."
            yield Wrong(f"{path}.penalty_clause", sentence)
        credited = sum((note.amount for note in claim.credit_notes if note.invoice == invoice.number), Decimal(0))
        if credited > invoice.amount:
            yield Wrong(path, f"Les avoirs dépassent la facture {invoice.number} : le surplus vient en déduction du reste.")
    if any(line.assumed for line in owed.lines):
        yield Wrong("on", "Un taux de la période n’est pas encore publié : le dernier connu est supposé continuer.")
    ahead = {invoice.number for invoice in claim.invoices if invoice.due > on}
    if ahead and (owed.balance < 0 or any(payment.invoice in ahead for payment in claim.payments)):
        yield Wrong("payments", "Une somme payée d’avance est déduite du solde : elle sera imputée à l’échéance de ce qui n’est pas encore dû.")
    elif owed.balance < 0:
        yield Wrong("payments", "Le débiteur a payé plus que ce qu’il doit : le trop-perçu lui revient.")


def _about_the_agreed_rate(claim: Claim, invoice: Invoice, path: str, segments: list[Line]) -> Iterator[Wrong]:
    assert invoice.agreed is not None
    if claim.regime != "b2b" or claim.legal_interest or kinds[invoice.kind or "service"].interest == "legal":
        yield Wrong(path, "Le taux convenu n’est pas appliqué ici : la loi fixe celui de cette créance.")
    elif something(invoice.agreed) is None:
        yield Wrong(path, "Un taux convenu nul compte comme absent : le taux légal supplétif s’applique.")
    elif claim.country:
        yield Wrong(path, "À l’étranger, le taux convenu n’est compté que là où il est plus bas que celui de la loi du pays.")
    else:
        if flag := bounds(invoice.agreed, invoice.due):
            yield Wrong(path, flag)
        raised = [
            line for line in segments if line.first and line.rate and line.rate != 0 and line.rate > yearly(invoice.agreed, line.first)
        ]
        if raised:
            done = "il est relevé à ce plancher" if claim.settings["below_floor"] == "FLOOR" else "le taux supplétif le remplace"
            yield Wrong(path, f"Le taux convenu est sous trois fois le taux légal au {day(raised[0].first)} : {done} (L441-10 II).")  # type: ignore[arg-type]


def _about_the_limitation(asked: Asked, lasts: list[Limitation]) -> Iterator[Wrong]:
    for found in lasts:
        path, left = asked.paths[found.invoice], found.alert(asked.on)
        if left == 0:
            sentence = f"La facture {found.invoice} est prescrite : on ne pouvait la réclamer en justice que jusqu’au {day(found.last)}."
            yield Wrong(path, sentence)
        elif left is not None:
            yield Wrong(path, f"Il reste moins de {left} mois. {found.sentence}")
    if warning := next((found.warning for found in lasts if found.warning), ""):
        yield Wrong("claim", warning)


# ------------------------------------------------------------------------------------------------ reading the JSON


@dataclass(slots=True)
class _Notes:
    errors: list[Wrong] = field(default_factory=list)
    warnings: list[Wrong] = field(default_factory=list)

    def wrong(self, path: str, sentence: str) -> None:
        self.errors.append(Wrong(path, sentence))


class _Told:
    """One object of the JSON, read key by key: what is wrong is noted under its path, what nobody asked for is warned of."""

    def __init__(self, told: Mapping[str, Any], path: str, notes: _Notes, latest: date) -> None:
        self.told, self.path, self.notes, self.latest = told, path, notes, latest
        self.known: set[str] = set()

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def wrong(self, name: str, sentence: str) -> None:
        self.notes.wrong(self.at(name), sentence)

    def get(self, name: str) -> Any:
        self.known.add(name)
        value = self.told.get(name)
        return None if value == "" else value

    def text(self, name: str, longest: int = 200) -> str:
        value = self.get(name)
        if value is None:
            return ""
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST:
            value = str(value)
        if not isinstance(value, str):
            self.wrong(name, "Donnez un texte.")
            return ""
        kept = clean(value, longest + 1)
        if len(kept) > longest or not kept:
            self.wrong(name, f"Donnez un texte de {longest} caractères au plus.")
        return kept

    def one_of(self, name: str, choices: tuple[str, ...], default: str | None) -> str:
        value = self.get(name)
        if value is None and default is not None:
            return default
        chosen = value.strip().lower() if isinstance(value, str) else ""
        if chosen not in choices:
            self.wrong(name, f"Choisissez : {', '.join(choices)}.")
        return chosen

    def flag(self, name: str, default: bool) -> bool:
        value = self.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(name, "Répondez true ou false.")
        return bool(value)

    def day(self, name: str, *, needed: str = "", ahead: bool = False) -> date | None:
        """`needed` is the sentence of a day that is missing; only what may lie ahead is accepted after today."""
        value = self.get(name)
        if value is None:
            if needed:
                self.wrong(name, needed)
            return None
        found = _a_day(value)
        if found is None:
            self.wrong(name, "Cette date n’existe pas. Écrivez-la 2026-01-31.")
        elif not EARLIEST <= found <= LATEST:
            self.wrong(name, f"Cette date est hors de portée : elle va de {EARLIEST.year} à {LATEST.year}.")
        elif found > self.latest and not ahead:
            self.wrong(name, "Cette date est dans le futur.")
        else:
            return found
        return None

    def sum(self, name: str, *, needed: str = "") -> Decimal | None:
        value = self.get(name)
        if value is None:
            if needed:
                self.wrong(name, needed)
            return None
        found = _a_sum(value)
        if isinstance(found, str):
            self.wrong(name, found)
            return None
        return found

    def euros(self) -> None:
        currency = self.get("currency")
        if currency not in (None, "EUR", "eur", "€"):
            self.wrong("currency", "Seules les sommes en euros sont comptées.")

    def items(self, name: str, most: int) -> Iterator["_Told"]:
        value = self.get(name)
        if value is None:
            return
        if not isinstance(value, list):
            self.wrong(name, "Donnez une liste.")
        elif len(value) > most:
            self.wrong(name, f"C’est trop : {most} lignes au plus.")
        else:
            for place, item in enumerate(value):
                path = f"{self.at(name)}[{place}]"
                if isinstance(item, dict):
                    told = _Told(item, path, self.notes, self.latest)
                    yield told
                    told.nothing_else()
                else:
                    self.notes.wrong(path, "Donnez un objet JSON.")

    def nothing_else(self) -> None:
        for name in list(self.told)[: len(self.known) + 5]:
            if name not in self.known:
                self.notes.warnings.append(Wrong(self.at(clean(name, 40)), "Ce champ n’est pas connu : il est laissé de côté."))


def _a_day(value: object) -> date | None:
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{4}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat("-".join(reversed(text.split("/"))))
    except ValueError:
        return None


def _a_sum(value: object) -> Decimal | str:
    """The sum, or why it cannot be one."""
    if isinstance(value, str):
        text = value.strip()
        plain = re.fullmatch(r"-?\d{1,15}(?:[.,]\d{1,2})?", text, re.ASCII)
        if not plain and not re.fullmatch(r"[-\u2212\d\s.,'’\u00a0\u202f]{1,30}(?:€|EUR)?", text):
            return "Ce montant n’est pas compris. Écrivez-le 1200.00, en euros."
        found = Decimal(text.replace(",", ".")) if plain else amount(text)
        if found is None:
            return "Ce montant n’est pas compris : écrivez-le 1200.00, avec deux décimales au plus."
    elif isinstance(value, bool) or not isinstance(value, int | Decimal):
        return "Ce montant n’est pas compris. Écrivez-le 1200.00, en euros."
    else:
        found = Decimal(value)
    if not (found.is_finite() and -LARGEST <= found <= LARGEST):  # compared, not computed: 1E+999999999 is a number too
        return "Ce montant est trop grand : vérifiez-le."
    if found < 0:
        return "Ce montant est négatif. Un avoir se donne dans « credit_notes », avec un montant positif."
    if found != cents(found):
        return "Un montant a deux décimales au plus."
    return cents(found) if found else "Le montant est de zéro : il n’y a rien à compter."


# ------------------------------------------------------------------------------------------------ from the JSON to the claim


def _asked(told: Mapping[str, Any], today: date, most: int, notes: _Notes) -> Asked | None:
    on = _a_day(told.get("on")) or today
    top = _Told(told, "", notes, max(today, on))
    top.day("on", ahead=True)
    top.euros()
    regime = top.one_of("regime", REGIMES, None)
    kind = _kind(top)
    chosen = _settings(top)
    paths: dict[str, str] = {}
    invoices = [invoice for item in top.items("invoices", most) if (invoice := _invoice(item, kind, regime, paths)) is not None]
    if not paths and not notes.errors:
        top.wrong("invoices", "Donnez au moins une facture : « number », « issued », « due », « amount ».")
    payments, returned = [], []
    for place, item in enumerate(top.items("payments", most), 1):
        payment, back = _payment(item, f"p{place}", paths)
        if payment and payment.on <= on:
            payments.append(payment)
        elif payment:
            notes.warnings.append(Wrong(item.path, f"Ce paiement est du {day(payment.on)} : il n’est pas compté au {day(on)}."))
        if back and back.on <= on:
            returned.append(back)
    credit_notes = []
    for item in top.items("credit_notes", most):
        note = _credit_note(item, paths)
        if note and note.on <= on:
            credit_notes.append(note)
        elif note:
            notes.warnings.append(Wrong(item.path, f"Cet avoir est du {day(note.on)} : il n’est pas compté au {day(on)}."))
    claim = Claim(
        regime=regime,
        invoices=tuple(invoices),
        payments=tuple(payments),
        returned=tuple(returned),
        credit_notes=tuple(credit_notes),
        costs=tuple(_several(top.items("costs", most), _cost)),
        creditor_kind=top.one_of("creditor", CREDITORS, "business"),
        debtor_country=_country(top),
        formal_notice_on=top.day("formal_notice_on"),
        enforceable_on=top.day("enforceable_on"),
        stopped_on=top.day("insolvency_on"),
        plans=tuple(_several(top.items("plans", most), _period)),
        interruptions=tuple(
            each for each in _several(top.items("interruptions", most), lambda item: _interruption(item, paths)) if each.on <= on
        ),
        suspensions=tuple(each for each in _several(top.items("suspensions", most), _suspension) if each.first <= on),
        compound=top.flag("capitalised", False),
        settings=chosen,
    )
    top.nothing_else()
    plans = sorted(claim.plans)
    if any(before[1] >= after[0] for before, after in pairwise(plans)):
        top.wrong("plans", "Deux échéanciers se chevauchent : donnez des périodes qui se suivent.")
    return Asked(claim, on, paths)


def _kind(told: _Told) -> str:
    try:
        kind = kind_named(told.text("claim", 40))
    except Invalid as refused:
        told.wrong("claim", refused.message)
        return ""
    return kind.id if kind else ""


def _country(told: _Told) -> str:
    code = told.text("debtor_country", 40).upper() or "FR"
    try:
        country(code)
    except Invalid as refused:
        told.wrong("debtor_country", refused.message)
    return code


def _settings(told: _Told) -> Settings:
    chosen: dict[str, str] = {}
    given = told.get("settings") or {}
    if not isinstance(given, dict):
        told.wrong("settings", "Donnez un objet JSON : le nom du réglage et sa valeur.")
        return Settings()
    for said, value in list(given.items())[:MOST_ERRORS]:
        name = clean(said, 40).lower()
        if name in DATED_DATA:
            told.notes.warnings.append(Wrong(f"settings.{name}", "Ce réglage n’a pas d’effet sur ce décompte."))
            continue
        try:
            chosen |= settings({name: value}).chosen
        except Invalid as refused:
            told.wrong(f"settings.{name}", refused.message)
    return Settings(chosen)


def _invoice(told: _Told, kind: str, regime: str, paths: dict[str, str]) -> Invoice | None:
    told.euros()
    number = told.text("number", 40)
    if not number and told.get("number") is None:
        told.wrong("number", "Donnez le numéro de la facture.")
    elif number in paths:
        told.wrong("number", "Deux factures portent ce numéro : retirez-en une, ou corrigez-le.")
    due = told.day("due", needed="Donnez la date d’échéance, par exemple 2026-01-31.", ahead=True)
    issued = told.day("issued") or due  # nobody told: the due date is what we are sure of
    total = told.sum("amount", needed="Donnez le montant encore dû, TTC.")
    if issued and due and due < issued:
        told.wrong("due", "L’échéance est avant la date de la facture. Corrigez l’une des deux.")
    agreed = None
    try:
        agreed = agreed_rate(told.get("agreed_rate"))
        if agreed and due and regime == "b2b":
            bounds(agreed, due)
    except Invalid as refused:
        told.wrong("agreed_rate", refused.message)
    penalty, delivered = told.sum("penalty_clause"), told.day("delivered")
    if number:
        paths.setdefault(number, told.path)
    label, interest, own = told.text("label"), told.flag("interest", True), _kind(told)
    if not number or due is None or issued is None or total is None:
        return None
    return Invoice(
        number=number,
        issued=issued,
        due=due,
        amount=total,
        label=label,
        interest=interest,
        kind=own or kind,
        agreed=agreed,
        penalty=penalty,
        delivered=delivered,
    )


def _which(told: _Told, paths: Mapping[str, str]) -> str | None:
    """The invoice it is about, None for all of them."""
    number = told.text("invoice", 40) or None
    if number and number not in paths:
        told.wrong("invoice", "Aucune facture de la liste ne porte ce numéro.")
    return number


def _payment(told: _Told, id: str, paths: Mapping[str, str]) -> tuple[PaymentReceived | None, PaymentReturned | None]:
    told.euros()
    on = told.day("on", needed="Donnez le jour du paiement.")
    total = told.sum("amount", needed="Donnez le montant du paiement.")
    order = told.one_of("order", ("principal", "interest"), "")
    back, invoice, acknowledges = told.day("returned_on"), _which(told, paths), told.flag("acknowledges", True)
    means = told.text("means", 40)
    if on is None or total is None:
        return None, None
    if back and back < on:
        told.wrong("returned_on", "Ce paiement serait revenu avant d’être fait : corrigez l’une des deux dates.")
    payment = PaymentReceived(
        at=_moment(on),
        by="",
        payment=id,
        amount=total,
        on=on,
        means=means or "transfer",
        invoice=invoice,
        order="principal" if order == "principal" else "",
        acknowledges=acknowledges,
    )
    return payment, PaymentReturned(at=_moment(back), by="", payment=id, on=back) if back else None


def _credit_note(told: _Told, paths: Mapping[str, str]) -> CreditNoted | None:
    told.euros()
    on = told.day("on", needed="Donnez le jour de l’avoir.")
    total = told.sum("amount", needed="Donnez le montant de l’avoir, positif.")
    number, invoice, retroactive = told.text("number", 40), _which(told, paths), told.flag("retroactive", False)
    if retroactive and invoice is None:
        told.wrong("invoice", "Un avoir qui corrige une facture depuis l’origine dit laquelle.")
    if on is None or total is None:
        return None
    return CreditNoted(at=_moment(on), by="", number=number, invoice=invoice, amount=total, on=on, retroactive=retroactive)


def _cost(told: _Told) -> Cost | None:
    told.euros()
    on = told.day("on", needed="Donnez le jour de la décision du juge.")
    total, label = told.sum("amount", needed="Donnez la somme accordée par le juge."), told.text("label")
    return Cost(on=on, amount=total, label=label or "dépens, frais accordés") if on and total else None


def _period(told: _Told) -> tuple[date, date] | None:
    first = told.day("first", needed="Donnez le premier jour.", ahead=True)
    last = told.day("last", needed="Donnez le dernier jour.", ahead=True)
    if first and last and last < first:
        told.wrong("last", "Le dernier jour est avant le premier.")
    return (first, last) if first and last else None


def _interruption(told: _Told, paths: Mapping[str, str]) -> LimitationInterrupted | None:
    ground = told.one_of("ground", GROUNDS, None)
    on = told.day("on", needed="Donnez le jour de l’acte.")
    until, invoice = told.day("until"), _which(told, paths)
    if on and until and until < on:
        told.wrong("until", "La fin est avant le début.")
    return LimitationInterrupted(at=_moment(on), by="", ground=ground, on=on, until=until, invoice=invoice) if on else None


def _suspension(told: _Told) -> LimitationSuspended | None:
    ground, period = told.text("ground", 40), _period(told)
    if period is None:
        return None
    first, last = period
    return LimitationSuspended(at=_moment(first), by="", first=first, last=last, ground=ground or "mediation")


def _several(items: Iterator[_Told], build: Callable[[_Told], Built | None]) -> list[Built]:
    return [built for item in items if (built := build(item)) is not None]


def _moment(on: date) -> datetime:
    """Events bear a moment; a statement looks at their days alone."""
    return datetime.combine(on, time(), UTC)
