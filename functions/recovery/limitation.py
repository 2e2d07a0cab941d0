"""Until when a claim can be brought, and what moved that day (docs/law.md 5; Code civil, 2224 to 2254).

A formal notice, a letter or a call moves nothing (Cass. com., 18 May 2022, n° 20-23.204). When nobody knows what an invoice is for, the
shortest period that could apply is the one we count with.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from recovery.amounts import Claim, Statement, statement
from recovery.days import DAY, add_months, add_years
from recovery.events import Invoice, LimitationInterrupted, LimitationSuspended
from recovery.french import day
from recovery.kinds import kinds
from recovery.law import Rule, law, limitations

STAGES = {"6 months": "six mois", "3 months": "trois mois", "45 days": "quarante-cinq jours", "1 month": "un mois"}  # what is said, when
ENDLESS = date.max  # while proceedings last
ALERTS = (6, 3, 1)  # months before the last day (law.md 5.3)
INTERRUPTS = {
    "acknowledgement": "reconnaissance de la dette, art. 2240 du code civil",
    "part_payment": "paiement partiel, art. 2240 du code civil",
    "court_claim": "demande en justice, art. 2241 du code civil",
    "enforcement": "mesure d’exécution, art. 2244 du code civil",
    "insolvency_claim": "déclaration de créance, art. L622-25-1 du code de commerce",
}
FRENCH_EVERYWHERE = ("transport", "ship", "telecom")  # one year at home, and for carriage one year abroad too (CMR, art. 32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limitation:
    """`last` is the last day on which the claim can be brought; it lapses when that day is over."""

    invoice: str
    last: date
    code: str
    article: str
    since: date  # the day the period runs from, the day itself not counted
    moved: tuple[str, ...] = ()  # what interrupted or suspended it, in French
    warning: str = ""

    @property
    def sentence(self) -> str:
        if self.last == ENDLESS:
            return f"La prescription est interrompue le temps de la procédure ({self.article})."
        moved = f" ; {' ; '.join(self.moved)}" if self.moved else ""
        return f"Cette créance sera prescrite après le {day(self.last)} ({self.article}{moved})."

    def alert(self, on: date) -> int | None:
        """The months that are left, when an alert is due: 6, 3 or 1, 0 once it has lapsed."""
        if on > self.last:
            return 0
        return min((months for months in ALERTS if self.last != ENDLESS and on >= add_months(self.last, -months)), default=None)

    def stages(self) -> list[tuple[date, str]]:
        """The days on which it is said how near the end is: at 45 days there is still time to ask a judge (law.md 5.3)."""
        if self.last == ENDLESS:
            return []
        return [
            (self.last - timedelta(days=45) if stage == "45 days" else add_months(self.last, -int(stage[0])), stage) for stage in STAGES
        ]


def limitation(claim: Claim) -> Limitation:
    """The earliest among the invoices on which something is owed."""
    return min(limitations_of(claim), key=lambda each: (each.last, each.invoice))


def limitations_of(claim: Claim, owed: Statement | None = None) -> list[Limitation]:
    """One for each invoice, the settled ones left out while another is not; `owed` is known, or counted when money last moved.

    Raises `CountryUnsupported`.
    """
    told = [*(each.on for each in claim.payments), *(each.on for each in claim.returned), *(each.on for each in claim.credit_notes)]
    owed = owed or (statement(claim, max(told)) if told else None)
    settled = {invoice.number for invoice in claim.invoices if owed and invoice.due <= owed.on and invoice.number not in owed.unpaid}
    some = [invoice for invoice in claim.invoices if invoice.number not in settled] or list(claim.invoices)
    acknowledged: dict[str, list[LimitationInterrupted]] = {}
    if owed and claim.settings["part_payment_interrupts"] != "NO":
        payments = {payment.payment: payment for payment in claim.payments if payment.acknowledges}
        for share in owed.shares:
            if payment := payments.get(share.payment):
                part = LimitationInterrupted(at=payment.at, by=payment.by, ground="part_payment", on=payment.on)
                acknowledged.setdefault(share.invoice, []).append(part)
    return [_of(claim, invoice, acknowledged.get(invoice.number, [])) for invoice in some]


def _of(claim: Claim, invoice: Invoice, paid: list[LimitationInterrupted]) -> Limitation:
    rules = list(_rules(claim, invoice))
    code, rule, start = min(rules, key=lambda each: _last(*each))
    last, moved, since = _last(code, rule, start), [], start
    counted = start  # the days up to this one have moved the end already
    ended = {(event.ground, event.on, event.invoice) for event in claim.interruptions if event.until}  # told again with their end
    events: list[LimitationInterrupted | LimitationSuspended] = [
        *(
            event
            for event in claim.interruptions
            if event.invoice in (None, invoice.number) and (event.until or (event.ground, event.on, event.invoice) not in ended)
        ),
        *paid,
        *claim.suspensions,
    ]
    for event in sorted(events, key=lambda event: event.on if isinstance(event, LimitationInterrupted) else event.first):
        if isinstance(event, LimitationSuspended):
            if event.first <= last != ENDLESS and event.last > counted:
                at_least = int(law["months_after_mediation"].value(max(event.last, law["months_after_mediation"].values[0].first)))
                last = max(last + (event.last - max(event.first - DAY, counted)), add_months(event.last, at_least))
                counted = event.last
                moved.append(f"suspendue du {day(event.first)} au {day(event.last)}, art. 2238 du code civil")
        elif start < event.on <= last != ENDLESS:  # once acquired it is only waived, never interrupted (Code civil, 2250)
            again = event.until or event.on
            ongoing = event.until is None and event.ground in ("court_claim", "insolvency_claim")
            held = ENDLESS if ongoing else _again(code, rule, again)
            if held <= last:
                continue  # proceedings, or a period that begins later, hold longer already
            last, since, counted = held, again, max(counted, again)
            moved.append(f"interrompue le {day(event.on)}, {INTERRUPTS[event.ground]}")
    return Limitation(
        invoice=invoice.number,
        last=last,
        code=code,
        article=rule.article,
        since=since,
        moved=tuple(moved),
        warning="" if len(rules) == 1 else "Nature de la créance inconnue : la prescription la plus courte est retenue.",
    )


def _rules(claim: Claim, invoice: Invoice) -> Iterator[tuple[str, Rule, date]]:
    """`(code, rule, first day not counted)` of each period that could apply: one when the kind of claim is known."""
    kind = kinds.get(invoice.kind)
    who = "individual" if claim.creditor_kind == "individual" else claim.regime
    abroad = claim.country
    for each in [kind] if kind else [kinds[name] for name in kinds if not kinds[name].refused and (name != "rent" or who != "b2b")]:
        code = each.limitation[who]
        if abroad and each.id not in FRENCH_EVERYWHERE:
            code = abroad.limitation if each.id in ("sale", "service") and claim.regime != "b2c" else abroad.periodic
        start = invoice.delivered or invoice.issued if kind and kind.starts == "delivered" else invoice.due
        yield code, limitations[code], min(invoice.issued, invoice.delivered or invoice.issued) if code == "PUB4" else start


def _last(code: str, rule: Rule, start: date) -> date:
    if code in ("PUB4", "DE3"):  # whole years, from the end of the one in which the right arose (loi 68-1250; BGB, § 199)
        return date(start.year + _years(rule, start), 12, 31)
    return add_years(start, _years(rule, start))


def _again(code: str, rule: Rule, since: date) -> date:
    """A new full period (Code civil, 2231; BGB, § 212 for Germany, which then counts from the day)."""
    return _last(code, rule, since) if code == "PUB4" else add_years(since, _years(rule, since))


def _years(rule: Rule, start: date) -> int:
    return int(rule.value(max(start, rule.values[0].first)))
