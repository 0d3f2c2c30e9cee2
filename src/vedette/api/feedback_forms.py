"""The form of feedback in answers, as Sentry writes user reports."""

from pydantic import Field

from vedette.api.answer_forms import Form


class EventOfFeedback(Form):
    """The event that feedback is about."""

    id: str
    event_id: str = Field(alias="eventID")


class FeedbackForm(Form):
    """What somebody wrote."""

    id: str
    event_id: str | None = Field(alias="eventID")
    project_id: str = Field(alias="projectID")
    name: str
    email: str
    comments: str
    url: str
    source: str
    replay_id: str | None
    date_created: str
    event: EventOfFeedback | None
