"""Amounts, dates and names as people write them on invoices, and what they mean.

Nothing here raises: what cannot be understood with certainty is None.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

LONGEST = 300  # no honest name or address line is longer


def clean(text: str, longest: int = LONGEST) -> str:
    """The text as data we can keep: composed, on one line, without control or direction marks. Its letters, markup included, stay."""
    composed = unicodedata.normalize("NFC", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    kept = "".join(" " if unicodedata.category(c) in ("Zl", "Zp", "Cc") else c for c in composed if not hidden(c))
    return " ".join(kept.split())[:longest].strip()


def hidden(character: str) -> bool:
    """Marks one cannot see and that turn a text around or hide in it. The joiner of emoji is one; an emoji does without."""
    return unicodedata.category(character) in ("Cf", "Co", "Cn", "Cs")


def fold(text: str) -> str:
    """The text without case, accents or fancy punctuation, to compare labels."""
    apart = unicodedata.normalize("NFKD", text.replace("’", "'").replace("№", "n°").replace("œ", "oe").replace("º", "°"))
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).casefold().split())


# ------------------------------------------------------------------------------------------------ amounts

# Groups of thousands: any space, an apostrophe, a point or a comma; then two decimals, or none.
AMOUNT = re.compile(
    r"""(?<![\d.,/\-])(?:(?<!\w)(?P<sign>[-\u2212\u2013]\s?))?(?:(?:EUR|€|\$|USD|GBP|£|CHF)\s?(?P<sign2>[-\u2212\u2013]\s?)?)?
        (?P<whole>\d{1,3}(?:(?P<group>[ \u00a0\u202f\u2009'’.,])\d{3})(?:(?P=group)\d{3})*|\d+)
        (?:(?P<point>[.,])(?:(?P<cents>\d{1,4})|[-\u2013](?!\w)))?
        (?![\d/%])(?!\s?%)(?![.,]\d)(?P<sign3>-(?![\w\-]))?""",
    re.VERBOSE,
)
LARGEST = Decimal("1000000000")


def amount(text: str) -> Decimal | None:
    """The one amount this text states: `1 002,00 €`, `1.235,40`, `EUR 24,919.99`, `-12.5`. None when there is none, or several."""
    found = amounts(text)
    return found[0] if len(found) == 1 else None


def amounts(text: str) -> list[Decimal]:
    found = []
    for match in AMOUNT.finditer(text):
        value = amount_of(match)
        if value is not None:
            found.append(value)
    return found


def amount_of(match: re.Match[str]) -> Decimal | None:
    whole, group, point, cents = match["whole"], match["group"], match["point"], match["cents"]
    if cents is None and point is None and group in (".", ",") and whole.count(group) == 1:
        # `1.235` alone: thousands in one country, three decimals in another. Nobody can tell.
        return None
    if point and group == point:
        return None
    digits = "".join(c for c in whole if c.isdecimal())
    value = Decimal(f"{digits}.{cents or '0'}")
    if cents and len(cents) > 2:
        if cents[2:].strip("0"):
            return None  # a unit price, not a sum one can pay
        value = Decimal(f"{digits}.{cents[:2]}")
    if value > LARGEST:
        return None
    return -value if match["sign"] or match["sign2"] or (match["sign3"] and cents) else value


def exact(text: str) -> Decimal | None:
    """The amount of a structured file: a plain decimal number."""
    if not re.fullmatch(r"\s*[-+]?\d{1,15}(\.\d{0,10})?\s*", text):
        return None
    value = Decimal(text.strip())
    return value.quantize(Decimal("0.01")) if abs(value) <= LARGEST else None


# ------------------------------------------------------------------------------------------------ dates

MONTHS = {
    "jan": 1, "janv": 1, "janvier": 1, "january": 1, "januar": 1, "janner": 1, "enero": 1, "ene": 1, "gennaio": 1, "gen": 1, "januari": 1,
    "fev": 2, "fevr": 2, "fevrier": 2, "feb": 2, "february": 2, "februar": 2, "febrero": 2, "febbraio": 2, "februari": 2,
    "mars": 3, "mar": 3, "march": 3, "marz": 3, "mrz": 3, "maerz": 3, "marzo": 3, "maart": 3, "mrt": 3,
    "avr": 4, "avril": 4, "apr": 4, "april": 4, "abril": 4, "abr": 4, "aprile": 4, "mai": 5, "may": 5, "mayo": 5, "maggio": 5, "mag": 5, "mei": 5,
    "juin": 6, "jun": 6, "june": 6, "juni": 6, "junio": 6, "giugno": 6, "giu": 6, "juil": 7, "juillet": 7, "jul": 7, "july": 7, "juli": 7,
    "julio": 7, "luglio": 7, "lug": 7, "aou": 8, "aout": 8, "aug": 8, "august": 8, "agosto": 8, "ago": 8, "augustus": 8,
    "sep": 9, "sept": 9, "septembre": 9, "september": 9, "septiembre": 9, "setiembre": 9, "settembre": 9, "set": 9,
    "oct": 10, "okt": 10, "octobre": 10, "october": 10, "oktober": 10, "octubre": 10, "ottobre": 10, "ott": 10,
    "nov": 11, "novembre": 11, "november": 11, "noviembre": 11,
    "dec": 12, "dez": 12, "dic": 12, "decembre": 12, "december": 12, "dezember": 12, "diciembre": 12, "dicembre": 12,
}  # fmt: skip
NUMERIC = re.compile(r"(?<![\d.,/\-])(\d{1,2})\s?([./\-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d/\-])(?![.,]\d)")
ISO = re.compile(r"(?<![\d\-/.])(\d{4})([\-/.])(\d{1,2})\2(\d{1,2})(?![\d\-/])")
COMPACT = re.compile(r"(?<![\w\-/.])((?:19|20)\d{2})(\d{2})(\d{2})(?![\w\-/])")
DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})\s?(?:er|st|nd|rd|th|\.|°)?[\s\-/.]\s?(?:de |of )?([a-z]{3,10})\.?,?(?:[\s\-/.]\s?| de | del )(\d{4}|(?<=[\-/.])\d{2})(?![\d:])"
)
MONTH_DAY = re.compile(r"(?<![a-z])([a-z]{3,10})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})(?!\d)")


def day(text: str, *, month_first: bool = False) -> date | None:
    """The one date this text states, or the first one: `31/01/2026`, `1er mars 2026`, `29- 03- 2016`, `15.03.26`, `20260815`."""
    found = days(text, month_first=month_first)
    return found[0] if found else None


def days(text: str, *, month_first: bool = False) -> list[date]:
    folded = fold(text)
    found: list[tuple[int, date]] = []

    def keep(match: re.Match[str], year: str, month: int | None, day_of_month: str) -> None:
        if month is None:
            return
        value = calendar_day(int(year) + (2000 if len(year) == 2 else 0), month, int(day_of_month))
        if value:
            found.append((match.start(), value))

    for match in ISO.finditer(folded):
        keep(match, match[1], int(match[3]), match[4])
    for match in COMPACT.finditer(folded):
        keep(match, match[1], int(match[2]), match[3])
    for match in NUMERIC.finditer(folded):
        first, second = int(match[1]), int(match[3])
        if month_first or (second > 12 >= first):  # 03/20/2023 can only be month first
            first, second = second, first
        keep(match, match[4], second, str(first))
    for match in DAY_MONTH.finditer(folded):
        keep(match, match[3], MONTHS.get(match[2]), match[1])
    for match in MONTH_DAY.finditer(folded):
        keep(match, match[3], MONTHS.get(match[1]), match[2])
    return [value for _, value in sorted(found)]


def calendar_day(year: int, month: int, day_of_month: int) -> date | None:
    """None for a day that is not in the calendar: `20260230` exists in the wild."""
    if not 1900 <= year <= 2100:
        return None
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return None
