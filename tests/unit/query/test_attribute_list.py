"""Names and values of attributes."""

from vedette.model.answer import Answer
from vedette.query.attribute_list import shape_attribute_keys, shape_attribute_values
from vedette.query.fields import MEANINGS, Kind

SEEN = Answer(
    ("key", "type", "count"),
    (("cart.id", "cart.size", "span.op"), ("string", "number", "string"), (9, 5, 3)),
)


def keys(*, types: tuple[str, ...] = (), part: str = "") -> list[tuple[object, object]]:
    shaped = shape_attribute_keys(SEEN, MEANINGS["spans"], types=types, part_of_name=part)
    return [(one["key"], one["attributeType"]) for one in shaped]


def test_attributes_follow_the_fields_under_the_names_that_a_search_takes() -> None:
    assert keys()[-2:] == [("cart.id", "string"), ("tags[cart.size,number]", "number")]
    assert ("span.duration", "number") in keys()


def test_a_name_that_is_a_field_stands_once() -> None:
    assert [key for key, _ in keys()].count("span.op") == 1


def test_types_and_parts_of_names_narrow() -> None:
    assert ("cart.id", "string") not in keys(types=("number",))
    assert ("span.op", "string") not in keys(part="cart")


def test_values_say_how_often_and_when() -> None:
    answer = Answer(
        ("value", "count", "first_seen", "last_seen"), ((7, 999), (2, 1), (0, 0), (10**9, 0))
    )

    shaped = shape_attribute_values(
        answer, "project", kind=Kind.PROJECT_SLUG, project_slugs={7: "web"}
    )

    assert shaped[0] == {
        "key": "project",
        "name": "web",
        "value": "web",
        "count": 2,
        "firstSeen": "1970-01-01T00:00:00Z",
        "lastSeen": "1970-01-01T00:00:01Z",
    }
