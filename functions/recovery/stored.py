"""Plain JSON values and the frozen dataclasses they stand for: how events are kept, and how a profile is read."""

from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints


def plain(value: Any) -> Any:
    """Money as text with its digits, days and moments in ISO 8601 (UTC, `Z`)."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def build(kind: type, stored: dict[str, Any]) -> Any:
    """The dataclass that was stored. A field it does not know is left aside, one that is absent or null takes its default.

    Raises `TypeError` when a field without a default is missing.
    """
    hints = get_type_hints(kind)
    return kind(
        **{field.name: _value(hints[field.name], stored[field.name]) for field in fields(kind) if stored.get(field.name) is not None}
    )


def _value(hint: Any, value: Any) -> Any:
    if get_origin(hint) is UnionType:
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in value)
    if hint is datetime:
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    if hint is date:
        return date.fromisoformat(value)
    if hint is Decimal:
        return Decimal(value)
    if get_origin(hint) is dict or not isinstance(value, dict):
        return value
    return build(hint, value)
