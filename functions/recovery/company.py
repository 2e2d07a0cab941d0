"""What the public register says of a company, and whether it is the one somebody named.

A natural person, sole traders included, is shown by public facts alone: no score, and nothing at all when they asked the register
not to be shown. Directors are never kept: no question of ours is about them.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from recovery.invoices.written import fold

# INSEE, catégories juridiques (nature_juridique): the longest beginning that is known tells the form.
FORMS = {
    "1": "Entrepreneur individuel",
    "2": "Groupement sans personnalité morale",
    "3": "Société étrangère",
    "4": "Établissement public commercial",
    "52": "Société en nom collectif",
    "53": "Société en commandite",
    "54": "SARL",
    "5485": "SELARL",
    "55": "Société anonyme",
    "56": "Société anonyme",
    "57": "SAS",
    "5720": "SASU",
    "5785": "SELAS",
    "62": "GIE",
    "63": "Société coopérative agricole",
    "65": "Société civile",
    "6540": "SCI",
    "7": "Personne publique",
    "84": "Syndicat professionnel",
    "9110": "Syndicat de copropriété",
    "92": "Association",
    "93": "Fondation",
}
# Words of a name that say the form, not the company.
FORM_WORDS = frozenset(
    ("sarl", "sas", "sasu", "sa", "eurl", "snc", "sci", "selarl", "selas", "scop", "gie", "ei", "eirl", "ste", "societe", "ets", "etablissements", "entreprise", "groupe", "france", "et", "de", "des", "du", "la", "le", "les", "l", "d", "cie", "compagnie", "m", "mme", "monsieur", "madame")
)  # fmt: skip
SMALL_WORDS = frozenset(("de", "du", "des", "la", "le", "les", "et", "à", "au", "aux", "sur", "sous", "en", "l", "d"))
STREETS = {"AV": "avenue", "BD": "boulevard", "PL": "place", "CHE": "chemin", "RTE": "route", "ALL": "allée", "IMP": "impasse", "CRS": "cours", "QU": "quai", "SQ": "square", "FG": "faubourg", "PAS": "passage", "RES": "résidence", "LOT": "lotissement"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""

    @property
    def text(self) -> str:
        return ", ".join(part for part in (self.line1, self.line2, f"{self.postcode} {self.city}".strip()) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    siren: str
    name: str
    acronym: str = ""
    form_code: str = ""
    siret: str = ""  # of the seat
    address: Address | None = None
    active: bool = True
    created: date | None = None
    ceased: date | None = None
    activity: str = ""  # NAF code
    shown: bool = True  # the person agreed to be shown; else neither name nor address is kept
    sole_trader: bool = False
    capital: Decimal | None = None
    turnover: Decimal | None = None
    result: Decimal | None = None
    year: int | None = None  # of the turnover and the result

    @property
    def form(self) -> str:
        return next((FORMS[code] for n in (4, 3, 2, 1) if (code := self.form_code[:n]) in FORMS), "")

    @property
    def natural_person(self) -> bool:
        return self.sole_trader or self.form_code.startswith("1")

    @property
    def public_body(self) -> bool:
        return self.form_code.startswith(("7", "4"))

    @property
    def co_owners(self) -> bool:
        return self.form_code == "9110"


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """An address as the national address base knows it. `precision`: housenumber, street, locality, municipality."""

    address: Address
    score: Decimal
    precision: str


SURE, POSSIBLE = Decimal("0.8"), Decimal("0.5")  # law.md 9.4: ours, the base publishes none


def deliverability(located: Located | None) -> str:
    """`deliverable`, `to_confirm` by a person, or `to_research`: the letter would come back."""
    if located is None or located.score < POSSIBLE or located.precision == "municipality":
        return "to_research"
    return "deliverable" if located.score >= SURE and located.precision == "housenumber" else "to_confirm"


def same_name(typed: str, company: Company) -> bool:
    """Whether these are two writings of one name. A register spells its own way: forms, accents and word order say nothing."""
    ours = words(typed)
    if not ours:
        return False
    for name in (company.name, company.acronym):
        theirs = words(name)
        if theirs and (theirs <= ours or ours <= theirs or 2 * len(ours & theirs) > len(ours | theirs)):
            return True
    return False


def words(name: str) -> frozenset[str]:
    plain = " " + "".join(sign if sign.isalnum() else " " for sign in fold(name))
    told = plain.replace(" s a r l", " sarl").replace(" s a s", " sas").split()
    return frozenset(word for word in told if word not in FORM_WORDS) or frozenset(told)


def without_form(name: str) -> str:
    """In its own order, for a search: `Securibox` of `Securibox SARL`."""
    kept = [word for word in name.split() if fold(word).replace(".", "").strip(",;()") not in FORM_WORDS]
    return " ".join(kept) or name


def readable(capitals: str) -> str:
    """`12 rue de la Paix` of a register that shouts `12 RUE DE LA PAIX`. What is not all capitals stays as it is."""
    if capitals != capitals.upper():
        return capitals
    told = []
    for word in capitals.lower().split():
        told.append(word if word in SMALL_WORDS or word in STREET_WORDS else "-".join(part.capitalize() for part in word.split("-")))
    return " ".join(told)


STREET_WORDS = frozenset((*STREETS.values(), "rue", "ruelle", "voie", "zone", "bis", "ter", "parc", "esplanade", "promenade", "sente", "villa"))  # fmt: skip


def street(number: str, repeat: str, kind: str, name: str) -> str:
    return readable(" ".join(part for part in (number, repeat, STREETS.get(kind, kind).upper(), name) if part))
