"""Fields out of the words of a page."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from statistics import median

from . import moments, parties, totals, written
from .details import Preceding
from .identifiers import IBAN_LENGTH, Identity, bic_holds, compact, iban_holds
from .labels import KIND_NAMES, KINDS, NOT_A_NUMBER, NUMBER, labels
from .opened import Page
from .reading import MONEY, Evidence, Findings, Found
from .words import Sheet, Word, agreed, best, labelled, sheets

TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./\-#]*[A-Za-z0-9]|\d")
PAID = re.compile(
    r"\b(?:facture )?(?:payee?|reglee?|acquittee?|soldee?) (?:le|par|en totalite|integralement)\b|^(?:payee?|acquittee?|reglee?|paid)$|\bpaid (?:at|on)\b|\bpour acquit\b"
)
CURRENCIES = {
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "$": "USD",
    "usd": "USD",
    "£": "GBP",
    "gbp": "GBP",
    "chf": "CHF",
    "cad": "CAD",
    "aud": "AUD",
}


def read(pages: Sequence[Page], *, own: Identity | None = None) -> dict[str, Found]:
    told = sheets(pages)
    found: dict[str, Found] = {}
    currency = currency_of(told)
    if currency:
        found["currency"] = currency
    for name, one in (("document_type", kind_of(told)), ("invoice_number", number_of(told)), ("paid", mention(told, PAID))):
        if one:
            found[name] = one
    found.update(moments.read(told, str(currency.value) if currency else None))
    number = found.get("invoice_number")
    if number and "document_type" not in found:
        found["document_type"] = Found("invoice", replace(number.evidence, confidence=0.8))
    found.update(totals.read(told))
    if value_of(found, "document_type") == "credit_note":
        found.update(positive(found))
        found.update(credited(told, value_of(found, "invoice_number")))
    found.update(account_of(told, own))
    found.update(terms_of(told))
    found.update(parties.read(told, own=own))
    if "currency" not in found and "total_gross" in found:  # no sign of money: that of the country of who sells
        told_by = next(
            (found[name] for name in ("iban", "seller.vat") if str(value_of(found, name))[:2] in EURO), found.get("seller.siren")
        )
        if told_by:
            found["currency"] = Found("EUR", Evidence("guess", 0.85, told_by.evidence.page, told_by.evidence.box))
    return found


EURO = frozenset(("AT", "BE", "CY", "DE", "EE", "EL", "ES", "FI", "FR", "HR", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PT", "SI", "SK"))


def value_of(found: dict[str, Found], name: str) -> object:
    return found[name].value if name in found else None


def positive(found: dict[str, Found]) -> dict[str, Found]:
    """A credit note prints its sums with a minus that its title says already."""
    sums = {name: found[name] for name in MONEY if name in found}
    return {name: replace(one, value=-one.value) for name, one in sums.items() if isinstance(one.value, Decimal) and one.value < 0}


def is_invoice(findings: Findings) -> bool:
    """Enough to speak of an invoice: a sum, and a number or a date, or the very word."""
    sum_told = "total_gross" in findings or "total_net" in findings
    kind = findings.get("document_type")
    return sum_told and ("invoice_number" in findings or bool(kind) or "issue_date" in findings)


# ------------------------------------------------------------------------------------------------ nature, number


def kind_of(told: Sequence[Sheet]) -> Found | None:
    """The title, which is the largest of the words that name a document. « Avoir » and « devis » are also common words."""
    seen: list[tuple[float, int, Word]] = []
    for sheet in told[:1]:
        for word in sheet.words:
            for rank in (2, 0, 1, 3, 4, 5):
                pattern, weight = KINDS[rank]
                if pattern.search(word.flat) and len(word.text) < 60:
                    near_the_top = 1 - 0.5 * word.cell.middle / sheet.page.height
                    seen.append((word.cell.height * near_the_top * weight, rank, word))
                    break
    if not seen:
        return None
    usual = median(word.cell.height for word in told[0].words)
    # « Bon de commande : 4500098 » is printed on invoices too: only a title makes another document.
    seen = [one for one in seen if one[1] < 3 or (one[2].cell.height > 1.2 * usual and not any(other[1] < 3 for other in seen))]
    if not seen:
        return None
    _, rank, word = max(seen, key=lambda one: one[0])
    alone = len({one[1] for one in seen}) == 1
    return word.found(KIND_NAMES[rank], 0.95 if alone else 0.85)


def number_of(told: Sequence[Sheet]) -> Found | None:
    candidates = [one for sheet in told[:2] for one in labelled(sheet, NUMBER, token, stop=NOT_A_NUMBER, beneath=2.0)]
    # « N° » alone says little, unless it stands near the title.
    one = best([one for one in candidates if one.weight >= 0.6])
    if one is None:
        return None
    sure = agreed(one, candidates)
    alone = len({other.value for other in candidates}) == 1 and sum(map(str.isdecimal, one.value)) > 2
    # Told again without a label (in the reference of a payment, at the foot): nothing else is repeated so.
    again = any(one.value in word.text for sheet in told for word in sheet.words if word is not one.word and len(one.value) > 3)
    if sure > 0.8:
        sure = min(0.97, sure + 0.06) if again else max(sure, 0.92) if alone else sure
    elif sure >= 0.69 and alone and one.word.cell.middle < min(told[0].articles_at, 0.5 * one.word.page.height):
        sure = 0.92  # « N° » above the articles, and nothing else is called so
    sheet = next(sheet for sheet in told if sheet.page is one.word.page)
    if one.word.text.endswith(f"{one.value}-"):  # cut at its hyphen: the column beside may be cut too
        rest = next((other.text for other in sheet.under(one.word, 0.7) if re.fullmatch(r"[A-Z]*\d[A-Z\d\-]*", other.text)), "")
        return one.word.found(f"{one.value}-{rest}" if rest else one.value, 0.85 if rest else 0.6)
    end = continuation(sheet, one.word)
    if end:
        return one.word.found(f"{one.value} {end}", 0.8)
    if re.search(rf"{re.escape(one.value)} [A-Z]*\d", one.word.text) and not written.days(one.word.text.partition(one.value)[2][:12]):
        sure = min(sure, 0.85)  # it may go on
    return one.word.found(one.value, sure)


# After these words of a credit note stands the number of the invoice it credits.
CREDITED = re.compile(
    r"(?:annul|rectif|corrig|rembours|dedui|remplace|avoir|credit|relati|concern)\w*\b[^.:]{0,40}?\bfacture(?: d'origine| initiale)?\s*(?:n[°o.]*|numero|ref\.?)?\s*:?\s*"
    r"|facture (?:d'origine|initiale|concernee|creditee|rectifiee)\s*:?\s*(?:n[°o.]*)?\s*"
    r"|(?:credit|refund|correct|cancel|against|relating|original)\w*\b.{0,30}?\binvoice\s*(?:no\.?|number|#)?\s*:?\s*"
    r"|(?:gutschrift|storno|korrektur|rechnungskorrektur)\b.{0,25}?\b(?:zu|zur|fur|der)\s+(?:ihrer )?(?:rechnung\w*\s*)?(?:n(?:r|ummer)\.?)?\s*:?\s*"
    r"|rectifica\w*\s+(?:a |de )?(?:la )?factura\s*(?:n[°o.]*|num\.?|numero)?\s*:?\s*"
    r"|(?:storn|nota di (?:credito|variazione)|rettific|annull)\w*\b.{0,30}?\bfattura\s*(?:n[°.]*|num\.?|numero)?\s*:?\s*"
    r"|creditnota\b.{0,20}?\bfactuur(?:nummer)?\s*(?:nr\.?)?\s*:?\s*"
)


def credited(told: Sequence[Sheet], own_number: object) -> dict[str, Found]:
    """The invoice that a credit note names, sure when it names one alone."""
    seen = [
        (number, word)
        for sheet in told
        for word in sheet.words
        for match in CREDITED.finditer(word.flat)
        if (number := token(word.text[match.end() :])) and number != own_number
    ]
    if not seen:
        return {}
    number, word = seen[0]
    sure = 0.92 if len({each for each, _ in seen}) == 1 else 0.7
    return {"preceding_invoices": word.found((Preceding(number),), sure)}


def continuation(sheet: Sheet, word: Word) -> str | None:
    """The end of a number that a narrow column cuts over two lines: it stands right under, alone on its line."""
    below = next((other for other in sheet.under(word, 0.7) if abs(other.cell.left - word.cell.left) < 2), None)
    alone = below and len(sheet.lines[sheet.rows[id(below)]]) == 1
    return below.text if below and alone and re.fullmatch(r"[A-Z\d][A-Z\d \-/]*\d", below.text) else None


WHOLE = re.compile(
    r"(?:[A-Z]*\d[A-Z\d]*)(?: [A-Z]*\d[A-Z\d\-]*){1,3}(?= (?:du|vom|of|del?|van|dated) |$)|[A-Z]{1,6}[ \-/.]{0,3}\d{1,8}(?:(?: ?[\-/] ?| )[A-Z0-9]{1,8}){1,3}|\d{2,8}(?: ?[\-/] ?[A-Z0-9]{1,8}){1,3}|(?:19|20)\d\d \d{2,6}"
)


def token(text: str) -> str | None:
    """The first word that looks like a number of an invoice: it holds a digit, and is neither a date nor an amount."""
    text = re.sub(r"^[\s:.\-°#)]+", "", text)
    grouped = re.match(r"\d{1,3}(?: \d{3}){2,}(?![\d.,])", text)
    if grouped:
        return grouped[0]  # `10 188 224 401`
    whole = WHOLE.match(text)
    if (
        whole
        and any(map(str.isdecimal, whole[0]))
        and not written.days(whole[0])
        and re.match(r"$| (?:du|vom|of|del?|van|dated)\b", text[whole.end() :])
    ):
        return whole[0]  # `FPR 212/26`, `2026 0042`: all the words of its cell, or all those before its date
    for match in list(TOKEN.finditer(text))[:3]:
        word = match[0].rstrip("./-")
        if match.start() > 12:
            return None
        if not any(c.isdecimal() for c in word):
            continue
        if written.days(word) or re.match(r"\d{1,2}/\d{1,2}/\d{2,4}$", word):
            return None
        if re.match(r"[ \d]*[.,]\d{2} ?(?:€|EUR)", text[match.end() :]) or re.fullmatch(r"\d+[.,]\d{2}", word):
            return None
        before = text[: match.start()].split()
        if before and re.fullmatch(r"[A-Z]{1,6}[-/]?", before[-1]):
            word = f"{before[-1]} {word}"  # `FA 2024-12`
        return word[:60]
    return None


# ------------------------------------------------------------------------------------------------ money, terms


def currency_of(told: Sequence[Sheet]) -> Found | None:
    seen: Counter[str] = Counter()
    first: dict[str, Word] = {}
    for sheet in told:
        for word in sheet.words:
            for mark in re.findall(r"[€$£]|\b(?:eur|euros?|usd|gbp|chf|cad|aud)\b", word.flat):
                # « Capital de 10 000 € » and « indemnité de 40 € » are said in euros whatever the invoice is in.
                if re.search(r"capital|indemnit", word.flat):
                    continue
                seen[CURRENCIES[mark]] += 1
                first.setdefault(CURRENCIES[mark], word)
    if not seen:
        return None
    for dollars in ("CAD", "AUD"):
        if seen[dollars]:  # the sign is the same
            seen[dollars] += seen.pop("USD", 0)
    (currency, count), *others = seen.most_common(2)
    return first[currency].found(currency, 0.95 if not others or others[0][1] * 3 < count else 0.7)


def account_of(told: Sequence[Sheet], own: Identity | None) -> dict[str, Found]:
    """The IBAN of the seller: one that holds, that is not only zeros, and that is not said to be the buyer's."""
    seen: list[tuple[float, str, Word]] = []
    # Where the sum is debited, the account printed may be the buyer's.
    debited = any(DEBITED.search(word.flat) for sheet in told for word in sheet.words)
    for sheet in told:
        for line in sheet.lines:
            for index, word in enumerate(line):
                joined = " ".join(other.text for other in line[index : index + 10])
                if index == len(line) - 1:  # an account may go on with the next line of its sentence
                    joined += " " + next((other.text for other in sheet.under(word, 0.9) if other.cell.left <= word.cell.right), "")
                # « … il 15 aprile 2026 su IT55 … »: what looks like an account may begin inside another.
                for match in re.finditer(r"(?<![A-Z0-9])(?=([A-Z]{2}\s?\d{2}(?:\s?[A-Z0-9]){10,30}))", joined.upper()):
                    if match.start() > len(word.text):
                        break
                    iban = cut(compact(match[1]))
                    if not iban or not iban_holds(iban) or re.search(r"votre (?:compte|banque|iban)|a debiter|preleve|debiteur", word.flat):
                        continue
                    seen.append((0.85 if debited else 0.96, iban, word))
    found: dict[str, Found] = {}
    distinct = {iban for _, iban, _ in seen}
    mine = compact(own.iban) if own and own.iban else None
    if mine in distinct:
        distinct = {mine}
    if len(distinct) == 1:
        weight, iban, word = next(one for one in seen if one[1] in distinct)
        found["iban"] = word.found(iban, weight)
        for sheet in told:
            for one in labelled(sheet, BIC, bic):
                found["bic"] = one.word.found(one.value, one.weight)
                return found
        for near in (word, *(other for sheet in told for other in sheet.words if len(other.text) in (8, 11))):
            after = re.search(rf"\b[A-Z]{{4}}{iban[:2]}[A-Z0-9]{{2}}(?:[A-Z0-9]{{3}})?\b", near.text)
            if after and bic_holds(after[0]):
                found["bic"] = near.found(after[0], 0.85)
                break
    return found


DEBITED = re.compile(
    r"prelevement|lastschrift|direct debit|adeudo|domiciliacion|addebito|incasso|sepa mandate|mandat sepa|eingezogen|abgebucht"
)
BIC = labels((r"\b(?:bic|swift)(?:[ /-]+(?:bic|swift|code))*\b", 0.95))


def bic(text: str) -> str | None:
    match = re.match(r"[\s:.\-]*([A-Z0-9]{8}(?:[A-Z0-9]{3})?)\b", text)
    return match[1] if match and bic_holds(match[1]) else None


def cut(text: str) -> str | None:
    """The account alone, when other words follow it on the line."""
    length = IBAN_LENGTH.get(text[:2])
    return text[:length] if length and len(text) >= length else None


def mention(told: Sequence[Sheet], pattern: re.Pattern[str]) -> Found | None:
    for sheet in told:
        for word in sheet.words:
            if pattern.search(word.flat) and len(word.text) < 80 and "cheque n'est" not in word.flat:
                return word.found(word.text, 0.8)
    return None


def terms_of(told: Sequence[Sheet]) -> dict[str, Found]:
    """The sentences on late payment, whole."""
    found: dict[str, Found] = {}
    for sheet in told:
        for paragraph in paragraphs(sheet):
            for text, word in sentences(paragraph):
                flat = written.fold(text)
                for name, pattern in SENTENCES.items():
                    if name not in found and pattern.search(flat) and len(text) < 700:
                        found[name] = word.found(text, 0.75)
    return found


def paragraphs(sheet: Sheet) -> list[list[Word]]:
    """Long lines under one another; a line that stops short and is followed by a capital ends its paragraph."""
    found: list[list[Word]] = []
    for word in sheet.words:
        if len(word.text) < 12:
            continue
        for paragraph in reversed(found[-6:]):
            last = paragraph[-1].cell
            gap, full = word.cell.top - last.bottom, max(line.cell.right for line in paragraph)
            goes_on = abs(word.cell.left - paragraph[0].cell.left) < 15 and -0.3 * last.height < gap < last.height
            if goes_on and not (word.text[0].isupper() and last.right < max(0.85 * full, 0.85 * word.cell.right, 0.5 * sheet.page.width)):
                paragraph.append(word)
                break
        else:
            found.append([word])
    return [paragraph for paragraph in found if any(len(word.text) >= 25 for word in paragraph)]


def sentences(paragraph: Sequence[Word]) -> list[tuple[str, Word]]:
    """Each sentence with the line it begins on."""
    text, begins = "", []
    for word in paragraph:
        begins.append((len(text), word))
        text += word.text + " "
    cut = [0, *(match.end() for match in re.finditer(r"(?<![\s.(][A-Za-z])(?<!art)(?<!Art)[.!?]\s+(?=[A-ZÀ-Ý«])", text)), len(text)]
    return [
        (text[start:end].strip(), max((one for one in begins if one[0] <= start), key=lambda one: one[0])[1])
        for start, end in pairwise(cut)
    ]


SENTENCES = {
    "terms.penalties": re.compile(r"penalite|interets? (?:de retard|legal|au taux|de plein droit)|taux (?:d'interet )?legal"),
    "terms.indemnity": re.compile(r"indemnite forfaitaire|frais de recouvrement"),
    "terms.discount": re.compile(r"escompte"),
}
