"""Amounts, dates and plurals as a French reader expects them.

Pages and e-mails group digits with U+00A0, whose fonts have it; letters use U+202F (`narrow=True`).
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

NO_BREAK, NARROW, MINUS = "\u00a0", "\u202f", "\u2212"
PARIS = ZoneInfo("Europe/Paris")
CENT = Decimal("0.01")
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def cents(amount: Decimal) -> Decimal:
    """Rounded half up to the cent: the one rounding rule of the house (law.md 2.4)."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def number(value: Decimal, *, narrow: bool = False) -> str:
    """`1 251,98`, always with cents."""
    whole, _, decimals = f"{abs(cents(value)):,.2f}".partition(".")
    sign = MINUS + NO_BREAK if value < 0 else ""
    return f"{sign}{whole.replace(',', NARROW if narrow else NO_BREAK)},{decimals}"


def euros(amount: Decimal, *, narrow: bool = False) -> str:
    """`1 251,98 €`."""
    return f"{number(amount, narrow=narrow)}{NO_BREAK}€"


def percent(rate: Decimal) -> str:
    """`12,40 %`, `18 %`: whole, or with the two decimals that rates are published with; more when they count (`9,075 %`)."""
    if rate == rate.to_integral_value():
        text = f"{rate:.0f}"
    else:
        text = (f"{rate:.2f}" if rate == cents(rate) else f"{rate.normalize():f}").replace(".", ",")
    return f"{text}{NO_BREAK}%"


def day(on: date) -> str:
    """`1er mars 2026`."""
    return f"{'1er' if on.day == 1 else on.day} {MONTHS[on.month - 1]} {on.year}"


def day_month(on: date) -> str:
    """`1er mars`: the year goes without saying."""
    return f"{'1er' if on.day == 1 else on.day} {MONTHS[on.month - 1]}"


def weekday_day(on: date) -> str:
    """`jeudi 3 décembre`."""
    return f"{WEEKDAYS[on.weekday()]} {day_month(on)}"


def short_day(on: date) -> str:
    """`jeu. 3 déc.`: for margins."""
    return f"{WEEKDAYS[on.weekday()][:3]}. {on.day} {SHORT_MONTHS[on.month - 1]}"


def figures_day(on: date) -> str:
    """`03/12/2026`: for tables and forms."""
    return f"{on:%d/%m/%Y}"


def local(at: datetime) -> datetime:
    """The moment as Paris reads it."""
    return at.astimezone(PARIS)


def hour(at: datetime) -> str:
    """`14 h 06`, Paris time."""
    here = local(at)
    return f"{here.hour}{NO_BREAK}h{NO_BREAK}{here.minute:02}"


def plural(count: int, word: str, many: str = "") -> str:
    """`0 facture`, `1 facture`, `2 factures`: the French plural begins at two."""
    return f"{count}{NO_BREAK}{word if count < 2 else many or word + 's'}"


def iban(value: str) -> str:
    """In groups of four, as banks print it."""
    compact = value.replace(" ", "")
    return NO_BREAK.join(compact[i : i + 4] for i in range(0, len(compact), 4))


def masked_iban(value: str) -> str:
    """`FR76 •••• 0189`: enough to recognise one's own account, not enough to use it."""
    compact = value.replace(" ", "")
    return f"{compact[:4]}{NO_BREAK}••••{NO_BREAK}{compact[-4:]}"


def siren(value: str) -> str:
    """`794 205 118`."""
    return NO_BREAK.join(value[i : i + 3] for i in range(0, len(value), 3))
