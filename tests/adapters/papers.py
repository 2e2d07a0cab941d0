"""A letter as plain text, for the approved copies: what is printed, in the order one reads it."""

from typing import Any

from adapters import render
from recovery.letters import Letter


def shown(letter: Letter) -> str:
    said = [
        f"[{' / '.join(letter.address)}]",
        *(f"{label} : {value}".replace("\n", " / ") for label, value, _ in letter.references),
        letter.place_and_date.replace("\n", " "),
    ]
    if letter.page:
        said.append(
            f"[code QR] {letter.page['title']}, {letter.page['address']}, code {letter.page['code']}, {letter.page['note']} → {letter.page['link']}"
        )
    for block in render.blocks(letter):
        if block["kind"] == "block":
            said += ["", *_block(block["name"], letter.blocks[block["name"]])]
        else:
            mark = {"subject": "# ", "label": "## ", "note": "> "}.get(block["kind"], "")
            said += ["", mark + "".join(f"**{text}**" if style else text for style, text in block["runs"])]
    return "\n".join([*said, "", "---", *letter.footer, ""])


def _block(name: str, block: Any) -> list[str]:
    if isinstance(block, str):
        return [block]
    said = [f"[{name}]"]
    for key, value in block.items():
        match key, value:
            case ("rows", rows):
                said += [" | ".join(_cells(row)) for row in rows]
            case ("head" | "total", cells):
                said.append(" | ".join(cells))
            case ("text" | "before", paragraphs):
                said += paragraphs
            case ("transfer", transfer):
                said.append("[code QR] " + ", ".join(f"{k} {v}" for k, v in transfer.items()))
            case ("sums" | "kind" | "alt", _):
                pass
            case (_, words):
                said.append(words)
    return said


def _cells(row: Any) -> list[str]:
    cells = row[0] if isinstance(row[0], list) else row
    return [cell for cell in cells if isinstance(cell, str)]
