"""What a name in a search or among the fields stands for: a field or an attribute."""

import re
from typing import Final

from vedette.model.question import Attribute, Field, Subject, ValueType
from vedette.query.fields import DatasetMeaning, Kind
from vedette.query.refusal import QuestionWrong

NAME_LENGTH_MAX: Final = 1_024
"""Longer attribute names are not kept."""
_TAG: Final = re.compile(
    r"(?:tags|attr)\[\s*(?:\"(?P<quoted>[^\"]+)\"|(?P<bare>[^\[\]\"]+?))\s*"
    r"(?:,\s*(?P<type>string|number|boolean)\s*)?\]"
)


def read_subject(name: str, meaning: DatasetMeaning) -> tuple[Subject, Kind | None]:
    """Return what a name stands for, and what kind it is: None for an attribute.

    Raises:
        QuestionWrong: The name is empty or too long.
    """
    if not name.strip() or len(name) > NAME_LENGTH_MAX:
        raise QuestionWrong(f"A field's name has 1 to {NAME_LENGTH_MAX} characters.")
    known = meaning.fields.get(name)
    if known is not None:
        return Field(known.column), known.kind
    tag = _TAG.fullmatch(name)
    if tag is None:
        return Attribute(name), None
    # tags[environment] is the field: senders' tags of such names are kept there.
    key = tag["quoted"] or tag["bare"]
    known = meaning.fields.get(key)
    if known is not None and tag["type"] is None:
        return Field(known.column), known.kind
    return Attribute(key, ValueType(tag["type"]) if tag["type"] else None), None


def as_number(subject: Subject) -> Subject:
    """Return the subject as what can be measured: an attribute of any type as a number."""
    if isinstance(subject, Attribute) and subject.value_type is None:
        return Attribute(subject.key, ValueType.NUMBER)
    return subject
