"""The form of an attachment in answers."""

from pydantic import Field

from vedette.api.answer_forms import Form
from vedette.model.json_value import JsonObject
from vedette.query.iso_time import iso_time
from vedette.query.payload import whole


class AttachmentForm(Form):
    """A file that came with an event."""

    id: str
    event_id: str = Field(alias="event_id")
    type: str
    name: str
    mimetype: str
    date_created: str
    size: int
    headers: dict[str, str]
    sha1: str


def attachment_shape(row: JsonObject) -> JsonObject:
    """Return what is shown of an attachment."""
    return {
        "id": row["id"],
        "event_id": row["event_id"],
        "type": row["type"],
        "name": row["name"],
        "mimetype": row["content_type"] or "application/octet-stream",
        "dateCreated": iso_time(whole(row["time"])),
        "size": row["size"],
        "headers": {"Content-Type": row["content_type"]},
        "sha1": row["sha1"],
    }
