"""A read door over stores in memory, and a client to knock at it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import httpx
from pydantic import TypeAdapter
from starlette.routing import Match

from tests.fakes.fresh_metadata import FreshMetadata
from tests.fakes.hand_clock import HandClock
from tests.fakes.memory_blobs import MemoryBlobs
from tests.fakes.packed_spans import as_kept, pack_spans
from tests.fakes.sightings import a_sighting, see
from vedette.api.app import all_routes, make_api
from vedette.api.outer_layers import one_slash_form
from vedette.api.policy import Scope
from vedette.api.server_state import Problem
from vedette.api.services import ApiServices
from vedette.api.tails import TailPace
from vedette.base.ids import RandomIds
from vedette.model.answer import Answer, PackedTrace
from vedette.model.attachment import ATTACHMENT_COLUMNS, AttachmentQuestion
from vedette.model.feedback import FEEDBACK_COLUMNS, FeedbackQuestion
from vedette.model.group_question import (
    GroupSeriesQuestion,
    GroupTotalsQuestion,
    HashTotalsQuestion,
)
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.person import Role, User
from vedette.model.project import Organization, Project
from vedette.model.question import (
    Aggregate,
    AttributeKeysQuestion,
    AttributeValuesQuestion,
    Dataset,
    OutcomeQuestion,
    RowQuestion,
    SpanQuestion,
    TraceQuestion,
    ValueCountsQuestion,
)
from vedette.model.release import ReleaseSeen
from vedette.model.service_question import (
    CallsQuestion,
    LinksQuestion,
    OperationsQuestion,
    TraceSummariesQuestion,
)
from vedette.model.session_question import SessionQuestion
from vedette.model.value_counts import ValueCounts
from vedette.storage.attachment_desk import AttachmentDesk
from vedette.storage.secrets import hash_of_password, hash_of_secret
from vedette.storage.telemetry.group_port import HASH_COLUMNS, SERIES_COLUMNS, TOTAL_COLUMNS
from vedette.storage.telemetry.port import TRACE_COLUMNS, TableSize, TelemetryError
from vedette.storage.telemetry.service_port import CALL_COLUMNS, OPERATION_FIGURES
from vedette.storage.telemetry.session_port import SESSION_SUMS
from vedette.storage.telemetry.trace_list_port import LINK_COLUMNS, SUMMARY_COLUMNS
from vedette.storage.uploads.desk import UploadDesk

URL = "http://vedette.test"
PEER = "192.0.2.9"
PASSWORD = "correct horse battery"
ONE_LOOK = TailPace(lasts_s=0.0)
"""A tail ends after its first look: the client here waits for the end of answers."""


def table(names: Sequence[str], *rows: Sequence[JsonValue], was_cut: bool = False) -> Answer:
    """Return an answer from its rows."""
    columns = tuple(zip(*rows, strict=True)) or ((),) * len(names)
    return Answer(tuple(names), columns, was_cut)


@dataclass
class GivenTelemetry:
    """Answers what a test says, remembers what was asked."""

    asked: list[object] = field(default_factory=list)
    rows_of: dict[Dataset, Answer] = field(default_factory=dict)
    spans: Answer = field(default_factory=lambda: table(TRACE_COLUMNS))
    span_total: int = 0
    one_span: Answer | None = None
    keys: Answer = field(default_factory=lambda: table(("key", "type", "count")))
    values: Answer = field(
        default_factory=lambda: table(("value", "count", "first_seen", "last_seen"))
    )
    sums: Answer | None = None
    session_sums: Answer | None = None
    totals: Answer = field(default_factory=lambda: table(TOTAL_COLUMNS))
    series: Answer = field(default_factory=lambda: table(SERIES_COLUMNS))
    hashes: Answer = field(default_factory=lambda: table(HASH_COLUMNS))
    counts: ValueCounts = field(default_factory=lambda: ValueCounts(0, 0, 0, 0, ()))
    operation_figures: Answer | None = None
    call_figures: Answer = field(default_factory=lambda: table(CALL_COLUMNS))
    trace_links: Answer = field(default_factory=lambda: table(LINK_COLUMNS))
    summaries: Answer = field(default_factory=lambda: table(SUMMARY_COLUMNS))
    written: Answer = field(default_factory=lambda: table(FEEDBACK_COLUMNS))
    files: Answer = field(default_factory=lambda: table(ATTACHMENT_COLUMNS))
    failure: TelemetryError | None = None

    def rows(self, question: RowQuestion) -> Answer:
        self._hear(question)
        names = tuple(str(number) for number, _ in enumerate(question.selected))
        is_total = all(isinstance(selected, Aggregate) for selected in question.selected)
        return self.rows_of.get(
            question.dataset, table(names, (0,) * len(names)) if is_total else table(names)
        )

    def trace(self, question: TraceQuestion) -> Answer:
        self._hear(question)
        return self.spans

    def packed_trace(self, question: TraceQuestion) -> PackedTrace:
        self._hear(question)
        rows = [as_kept(row) for row in self.spans.rows()]
        return PackedTrace(pack_spans(rows), self.span_total)

    def span(self, question: SpanQuestion) -> Answer:
        self._hear(question)
        return self.one_span or table(TRACE_COLUMNS)

    def attribute_keys(self, question: AttributeKeysQuestion) -> Answer:
        self._hear(question)
        return self.keys

    def attribute_values(self, question: AttributeValuesQuestion) -> Answer:
        self._hear(question)
        return self.values

    def value_counts(self, question: ValueCountsQuestion) -> ValueCounts:
        self._hear(question)
        return self.counts

    def outcomes(self, question: OutcomeQuestion) -> Answer:
        self._hear(question)
        return self.sums or table((*question.group_by, "time", "quantity"))

    def sessions(self, question: SessionQuestion) -> Answer:
        self._hear(question)
        return self.session_sums or table((*question.group_by, "time", *SESSION_SUMS))

    def group_totals(self, question: GroupTotalsQuestion) -> Answer:
        self._hear(question)
        return self.totals

    def group_series(self, question: GroupSeriesQuestion) -> Answer:
        self._hear(question)
        return self.series

    def hash_totals(self, question: HashTotalsQuestion) -> Answer:
        self._hear(question)
        return self.hashes

    def operations(self, question: OperationsQuestion) -> Answer:
        self._hear(question)
        return self.operation_figures or table(OPERATION_FIGURES)

    def calls(self, question: CallsQuestion) -> Answer:
        self._hear(question)
        return self.call_figures

    def calls_settled_until_ns(self) -> int:
        return 0

    def links(self, question: LinksQuestion) -> Answer:
        self._hear(question)
        return self.trace_links

    def trace_summaries(self, question: TraceSummariesQuestion) -> Answer:
        self._hear(question)
        return self.summaries

    def feedback(self, question: FeedbackQuestion) -> Answer:
        self._hear(question)
        return self.written

    def attachments(self, question: AttachmentQuestion) -> Answer:
        self._hear(question)
        return self.files

    def forget_attachment(self, *, project_id: int, event_id: str, attachment_id: str) -> None:
        self._hear((project_id, event_id, attachment_id))
        self.files = table(ATTACHMENT_COLUMNS)

    def attachment_days(self, *, before_ns: int) -> Sequence[str]:
        self._hear(before_ns)
        return ()

    def drop_older_than(self, *, table: str, before_ns: int) -> int:
        self._hear((table, before_ns))
        return 0

    def forget_groups(
        self, project_id: int, hashes: Sequence[str], *, received_before_ns: int
    ) -> None:
        self._hear((project_id, hashes, received_before_ns))

    def drop_oldest(self) -> str | None:
        return None

    def sizes(self) -> Sequence[TableSize]:
        return ()

    def check(self) -> None:
        self._hear("check")

    def close(self) -> None:
        return

    def _hear(self, question: object) -> None:
        self.asked.append(question)
        if self.failure is not None:
            raise self.failure


@dataclass
class GivenState:
    """A server in the state that a test says."""

    trouble: list[Problem] = field(default_factory=list)
    url: str = URL

    def status(self) -> JsonObject:
        return {"ready": not self.trouble}

    def problems(self) -> Sequence[Problem]:
        return self.trouble

    def quarantined(self) -> Sequence[JsonObject]:
        return [dict.fromkeys(("name", "table", "token", "why"), "x") | {"rows": 1}]

    def restore_quarantined(self) -> JsonObject:
        return {
            "restoredBlocks": 1,
            "restoredRows": 1,
            "refusedAgain": [],
            "leftBlocks": 0,
        }

    def metrics_text(self) -> str:
        return "vedette_ready 1\n"

    def public_url(self) -> str:
        return self.url


def check_form(method: str, path: str, answer: httpx.Response) -> None:
    """Hold an answer against the form that the OpenAPI document promises for it."""
    if not answer.is_success or not answer.content:
        return
    if answer.headers.get("content-disposition", "").startswith("attachment"):
        return
    scope = {"type": "http", "method": method, "path": one_slash_form(unquote(urlsplit(path).path))}
    for route in all_routes():
        if route.matches(scope)[0] is Match.FULL:
            if route.response_model is not None:
                TypeAdapter(route.response_model).validate_json(answer.content)
            return


class ReadServer:
    """Two organizations: `default` with project `web`, and `others` with project `theirs`."""

    def __init__(self, tail_pace: TailPace = ONE_LOOK) -> None:
        self.clock = HandClock()
        self.metadata = FreshMetadata()
        self.telemetry = GivenTelemetry()
        self.blobs = MemoryBlobs()
        self.state = GivenState()
        self.organization, self.project = self._owner_and_project("default", "web")
        self.foreign_organization, self.foreign_project = self._owner_and_project(
            "others", "theirs"
        )
        self.key = self.metadata.create_key(
            project_id=self.project.project_id, public_key="ab" * 16, label="Default", created_ns=0
        )
        self.foreign_key = self.metadata.create_key(
            project_id=self.foreign_project.project_id,
            public_key="cd" * 16,
            label="Default",
            created_ns=0,
        )
        see(
            self.metadata,
            a_sighting(1, project_id=self.project.project_id),
            a_sighting(1, project_id=self.foreign_project.project_id),
        )
        self.metadata.see_releases(
            [
                ReleaseSeen(self.project.project_id, "web@1.0", "production", 1, 1),
                ReleaseSeen(self.foreign_project.project_id, "theirs@1.0", "theirs-only", 1, 1),
            ],
            now_ns=1,
        )
        self.users = {role: self._user(role) for role in Role}
        self.comment = self.metadata.add_comment(
            1, user_id=self.users[Role.OWNER].user_id, text="seen", now_ns=0
        )
        self.api = make_api(
            ApiServices(
                telemetry=self.telemetry,
                metadata=self.metadata,
                clock=self.clock,
                ids=RandomIds(),
                state=self.state,
                uploads=UploadDesk(MemoryBlobs(), self.metadata, self.clock),
                tail_pace=tail_pace,
                attachments=AttachmentDesk(self.blobs, self.telemetry),
            )
        )

    def token(
        self, role: Role = Role.OWNER, scopes: frozenset[str] = frozenset({Scope.ADMIN})
    ) -> dict[str, str]:
        """Return the header that a new token of a person of this role brings."""
        secret = f"sntryu_{RandomIds().secret(32)}"
        self.metadata.create_token(
            user_id=self.users[role].user_id,
            secret_hash=hash_of_secret(secret),
            label="test",
            scopes=scopes,
            created_ns=0,
        )
        return {"Authorization": f"Bearer {secret}"}

    def session(self, role: Role = Role.OWNER) -> dict[str, str]:
        """Return the header that a browser of a signed-in person sends."""
        secret = RandomIds().secret(32)
        self.metadata.create_session(
            user_id=self.users[role].user_id,
            secret_hash=hash_of_secret(secret),
            expires_ns=self.clock.now_ns() + 10**12,
        )
        return {"Cookie": f"vedette_session={secret}"}

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        json: object = None,
        content: bytes | None = None,
        peer: str = PEER,
    ) -> httpx.Response:
        """Send one request and return what is answered."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(
                app=self.api, raise_app_exceptions=False, client=(peer, 4711)
            )
            async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
                return await client.request(
                    method, path, headers=headers, json=json, content=content
                )

        answer = asyncio.run(send())
        check_form(method, path, answer)
        return answer

    def get(self, path: str) -> httpx.Response:
        """Read as the owner."""
        return self.ask(path, headers=self.token())

    def _owner_and_project(self, organization: str, project: str) -> tuple[Organization, Project]:
        owner = self.metadata.create_organization(
            slug=organization, name=organization.title(), created_ns=0
        )
        return owner, self.metadata.create_project(
            organization_id=owner.organization_id,
            slug=project,
            name=project.title(),
            platform="python",
            created_ns=0,
        )

    def _user(self, role: Role) -> User:
        return self.metadata.create_user(
            email=f"{role.value}@example.org", name=role.value, role=role, created_ns=0
        )

    def give_password(self, role: Role) -> str:
        """Let a person sign in by password; return the address."""
        user = self.users[role]
        self.metadata.set_password_hash(
            user_id=user.user_id, password_hash=hash_of_password(PASSWORD)
        )
        return user.email
