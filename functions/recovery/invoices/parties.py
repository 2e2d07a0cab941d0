"""Who sells and who buys, according to the page.

Addresses stand in blocks. A block belongs to the seller or to the buyer because a label says so, because a number known to be ours
is in it, because it stands where sellers write (one line at the top or the bottom) or, of two left, because it comes first.
Numbers (SIREN, SIRET, VAT), e-mails and telephones then go to the party they stand with.
"""

import re
from collections.abc import Iterator, Sequence

from .blocks import LEGAL_FORM, NOT_A_NAME, POSTCODE_LINE, Block, Role, address_at, blocks_of, clean_name, parts_of
from .identifiers import Identity, compact, siren_holds, siren_of_vat
from .marks import Mark, marks_of, siren_in
from .reading import Evidence, Found
from .words import Sheet, Word, flatten


def read(told: Sequence[Sheet], *, own: Identity | None = None) -> dict[str, Found]:
    found: dict[str, Found] = {}
    blocks = [block for sheet in told[:1] for block in blocks_of(sheet)]
    # On the pages that follow, only who signs them: one line at the foot.
    blocks += [block for sheet in told[1:] for block in blocks_of(sheet) if block.one_line]
    marks = [mark for sheet in told for mark in marks_of(sheet)]
    everything = " | ".join(word.flat for sheet in told[:1] for word in sheet.words)
    for block in blocks:
        block.page = everything
    give_roles(blocks, marks, own, told[0].page.height if told else 1.0)
    for role in ("seller", "buyer"):
        mine = [block for block in blocks if block.role == role]
        # The block with an address says more than a heading; a block says more than a line of the footer.
        mine.sort(key=lambda block: (address_at(block) is None, block.one_line, block.top))
        for block in mine:
            parts = parts_of(block)
            known = {part for part in parts if any(f"{role}.{other}" in found for other in companions(part))}
            found.update({f"{role}.{part}": one for part, one in parts.items() if part not in known})
    sign = next(letterhead(told, blocks), None) or (None if "seller.name" in found else title(told))
    if sign:
        found["seller.name"] = sign
    found.update(numbers_of(marks, blocks, told, own))
    found.update(contacts_of(marks, blocks, found))
    for role in ("seller", "buyer"):
        if f"{role}.country" not in found and (f"{role}.siren" in found or str(value(found, f"{role}.vat")).startswith("FR")):
            found[f"{role}.country"] = Found("FR", Evidence("guess", 0.85))
    return found


def letterhead(told: Sequence[Sheet], blocks: list[Block]) -> Iterator[Found]:
    """A name in large letters over the seller's block, when the block itself names no company form."""
    for block in blocks:
        if (
            block.role != "seller"
            or block.one_line
            or address_at(block) is None
            or any(LEGAL_FORM.search(flatten(line)) for line in block.lines)
        ):
            continue
        for word in told[0].words:
            above = 0 <= block.top - word.cell.bottom < 6 * word.cell.height and abs(word.cell.left - block.left) < 7
            if above and word.cell.height > 1.3 * block.words[0].cell.height and LEGAL_FORM.search(word.flat) and len(word.text) < 60:
                yield word.found(clean_name(word.text), 0.75)
                return


def title(told: Sequence[Sheet]) -> Found | None:
    """The largest words of the top of the page, when the same words, or an address of theirs, come back elsewhere."""
    top = [word for word in told[0].words if word.cell.bottom < 0.2 * word.page.height and 3 < len(word.text) < 50] if told else []
    top = [word for word in top if not NOT_A_NAME.search(word.flat) and not any(c.isdecimal() for c in word.text)]
    largest = max(top, key=lambda word: word.cell.height, default=None)
    if largest is None:
        return None
    elsewhere = " | ".join(word.flat for sheet in told for word in sheet.words if word is not largest)
    if largest.flat in elsewhere or largest.flat.replace(" ", "") in elsewhere.replace("-", ""):
        return largest.found(clean_name(largest.text), 0.7)
    return None


def companions(part: str) -> tuple[str, ...]:
    """An address comes from one block: its town never completes the street of another."""
    address = ("line1", "line2", "postcode", "city", "country")
    return address if part in address else (part,)


def value(found: dict[str, Found], name: str) -> object:
    return found[name].value if name in found else None


# ------------------------------------------------------------------------------------------------ roles


def give_roles(blocks: list[Block], marks: list[Mark], own: Identity | None, height: float) -> None:
    known = {compact(number) for number in (own.siren, own.siret, own.vat) if number} if own else set()
    for block in blocks:
        inside = {mark.value for mark in marks if mark.word in block.words}
        block.numbered = any(mark.kind in ("siret", "siren", "vat") for mark in marks if mark.word in block.words)
        if inside & known or (own and own.name and any(flatten(own.name) == flatten(line) for line in block.lines)):
            block.role = "seller"
        elif block.label:
            block.role = block.label
        elif block.one_line or (block.top > 0.82 * height and len(block.words) > 1):
            block.role = "seller"
    addressed = [block for block in blocks if address_at(block) is not None]
    sellers = [block for block in addressed if block.role == "seller"]
    left = [block for block in addressed if block.role is None]
    for block in list(left):
        if any(same_place(block, seller) for seller in sellers):
            block.role = "seller"
            left.remove(block)
    left.sort(key=lambda block: block.top)
    buyer = next((block for block in addressed if block.role == "buyer"), None)
    seller = next((block for block in blocks if block.role == "seller" and (address_at(block) is not None or block.label)), None)
    if buyer and not seller and left:
        left[0].role = "seller"
    elif seller and not buyer and left:
        # Of several left, the first that does not sell.
        left[0].role = "buyer"
    elif seller and not buyer:
        numbered = [
            block for block in blocks if block.numbered and block.role is None and len(block.words) > 1 and block.top < 0.5 * height
        ]
        if len(numbered) == 1:
            numbered[0].role = "buyer"
    elif not seller and not buyer and len(left) >= 2:
        first, second = left[0], left[1]
        if abs(first.top - second.top) < 0.04 * height and second.left < first.left:
            first, second = second, first
        first.role, second.role = "seller", "buyer"
    elif not seller and not buyer and left:
        # One address alone: with the numbers of a company and a way to reach it, a seller; otherwise the reader of the letter.
        inside = {mark.kind for mark in marks if mark.word in left[0].words}
        left[0].role = "seller" if inside & {"siret", "siren", "vat", "email"} else "buyer"
        numbered = [
            block for block in blocks if block.numbered and block.role is None and len(block.words) > 1 and block.top < 0.5 * height
        ]
        if left[0].role == "seller" and len(numbered) == 1:
            numbered[0].role = "buyer"


def same_place(block: Block, seller: Block) -> bool:
    """The same town and a common word before it: one company written twice."""
    mine, theirs = address_at(block), address_at(seller)
    if mine is None or theirs is None:
        return False
    one, other = POSTCODE_LINE.match(block.lines[mine]), POSTCODE_LINE.match(seller.lines[theirs])
    same_code = bool(one and other and one["code"] == other["code"])
    lines = {flatten(line) for line in block.lines[:mine] if len(line) > 4}
    return same_code and bool(lines & {flatten(line) for line in seller.lines[: theirs + 1]})


# ------------------------------------------------------------------------------------------------ numbers


def side_of(mark: Mark, blocks: list[Block], height: float) -> tuple[Role | None, float]:
    """Whose number it is: said by its words, by its block, by its place, by what it stands near. And how sure that is."""
    flat = mark.label or mark.word.flat
    if re.search(r"\b(?:client|acheteur|votre|vos|your|customer|destinataire)\b", flat):
        return "buyer", 0.95
    for block in blocks:
        if mark.word in block.words and block.role:
            return block.role, 0.95
    if mark.word.cell.top > 0.8 * height or re.search(r"capital|\brcs\b|siege social|www\.|\bape\b|\bnaf\b", flat):
        return "seller", 0.9
    near = [(distance(mark.word, block), block) for block in blocks if block.role]
    near = [(gap, block) for gap, block in near if gap < 0.12 * height]
    if near:
        return min(near, key=lambda one: one[0])[1].role, 0.85
    return None, 0.5


def distance(word: Word, block: Block) -> float:
    """How far a word stands below or beside a block; what stands above it belongs less."""
    cell = word.cell
    across = max(block.left - cell.right, cell.left - block.right, 0.0)
    down = cell.top - block.bottom
    return 0.7 * across + (down if down >= 0 else max(0.0, block.top - cell.bottom) * 1.5)


def numbers_of(marks: list[Mark], blocks: list[Block], told: Sequence[Sheet], own: Identity | None) -> dict[str, Found]:
    height = told[0].page.height if told else 1.0
    sided: list[tuple[Role, float, Mark]] = []
    homeless: list[Mark] = []
    for mark in marks:
        if mark.kind not in ("siret", "siren", "vat"):
            continue
        side, sure = side_of(mark, blocks, height)
        if is_own(mark, own):
            side, sure = "seller", 0.99
        elif (
            side == "seller"
            and own
            and any(is_own(other, own) for other in marks)
            and own.siren
            and siren_in(mark) not in (None, own.siren)
        ):
            side, sure = "buyer", 0.85
        if side == "other":
            continue
        if side is None:
            homeless.append(mark)
        else:
            sided.append((side, sure, mark))
    # A number that shares its SIREN with a placed one goes with it; a lonely one is the seller's, who must print it by law.
    for mark in homeless:
        same = next((side for side, _, other in sided if siren_in(other) and siren_in(other) == siren_in(mark)), None)
        sided.append((same or "seller", 0.85 if same else 0.65, mark))
    found: dict[str, Found] = {}
    for role in ("seller", "buyer"):
        mine = sorted(((sure, mark) for side, sure, mark in sided if side == role), key=lambda one: -one[0] * one[1].confidence)
        for kind in ("siret", "siren", "vat"):
            one = next(((sure, mark) for sure, mark in mine if mark.kind == kind), None)
            if one:
                found[f"{role}.{kind}"] = one[1].word.found(one[1].value, one[0] * one[1].confidence)
        complete(found, role)
    return found


def is_own(mark: Mark, own: Identity | None) -> bool:
    if not own:
        return False
    return mark.value in {compact(number) for number in (own.siren, own.siret, own.vat) if number} or bool(
        own.siren and siren_in(mark) == compact(own.siren)
    )


def complete(found: dict[str, Found], role: str) -> None:
    """The SIREN is the beginning of the SIRET and the end of the VAT number; of two that differ, the one whose key holds."""
    siret, vat, siren = (found.get(f"{role}.{kind}") for kind in ("siret", "vat", "siren"))
    inside = str(siret.value)[:9] if siret else siren_of_vat(str(vat.value)) if vat else None
    proof = siret or vat
    if inside and proof and (not siren or (siren.value != inside and (siren_holds(inside) or not siren_holds(str(siren.value))))):
        found[f"{role}.siren"] = Found(inside, proof.evidence)


# ------------------------------------------------------------------------------------------------ e-mails, telephones


def contacts_of(marks: list[Mark], blocks: list[Block], found: dict[str, Found]) -> dict[str, Found]:
    height = max((mark.word.page.height for mark in marks), default=1.0)
    contacts: dict[str, Found] = {}
    for kind in ("email", "phone"):
        for role in ("seller", "buyer"):
            mine = []
            for mark in marks:
                side, sure = side_of(mark, blocks, height)
                if mark.kind == kind and side == role:
                    mine.append((sure * mark.confidence, mark))
            if not mine:
                continue
            name = flatten(str(value(found, f"{role}.name") or ""))
            sure, mark = max(mine, key=lambda one: (round(one[0], 1), alike(one[1].value, name)))
            several = len({one.value.casefold() for _, one in mine}) > 1
            contacts[f"{role}.{kind}"] = mark.word.found(mark.value, sure - (0.15 if several else 0))
    return contacts


def alike(email: str, name: str) -> bool:
    """Does the domain resemble the name of the company?"""
    domain = flatten(email.rpartition("@")[2].rpartition(".")[0]).replace("-", "")
    return len(domain) > 3 and (domain in name.replace(" ", "") or any(len(word) > 4 and word in domain for word in name.split()))
