"""Who sells and who buys, according to the page.

Addresses stand in blocks. A block belongs to the seller or to the buyer because a label says so or because a number known to be ours
is in it; otherwise on evidence: sellers print their telephone, their account and their register, buyers are written to.
Numbers (SIREN, SIRET, VAT), e-mails and telephones then go to the party they stand with.
"""

import re
from collections.abc import Iterator, Sequence

from .blocks import LEGAL_FORM, NOT_A_NAME, Block, Role, address_at, blocks_of, clean_name, parts_of, unlabelled
from .identifiers import Identity, compact, siren_holds, siren_of_vat
from .marks import Mark, marks_of, siren_in
from .reading import Evidence, Found
from .towns import town_in
from .words import Sheet, Word, flatten

OWN, SAID, PLACED, LIKELY, UNSURE = 0.97, 0.95, 0.93, 0.85, 0.75  # of the role of a block


def read(told: Sequence[Sheet], *, own: Identity | None = None) -> dict[str, Found]:
    found: dict[str, Found] = {}
    blocks = [block for sheet in told[:1] for block in blocks_of(sheet)]
    # On the pages that follow, only who signs them: one line at the foot.
    blocks += [block for sheet in told[1:] for block in blocks_of(sheet) if block.one_line]
    marks = [mark for sheet in told for mark in marks_of(sheet)]
    everything = " | ".join(word.flat for sheet in told[:1] for word in sheet.words)
    foot = " | ".join(
        word.flat for sheet in told[:1] for word in (*sheet.words[-6:], *sheet.words) if word.cell.top > 0.6 * sheet.page.height
    )
    for block in blocks:
        block.page, block.foot = everything, foot
        block.kinds = frozenset(mark.kind for mark in marks if mark.word in block.words)
    give_roles(blocks, marks, own, told[0].page.height if told else 1.0)
    for role in ("seller", "buyer"):
        mine = [block for block in blocks if block.role == role]
        # The block with an address says more than a heading; a block says more than a line of the footer.
        mine.sort(key=lambda block: (address_at(block) is None, block.one_line, -block.sure, block.top))
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
        vat = str(value(found, f"{role}.vat") or "")[:2]
        if f"{role}.country" not in found and (f"{role}.siren" in found or vat):
            proof = found.get(f"{role}.siren") or found[f"{role}.vat"]
            found[f"{role}.country"] = Found(
                "FR" if f"{role}.siren" in found else vat.replace("EL", "GR"), Evidence("guess", min(0.93, proof.evidence.confidence))
            )
    return found


def letterhead(told: Sequence[Sheet], blocks: list[Block]) -> Iterator[Found]:
    """A name in large letters over the seller's block, when the block itself names no company form."""
    for block in blocks:
        if block.role != "seller" or address_at(block) is None or any(LEGAL_FORM.search(flatten(line)) for line in block.lines):
            continue
        named = "name" in parts_of(block)
        for word in reversed(told[0].words):
            gap = block.top - word.cell.bottom
            middle = (word.cell.left + word.cell.right - block.left - block.right) / 2
            above = 0 <= gap < 6 * word.cell.height and (abs(word.cell.left - block.left) < 7 or abs(middle) < 7)
            large = word.cell.height > 1.3 * block.words[0].cell.height and len(word.text) < 60 and not NOT_A_NAME.search(word.flat)
            next_to_it = gap < 3 * word.cell.height and not NOT_A_NAME.search(word.flat)
            if above and ((large and (LEGAL_FORM.search(word.flat) or not named)) or (next_to_it and not named)):
                first = next((other for other in told[0].over(word) if len(word.text) < 8 and other.cell.left == word.cell.left), None)
                yield word.found(clean_name(f"{first.text} {word.text}" if first else word.text), 0.75)
                return


def title(told: Sequence[Sheet]) -> Found | None:
    """The largest words of the top of the page, when the same words, or an address of theirs, come back elsewhere, or nothing is as large."""
    top = [word for word in told[0].words if word.cell.bottom < 0.2 * word.page.height and 3 < len(word.text) < 50] if told else []
    top = [word for word in top if not NOT_A_NAME.search(word.flat) and not any(c.isdecimal() for c in word.text)]
    largest = max(top, key=lambda word: word.cell.height, default=None)
    if largest is None:
        return None
    elsewhere = " | ".join(word.flat for sheet in told for word in sheet.words if word is not largest)
    again = largest.flat in elsewhere or largest.flat.replace(" ", "") in elsewhere.replace("-", "")
    alone = all(word is largest or word.cell.height < 0.8 * largest.cell.height for word in top)
    return largest.found(clean_name(largest.text), 0.7 if again else 0.6) if again or alone else None


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
        if inside & known or (own and own.name and any(flatten(own.name) == flatten(line) for line in block.lines)):
            block.role, block.sure = "seller", OWN
        elif block.label and (address_at(block) is not None or block.kinds or not any(map(str.isdecimal, block.lines[0]))):
            block.role, block.sure = block.label, SAID
        elif block.one_line and (block.top > 0.8 * height or block.numbered or REGISTERED.search(flatten(" ".join(block.lines)))):
            block.role, block.sure = "seller", PLACED
        elif block.one_line or (block.top > 0.82 * height and len(block.words) > 1):
            block.role, block.sure = "seller", LIKELY
    written_twice(blocks)
    left = [block for block in blocks if address_at(block) is not None and block.role is None]
    addressed = [block for block in blocks if address_at(block) is not None]
    # « Client : Mme Aubert » with no address leaves the one that stands apart to be the buyer's too.
    buyer = next(
        (block for block in blocks if block.role == "buyer" and (address_at(block) is not None or (block.label and len(left) < 2))), None
    )
    seller = next((block for block in blocks if block.role == "seller" and (address_at(block) is not None or block.label)), None)
    ranked = sorted(left, key=lambda block: -sells(block, marks, addressed, height))
    if buyer and not seller and ranked:
        ranked[0].role, ranked[0].sure = "seller", PLACED if len(left) == 1 or sells(ranked[0], marks, addressed, height) > 1.5 else LIKELY
    elif seller and not buyer and ranked:
        # Of several left, the one that sells least, in the upper half where letters are addressed.
        ranked = [block for block in ranked if block.top < 0.55 * height] or ranked
        last = min(ranked, key=lambda block: (round(sells(block, marks, addressed, height), 1), block.top))
        last.role, last.sure = "buyer", PLACED if len(ranked) == 1 and seller.sure >= PLACED and last.top < 0.4 * height else LIKELY
    elif not seller and not buyer and len(ranked) >= 2:
        first, others = ranked[0], [block for block in ranked[1:] if not same_place(block, ranked[0])] or ranked[1:]
        last = min(
            (block for block in others if block.top < 0.55 * height),
            key=lambda block: (round(sells(block, marks, addressed, height), 1), block.top),
            default=others[-1],
        )
        margin = sells(first, marks, addressed, height) - sells(last, marks, addressed, height)
        first.role, last.role = "seller", "buyer"
        first.sure = last.sure = PLACED if margin >= 1.1 and len(left) == 2 else LIKELY if margin > 0.3 else UNSURE
    elif not seller and not buyer and left:
        # One address alone: with the numbers of a company or a way to reach it, a seller; otherwise the reader of the letter.
        left[0].role, left[0].sure = ("seller" if sells(left[0], marks, addressed, height) >= 1.3 else "buyer"), UNSURE
    if any(block.role == "seller" for block in addressed) and not any(block.role == "buyer" for block in blocks):
        numbered = [
            block for block in blocks if block.numbered and block.role is None and len(block.words) > 1 and block.top < 0.5 * height
        ]
        if len(numbered) == 1:
            numbered[0].role, numbered[0].sure = "buyer", UNSURE
    written_twice(blocks)


def written_twice(blocks: list[Block]) -> None:
    for block in blocks:
        if block.role is None and address_at(block) is not None:
            same = next((other for other in blocks if other.role in ("seller", "buyer") and same_place(block, other)), None)
            if same:
                block.role, block.sure = same.role, same.sure


REGISTERED = re.compile(
    r"\bcapital\b|\brcs\b|r\.c\.s|\bape\b|\bnaf\b|\bkvk\b|\bhrb\b|amtsgericht|steuernummer|steuer-nr|geschaftsfuhrer|registro mercantil|inscrita|cap\. soc|\brea\b|registered (?:in|office)|company (?:no|reg)|"
    r"\biban\b|\bbic\b|\bbank\b|www\.|assurance|entrepreneur individuel"
)
ADDRESSED = re.compile(
    r"^(?:m\.|mme|mr\.?|mrs|ms|monsieur|madame|messieurs|familie|herrn?|frau|sig\.|sigra|spett|dhr|mevr|attn|a l'attention|to the attention|t\.a\.v|z\. ?hd)\b"
)


def sells(block: Block, marks: list[Mark], addressed: list[Block], height: float) -> float:
    """How much a block looks like the one who sends the invoice, on what stands in it, next to it and around it."""
    flat = flatten(" | ".join(block.lines))
    score = 0.8 * ("email" in block.kinds) + 0.8 * ("phone" in block.kinds) + 0.6 * block.numbered + 1.2 * bool(REGISTERED.search(flat))
    score -= 1.0 * any(ADDRESSED.search(flatten(line)) for line in block.lines)
    if not block.kinds and marks:
        # What stands in the same column right under the address, as a block of its own, speaks for it too.
        near = {mark.kind for mark in marks if 0 <= mark.word.cell.top - block.bottom < 40 and abs(mark.word.cell.left - block.left) < 7}
        score += 0.4 * len(near & {"email", "phone", "siret", "siren", "vat"})
    if block.top <= min(other.top for other in addressed) + 1:
        score += 0.7
    if block.left <= min(other.left for other in addressed) + 5:
        score += 0.4
    # The seller must print its number by law: of one company alone, it is the seller's.
    if block.numbered and len({company(mark) for mark in marks if mark.kind in ("siret", "siren", "vat")}) == 1:
        score += 1.5
    name = flatten(block.lines[0])
    if len(name) > 4:
        # A name written again where invoices are signed, or that is the domain of an e-mail; goods are delivered to the buyer.
        score += 1.2 * (name in block.foot)
        score += 0.8 * any(mark.kind == "email" and mark.word not in block.words and alike(mark.value, name) for mark in marks)
        score -= 1.0 * any(other.role == "other" and name in flatten(" | ".join(other.lines)) for other in addressed)
    return score


def same_place(block: Block, other: Block) -> bool:
    """The same town and a common word before it: one company written twice."""
    mine, theirs = address_at(block), address_at(other)
    if mine is None or theirs is None:
        return False
    one, two = town_in(unlabelled(block.lines[mine])), town_in(unlabelled(other.lines[theirs]))
    lines = {flatten(line) for line in block.lines[:mine] if len(line) > 4}
    return bool(one and two and one.code == two.code and lines & {flatten(line) for line in other.lines[: theirs + 1]})


# ------------------------------------------------------------------------------------------------ numbers


def side_of(mark: Mark, blocks: list[Block], height: float) -> tuple[Role | None, float]:
    """Whose number it is: said by its words, by its block, by its place, by what it stands near. And how sure that is."""
    flat = mark.label or mark.word.flat
    if said_of_buyer(mark):
        return "buyer", 0.96
    for block in blocks:
        if mark.word in block.words and block.role:
            signed = block.role == "seller" and mark.kind in ("siret", "siren", "vat") and SIGNED.search(flat)
            return block.role, max(min(block.sure + 0.02, 0.97), 0.94 if signed else 0)
    if mark.word.cell.top > 0.8 * height or SIGNED.search(flat):
        return "seller", 0.96
    near = [
        (distance(mark.word, block), block)
        for block in blocks
        if block.role in ("seller", "buyer") or (block.role and address_at(block) is not None)
    ]
    near = [(gap, block) for gap, block in near if gap < 0.12 * height]
    if near:
        gap, block = min(near, key=lambda one: one[0])
        rivals = [other for other_gap, other in near if other.role != block.role and other_gap < 3 * gap + 15]
        return block.role, 0.85 if rivals else min(block.sure, 0.94)
    return None, 0.5


# What a company must print beside its numbers on what it sends.
SIGNED = re.compile(r"capital|\brcs\b|r\.c\.s|siege social|www\.|\bape\b|\bnaf\b|\bhrb\b|\bkvk\b|registro|steuernummer|registered")


def said_of_buyer(mark: Mark) -> bool:
    return bool(OF_BUYER.search(mark.label or mark.word.flat))


OF_BUYER = re.compile(r"\b(?:client|acheteur|votre|vos|your|customer|destinataire|ihre|kunden|su|cliente|klant|uw|vostr[ao]|committente)\b")


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
    others: list[Mark] = []  # of a third party, unless a number of the same company stands elsewhere
    # The seller must print its number by law: of one company alone, it is the seller's.
    lonely = len({company(mark) for mark in marks if mark.kind in ("siret", "siren", "vat")}) == 1
    for mark in marks:
        if mark.kind not in ("siret", "siren", "vat"):
            continue
        side, sure = side_of(mark, blocks, height)
        if is_own(mark, own):
            side, sure = "seller", 0.99
        elif (
            side == "buyer"
            and lonely
            and not said_of_buyer(mark)
            and not any(mark.word in block.words for block in blocks if block.role == "buyer")
        ):
            side, sure = "seller", LIKELY
        elif (
            side == "seller"
            and own
            and any(is_own(other, own) for other in marks)
            and own.siren
            and siren_in(mark) not in (None, own.siren)
        ):
            side, sure = "buyer", 0.85
        if side == "other":
            others.append(mark)
        elif side is None:
            homeless.append(mark)
        else:
            sided.append((side, sure, mark))
    # A number that shares its SIREN with a placed one goes with it; a lonely one is the seller's, who must print it by law.
    for mark in homeless:
        same = next((side for side, _, other in sided if siren_in(other) and siren_in(other) == siren_in(mark)), None)
        alone = lonely or not any(side == "seller" for side, _, _ in sided)
        sided.append((same or "seller", 0.92 if same else 0.88 if alone else 0.65, mark))
    for mark in others:
        sided += [
            (side, min(sure, 0.85), mark) for side, sure, other in sided[:1000] if siren_in(mark) and siren_in(other) == siren_in(mark)
        ][:1]
    sided = parted([settled(one, sided) for one in sided], blocks)
    found: dict[str, Found] = {}
    for role in ("seller", "buyer"):
        mine = sorted(((sure, mark) for side, sure, mark in sided if side == role), key=lambda one: -one[0] * one[1].confidence)
        for kind in ("siret", "siren", "vat"):
            one = next(((sure, mark) for sure, mark in mine if mark.kind == kind), None)
            if one:
                rivals = {mark.value for sure, mark in mine if mark.kind == kind and sure > one[0] - 0.08} - {one[1].value}
                # A number whose key fails but that is printed twice, in the SIRET or the VAT number too, is what the page says.
                twice = any(other.kind != kind and nine(other) == nine(one[1]) for _, other in mine)
                held = max(one[1].confidence, 0.92 if twice else 0)
                found[f"{role}.{kind}"] = one[1].word.found(one[1].value, min(one[0], held, 0.8 if rivals else 1.0))
        complete(found, role)
    return found


def settled(one: tuple[Role, float, Mark], all_sided: list[tuple[Role, float, Mark]]) -> tuple[Role, float, Mark]:
    """Numbers of one company are on one side: the surest of them says which."""
    side, sure, mark = one
    best = max((other for other in all_sided if company(other[2]) == company(mark)), key=lambda other: other[1])
    if best[0] != side:
        return best[0], min(best[1], 0.85), mark
    return side, max(sure, best[1] - 0.01), mark


def parted(sided: list[tuple[Role, float, Mark]], blocks: list[Block]) -> list[tuple[Role, float, Mark]]:
    """Of two companies on one side, one inside its block and one near it, the second is the other party when that one has no number."""
    sides = {side for side, _, _ in sided}
    if len(sides) != 1 or len({block.role for block in blocks if address_at(block) is not None} & {"seller", "buyer"}) < 2:
        return sided
    (side,) = sides
    housed = {company(mark) for _, _, mark in sided if any(mark.word in block.words and block.role == side for block in blocks)}
    opposite: Role = "buyer" if side == "seller" else "seller"
    return [one if not housed or company(one[2]) in housed else (opposite, LIKELY, one[2]) for one in sided]


def company(mark: Mark) -> str:
    return siren_in(mark) or mark.value


def nine(mark: Mark) -> str:
    """The digits a French company puts in all its numbers, whether their keys hold or not."""
    return mark.value[-9:] if mark.kind == "vat" else mark.value[:9]


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
                    mine.append((min(sure, mark.confidence), mark))
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
