"""The forms of answers about detectors, for the OpenAPI document."""

from pydantic import JsonValue

from vedette.api.answer_forms import Form


class DetectorSetting(Form):
    """One threshold or switch of a detector."""

    name: str
    value: JsonValue
    default: JsonValue


class DetectorForm(Form):
    """A detector, what it tells, and how it is set for a project."""

    kind: str
    category: str
    title: str
    what: str
    why: str
    how: str
    enabled: bool
    settings: list[DetectorSetting]
