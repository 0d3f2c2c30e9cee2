"""The form in which people tell what they did when an error came: its script, and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from vedette.ingest import door_sentry
from vedette.ingest.door_sentry import SentryRequest
from vedette.ingest.door_tools import BUSY_RETRY_S, DoorTools, Peer, Stranger
from vedette.ingest.http_answer import HttpAnswer, Receive, preflight, refused, said
from vedette.ingest.request_body import BodyTooLarge, DoorIsFull, read_body
from vedette.model.json_value import JsonObject
from vedette.model.project import ProjectKey
from vedette.model.record import RecordKind
from vedette.protocols.json_text import write_json
from vedette.protocols.sentry_auth import Credentials, read_dsn
from vedette.protocols.sentry_event import read_event_id

EMBED_PATHS: Final = ("/api/embed/error-page", "/api/embed/error-page/")
FORM_BYTES_MAX: Final = 64 * 1024
FIELD_COUNT_MAX: Final = 20

# The address is that of the script itself: nothing of the request stands in it.
_SCRIPT: Final = b"""(function () {
  var address = document.currentScript && document.currentScript.src;
  if (!address) return;
  var box = document.createElement('div');
  box.setAttribute('style', 'position:fixed;inset:0;z-index:2147483647;display:flex;' +
    'align-items:center;justify-content:center;background:rgba(0,0,0,.5);font:15px sans-serif');
  var form = document.createElement('form');
  form.setAttribute('style', 'background:#fff;color:#111;padding:24px;border-radius:8px;' +
    'display:grid;gap:10px;width:min(420px,90vw)');
  function add(tag, text) {
    var made = document.createElement(tag);
    if (text) made.textContent = text;
    form.appendChild(made);
    return made;
  }
  function field(tag, name, text) {
    var label = add('label', text);
    var made = document.createElement(tag);
    made.name = name;
    made.required = true;
    made.setAttribute('style', 'display:block;width:100%;box-sizing:border-box');
    label.appendChild(made);
    return made;
  }
  add('strong', 'Something went wrong. What did you do before it happened?');
  field('input', 'name', 'Your name');
  field('input', 'email', 'Your e-mail address').type = 'email';
  field('textarea', 'comments', 'What happened').rows = 5;
  var said = add('span');
  add('button', 'Send').type = 'submit';
  var close = add('button', 'Close');
  close.type = 'button';
  close.onclick = function () { box.remove(); };
  form.onsubmit = function (event) {
    event.preventDefault();
    fetch(address, {method: 'POST', body: new URLSearchParams(new FormData(form))})
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        box.remove();
      })
      .catch(function () { said.textContent = 'It could not be sent. Please try again.'; });
  };
  box.appendChild(form);
  document.body.appendChild(box);
})();
"""


@dataclass(frozen=True, slots=True)
class FormVisit:
    """The head of a request."""

    method: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    peer: Peer


async def take_in(visit: FormVisit, receive: Receive, tools: DoorTools) -> HttpAnswer:
    """Answer the script, or take in what was written."""
    if visit.method == "OPTIONS":
        return preflight()
    dsn = read_dsn(visit.query.get("dsn", ""))
    event_id = read_event_id(visit.query.get("eventId"))
    if dsn is None or event_id is None:
        return refused(400, "dsn and eventId must name a project and one of its events")
    key = tools.whose(Credentials(dsn.public_key), visit.peer)
    if isinstance(key, Stranger) or dsn.project_id != str(key.project_id):
        return refused(403, "the dsn is not one of a project here")
    if visit.method == "GET":
        return HttpAnswer(200, _SCRIPT, "text/javascript; charset=utf-8")
    if visit.method != "POST":
        why = f"{visit.method} is not allowed here"
        return refused(405, why, headers={"allow": "GET, POST, OPTIONS"})
    return await _take_form(visit, key, event_id, receive, tools)


async def _take_form(
    visit: FormVisit, key: ProjectKey, event_id: str, receive: Receive, tools: DoorTools
) -> HttpAnswer:
    try:
        held = await read_body(receive, visit.headers, tools.budget, FORM_BYTES_MAX)
    except BodyTooLarge:
        return refused(413, f"the form is larger than {FORM_BYTES_MAX} bytes")
    except DoorIsFull:
        return refused(503, "too busy at this moment", headers={"retry-after": str(BUSY_RETRY_S)})
    try:
        report = _read_report(held.data, event_id)
        if isinstance(report, HttpAnswer):
            return report
        request = SentryRequest(
            kind=RecordKind.ENVELOPE,
            key=key,
            data=b'{}\n{"type":"user_report"}\n' + write_json(report) + b"\n",
            encoding="",
            client_address=visit.peer.address,
            user_agent=visit.headers.get("user-agent", ""),
        )
        taken = await door_sentry.take_in(request, tools)
    finally:
        tools.budget.give_back(held.byte_count)
    return said({"id": event_id}) if taken.status == HTTPStatus.OK else taken


def _read_report(data: bytes, event_id: str) -> JsonObject | HttpAnswer:
    try:
        pairs = parse_qsl(data.decode("utf-8", "replace"), max_num_fields=FIELD_COUNT_MAX)
    except ValueError:
        return refused(400, f"a form has at most {FIELD_COUNT_MAX} fields")
    fields = dict(pairs)
    missing = [each for each in ("name", "email", "comments") if not fields.get(each, "").strip()]
    if missing:
        return refused(400, f"{', '.join(missing)}: this field is required")
    return {
        "event_id": event_id,
        "name": fields["name"],
        "email": fields["email"],
        "comments": fields["comments"],
    }
