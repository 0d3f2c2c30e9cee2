"""Names and values of attributes, for completion and facets, in Sentry's form."""

from collections.abc import Mapping, Sequence

from vedette.model.answer import Answer
from vedette.model.json_value import JsonObject, JsonValue
from vedette.query.events_table import show
from vedette.query.fields import DatasetMeaning, Kind
from vedette.query.iso_time import iso_time

_TYPE_OF_KIND = {
    Kind.NUMBER: "number",
    Kind.INTEGER: "number",
    Kind.DURATION: "number",
    Kind.BOOLEAN: "boolean",
}


def shape_attribute_keys(
    answer: Answer,
    meaning: DatasetMeaning,
    *,
    types: Sequence[str],
    part_of_name: str,
) -> list[JsonObject]:
    """Return the fields of the dataset, then the attributes that were seen, most frequent first."""
    wanted = part_of_name.casefold()
    fields = [
        _key(name, name, _TYPE_OF_KIND.get(field.kind, "string"), source="sentry")
        for name, field in meaning.fields.items()
        if wanted in name.casefold()
    ]
    seen = [
        _key(_search_key(str(row["key"]), str(row["type"])), str(row["key"]), str(row["type"]))
        for row in answer.rows()
        if row["key"] not in meaning.fields
    ]
    return [key for key in fields + seen if not types or key["attributeType"] in types]


def shape_attribute_values(
    answer: Answer, key: str, *, kind: Kind | None, project_slugs: Mapping[int, str]
) -> list[JsonObject]:
    """Return the values that a field or attribute took, most frequent first."""
    return [
        {
            "key": key,
            "name": str(value),
            "value": value,
            "count": row["count"],
            "firstSeen": _time(row.get("first_seen")),
            "lastSeen": _time(row.get("last_seen")),
        }
        for row in answer.rows()
        if (value := show(row["value"], kind, project_slugs)) is not None
    ]


def _key(key: str, name: str, value_type: str, *, source: str = "user") -> JsonObject:
    return {
        "key": key,
        "name": name,
        "attributeType": value_type,
        "attributeSource": {"source_type": source},
    }


def _search_key(key: str, value_type: str) -> str:
    return key if value_type == "string" else f"tags[{key},{value_type}]"


def _time(value: JsonValue) -> str | None:
    return iso_time(int(value)) if isinstance(value, int | float) else None
