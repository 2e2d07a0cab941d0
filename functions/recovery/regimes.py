"""What may be claimed, from whom and for whom, as the form says it: the country, the kind of claim, what a contract adds, what has lapsed.

Sentences come as `(field, sentence)`; intake.py places them.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from recovery import french
from recovery.agreed import agreed_rate, bounds
from recovery.amounts import Claim
from recovery.countries import CountryUnsupported, countries, country
from recovery.events import Invoice
from recovery.invoices.written import amount, fold
from recovery.kinds import kind_named, kinds
from recovery.limitation import limitation
from recovery.refusals import Invalid


class LicenceLacking(Invalid):
    message = "Ce pays demande une autorisation que notre agence n’a pas."
    field = "debtor_country"


REGIMES = {"business": "b2b", "consumer": "b2c", "public": "b2g"}
WE_WRITE = ("fr",)  # the languages our letters are in
A_YEAR_IS_NEAR = timedelta(days=274)  # nine months: three are left of the shortest periods
Said = tuple[str, str]
# Words of an invoice that tell of a claim whose limitation or interest is not that of a sale: the person then chooses.
TELLING = re.compile(
    r"\b(transport|affretement|fret|messagerie|livraison express|lettre de voiture|cmr|navire|telephon\w*|telecom\w*|internet|abonnement mobile|"
    r"loyer|bail|charges locatives|copropriete|syndic|prime d.assurance|cotisation d.assurance|pret|credit|echeance de pret|cheque|lettre de change)\b"
)


def tells_of_another_kind(words: str) -> bool:
    return TELLING.search(fold(words)) is not None


def about_the_country(code: str, debtor_kind: str, licences: Mapping[str, str]) -> Iterator[Said]:
    """Better refused than computed wrong, written in a language its reader has not, or sent without the licence that is wanted there."""
    if not re.fullmatch("[A-Z]{2}", code) or code == "FR":
        return
    try:
        abroad = country(code)
    except CountryUnsupported as refusal:
        yield "debtor_country", refusal.message
        return
    assert abroad
    if debtor_kind == "public":
        yield "debtor_kind", "Un acheteur public établi hors de France suit les règles de son pays : nous ne le recouvrons pas."
    if not set(WE_WRITE) & set(abroad.letter):
        yield (
            "debtor_country",
            f"Nous n’écrivons pas encore à vos clients dans leur langue : pas de dossier en {abroad.name} pour l’instant.",
        )
    if sentence := licence_lacking(code, REGIMES.get(debtor_kind, "b2b"), licences):
        yield "debtor_country", sentence


def licence_lacking(code: str, regime: str, licences: Mapping[str, str]) -> str:
    """The sentence of what the agency has not, empty when it may write there. Asked again before each letter."""
    abroad = countries.get(code)
    if abroad is None or not abroad.licence_wanted(regime) or licences.get(code, "").strip():
        return ""
    whom = " un particulier" if abroad.licence == "consumers" else ""
    return f"Recouvrer{whom} en {abroad.name} demande une autorisation que notre agence n’a pas : {abroad.licence_name}."


def licence_shown(code: str, regime: str, licences: Mapping[str, str]) -> str:
    """By what right the agency writes there, for the foot of its letters: `Belgique : SPF Économie n° 1.` Empty where none is asked."""
    abroad = countries.get(code)
    if abroad is None or not abroad.licence_wanted(regime) or not licences.get(code, "").strip():
        return ""
    return f"{abroad.name} : {licences[code].strip()}."


def about_the_claim(said: Mapping[str, str], fields: Mapping[str, str], due: date | None, asks_kind: bool, today: date) -> Iterator[Said]:
    kind = said["kind"]
    if must_choose(kind, due, asks_kind, today) and not (due and lapsed_sentence(due, None, kind, fields, today)):
        yield "kind", "Choisissez ce que cette facture fait payer : le délai pour la réclamer en dépend."
    try:
        kind_named(kind)
    except Invalid as refusal:
        yield "kind", refusal.message
    allowed = allows_penalties(fields["debtor_kind"], fields["creditor_kind"], kind)
    if allowed == "agreed" and said["agreed"]:
        try:
            rate = agreed_rate(said["agreed"])
            if rate and due:
                bounds(rate, due)
        except Invalid as refusal:
            yield "agreed", refusal.message
    if allowed and said["penalty"]:
        penalty, owed = amount(said["penalty"]), amount(said["amount"])
        if penalty is None or penalty <= 0:
            yield "penalty", "Saisissez la somme prévue au contrat, par exemple 150,00, ou laissez ce champ vide."
        elif owed is not None and penalty > owed:
            yield "penalty", "Cette pénalité dépasse la facture elle-même : un juge la réduirait, nous ne la réclamons pas."


def must_choose(kind: str, due: date | None, asks_kind: bool, today: date) -> bool:
    """The kind is asked only when it changes the law: words that tell of it, or a one-year period that is over or nearly so."""
    return not kind and (asks_kind or (due is not None and due + A_YEAR_IS_NEAR < today))


def allows_penalties(debtor_kind: str, creditor_kind: str, kind: str) -> str:
    """`agreed` where a contract may set the rate, `clause` where only a penalty clause adds up, empty where neither may (INV-05)."""
    known = kinds.get(kind or "service")
    if debtor_kind == "consumer" or creditor_kind == "individual" or (known and known.interest == "legal"):
        return ""
    return "agreed" if debtor_kind == "business" else "clause"


def lapsed_sentence(due: date, issued: date | None, kind: str, fields: Mapping[str, str], today: date) -> str:
    """Empty while the invoice can be claimed. One of several that has lapsed is refused alone, by its field."""
    abroad = fields["debtor_country"] if fields["debtor_country"] in countries else "FR"
    regime = REGIMES.get(fields["debtor_kind"], "b2b")
    one = Invoice(number="", issued=issued or due, due=due, amount=Decimal(1), kind=kind if kind in kinds else "service")
    found = limitation(Claim(regime=regime, invoices=(one,), creditor_kind=fields["creditor_kind"], debtor_country=abroad))
    if today <= found.last:
        return ""
    if found.code not in ("COMM5", "CONS2"):
        return f"Cette facture est prescrite depuis le {french.day(found.last)} ({found.article}) : nous ne pouvons pas la réclamer."
    whose = " Le délai est de deux ans envers un particulier." if found.code == "CONS2" else ""
    years = "deux" if found.code == "CONS2" else "cinq"
    return f"Cette facture a plus de {years} ans : elle est probablement prescrite. Nous ne pouvons pas la réclamer.{whose}"
