"""Let feedback on: without what a project does not want to be kept."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vedette.model.json_value import JsonObject
from vedette.model.project_rules import ScrubRules
from vedette.pipeline.event_reading import object_at, text_of
from vedette.pipeline.scrub_event import plan_of
from vedette.pipeline.scrubbing.walk import Walk

if TYPE_CHECKING:
    from vedette.model.json_value import JsonValue

MESSAGE_LENGTH_MAX: Final = 4_096
TEXT_LENGTH_MAX: Final = 200
URL_LENGTH_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class ScrubbedFeedback:
    """Feedback that may be kept. Only `scrub_feedback` makes one, and only this becomes a row."""

    message: str
    name: str
    email: str
    url: str
    source: str


def scrub_feedback(given: JsonObject, rules: ScrubRules) -> ScrubbedFeedback:
    """Take what must not be kept out of the context of a feedback event, and read the rest."""
    body: dict[str, JsonValue] = {"contexts": {"feedback": dict(given)}}
    plan = plan_of(rules)
    if not plan.is_empty:
        Walk(plan).scrub(body)
    kept = object_at(body, "contexts", "feedback")
    return ScrubbedFeedback(
        message=text_of(kept.get("message")).strip()[:MESSAGE_LENGTH_MAX],
        name=text_of(kept.get("name"))[:TEXT_LENGTH_MAX],
        email=text_of(kept.get("contact_email"))[:TEXT_LENGTH_MAX],
        url=text_of(kept.get("url"))[:URL_LENGTH_MAX],
        source=text_of(kept.get("source"))[:TEXT_LENGTH_MAX],
    )
