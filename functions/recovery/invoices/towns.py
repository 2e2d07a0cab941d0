"""The line of an address that tells its town, as each country writes it, and the words streets are made of."""

import re
from dataclasses import dataclass
from functools import lru_cache

from .words import flatten
from .written import MONTHS


@dataclass(frozen=True, slots=True)
class Town:
    code: str
    city: str  # empty where the post code stands alone on its line
    country: str | None


COUNTRY_CODES = {
    "france": "FR", "germany": "DE", "deutschland": "DE", "allemagne": "DE", "united states": "US", "usa": "US", "etats-unis": "US", "belgique": "BE",
    "belgium": "BE", "belgie": "BE", "luxembourg": "LU", "suisse": "CH", "schweiz": "CH", "switzerland": "CH", "svizzera": "CH",
    "royaume-uni": "GB", "united kingdom": "GB", "uk": "GB", "england": "GB", "irlande": "IE", "ireland": "IE", "italie": "IT", "italia": "IT",
    "italy": "IT", "italien": "IT", "espagne": "ES", "espana": "ES", "spain": "ES", "spanien": "ES", "nederland": "NL", "netherlands": "NL",
    "the netherlands": "NL", "pays-bas": "NL", "niederlande": "NL", "austria": "AT", "osterreich": "AT", "autriche": "AT", "denmark": "DK",
    "portugal": "PT", "frankreich": "FR", "francia": "FR", "frankrijk": "FR", "canada": "CA", "poland": "PL", "pologne": "PL",
}  # fmt: skip
COUNTRIES = re.compile(rf"^(?:{'|'.join(sorted(COUNTRY_CODES, key=len, reverse=True))})\b")
STREET = re.compile(
    r"\b(?:rue|avenue|av\.?|bd|boulevard|chemin|allees?|place|impasse|route|quai|cours|square|za|zi|zac|parc|passage|faubourg|lotissement|lieu-dit|zone|esplanade|sentier|montee|"
    r"street|avenue|ave|road|rd|drive|lane|way|terrace|house|court|crescent|close|st|gardens|mill|row|green|hill|"
    r"str\.?|weg|platz|allee|gasse|ring|ufer|damm|am|"
    r"calle|c/|avda\.?|avenida|plaza|paseo|passeig|carrer|avinguda|placa|cami|rua|praza|ronda|camino|poligono|via|viale|piazza|corso|vicolo|largo|strada|ripa|"
    r"straat|laan|gracht|kade|plein|dijk|singel)\b|stra(?:s|ss)e\b|\w(?:strasse|str\.|weg|platz|allee|gasse|ring|ufer|damm|straat|laan|gracht|kade|plein|dijk|singel|markt|park)\b|\bc/"
)  # fmt: skip
# Words that streets alone begin with: « Route de Cangey » has no number, and is one.
STREET_FIRST = re.compile(
    r"^(?:rue|avenue|boulevard|chemin|route|quai|impasse|allee|lieu-dit|via|viale|piazza|corso|calle|avenida|avda\.?|plaza|paseo|passeig|carrer|camino|avinguda|placa|cami|rua|praza) \w"
)
CITY = r"[^\W\d_][^\d:@,]{1,45}?(?:\s+(?:cedex(?:\s*\d+)?|\d{1,2}))?"
PREFIX = r"(?:(?P<prefix>[A-Z]{1,2})\s?-\s?|(?P<spaced>DE|FR|ES|IT|AT|BE|CH|LU|NL|L|D|F)\s)?"
UK = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
PATTERNS = [
    re.compile(pattern, re.I)
    for pattern in (
        rf"^{PREFIX}(?P<code>\d{{5}})\s+(?P<city>{CITY})$",
        rf"^(?:NL-?)?(?P<code>\d{{4}} ?[A-Z]{{2}})\s+(?P<city>{CITY})$",
        rf"^(?P<code>{UK}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]\d[\dW] ?[A-Z0-9]{{4}})\s+(?P<city>{CITY})$",
        rf"^(?P<city>{CITY}),?\s+(?P<code>{UK}|[A-Z]\d[A-Z] ?\d[A-Z]\d|[A-Z]\d[\dW] ?[A-Z0-9]{{4}})$",
        rf"^(?P<code>\d{{4}}-\d{{3}}|\d{{2}}-\d{{3}})\s+(?P<city>{CITY})$",
        rf"^{PREFIX}(?P<code>\d{{4}})\s+(?P<city>{CITY})$",
    )
]
US_LINE = re.compile(r"^(?P<city>[A-Z][^\d,]{2,30}?),?\s+(?P<state>[A-Z]{2}|[A-Z][a-z]+),?\s+(?P<code>\d{5})(?:-\d{4})?$")
ALONE = re.compile(rf"^(?P<code>{UK})$")
NOT_A_CITY = re.compile(r"\b(?:eur|euros?|total|page|kg|kwh|stk|gbp|usd|heures?|jours?|x)\b|[€$£%]")


@lru_cache(maxsize=4096)
def town_in(line: str) -> Town | None:
    """The town this line tells, and nothing else on it but a country or a province."""
    line, country = without_country(line.strip(" ,;.")), country_after(line)
    line = re.sub(r"\s*\((?:[A-Z]{2}|[^\W\d_][^\d()]{3,25})\)$|(?<=[a-zà-ü])\s+(?:[A-Z]{2})$", "", line)
    for pattern in PATTERNS:
        match = pattern.match(line)
        if match:
            city = PROVINCE.sub("", match["city"].strip(" ,"))
            flat = flatten(city)
            if (
                NOT_A_CITY.search(flat)
                or not re.search("[aeiouy]", flat)  # `4471 KLM` is the plate of a lorry
                or flat.split()[0].rstrip(".") in MONTHS
                or (len(match["code"]) == 4 and (not city[0].isupper() or STREET.search(flat)))
            ):
                return None
            return Town(match["code"].upper(), city, country)
    us = US_LINE.match(line)
    if us:
        return Town(us["code"], us["city"].strip(" ,"), country)
    alone = ALONE.match(line)
    return Town(alone["code"], "", country or "GB") if alone else None


# `41043 FORMIGINE MO`
PROVINCE = re.compile(
    r"(?<!SAINT)(?<!^ST)(?<=[A-Z']{3}) (?:AG|AL|AN|AO|AP|AQ|AR|AT|AV|BA|BG|BI|BL|BN|BO|BR|BS|BT|BZ|CA|CB|CE|CH|CL|CN|CO|CR|CS|CT|CZ|EN|FC|FE|FG|FI|FM|FR|GE|GO|GR|IM|IS|KR|LC|LE|LI|LO|LT|LU|MB|MC|ME|MI|MN|MO|"
    r"MS|MT|NA|NO|NU|OR|PA|PC|PD|PE|PG|PI|PN|PO|PR|PT|PU|PV|PZ|RA|RC|RE|RG|RI|RM|RN|RO|SA|SI|SO|SP|SR|SS|SU|SV|TA|TE|TN|TO|TP|TR|TS|TV|UD|VA|VB|VC|VE|VI|VR|VS|VT|VV)$"
)
COUNTRY_END = re.compile(r"(?:\s*,\s*|\s+-\s+|\s+)(?P<country>[^\W\d_][^\W\d_ .-]+(?:[ -][^\W\d_]+)?)\.?$")


def country_after(line: str) -> str | None:
    match = COUNTRY_END.search(line.strip(" ,;."))
    if not match:
        return None
    flat = flatten(match["country"])
    return COUNTRY_CODES.get(flat) or COUNTRY_CODES.get(flat.split()[-1])


def without_country(line: str) -> str:
    match = COUNTRY_END.search(line)
    if match and flatten(match["country"]) in COUNTRY_CODES and re.search(r"[^\W\d_]{2}", line[: match.start()]):
        return line[: match.start()].strip(" ,-")
    last = re.search(r",\s*([A-Z]{2}|[^\W\d_]+)$", line)
    if last and (flatten(last[1]) in COUNTRY_CODES or (last[1].isupper() and len(last[1]) == 2 and re.search(r"\d{4,5} ", line))):
        return line[: last.start()].strip()
    return line


def country_at(line: str) -> str | None:
    """The country a line names, alone on it or nearly."""
    flat = flatten(line).strip(" .,")
    match = COUNTRIES.match(flat)
    return COUNTRY_CODES[match[0]] if match and len(flat) < len(match[0]) + 4 else None
