"""Routes that read: what is asked of the stores, and what is answered."""

import json
from urllib.parse import quote

import pytest

from tests.unit.api.read_server import ReadServer, table
from vedette.api.routes_server import NOT_TOLD
from vedette.api.server_state import Problem
from vedette.model.json_value import JsonValue
from vedette.model.person import Role
from vedette.model.question import (
    AllOf,
    AttributeKeysQuestion,
    AttributeValuesQuestion,
    Compare,
    Dataset,
    Field,
    Operator,
    OutcomeQuestion,
    RowQuestion,
    SpanQuestion,
    TraceQuestion,
)
from vedette.query.event_shape import EVENT_FIELDS
from vedette.storage.telemetry.port import (
    TRACE_COLUMNS,
    QuestionRefused,
    StoreUnreachable,
    TelemetryError,
)

TABLE = "/api/0/organizations/default/events/"
TRACE_ID = "1" * 32
SPAN_ID = "2" * 16


def event_row(**more: JsonValue) -> list[JsonValue]:
    row: dict[str, JsonValue] = dict.fromkeys(EVENT_FIELDS, "") | {
        "id": "e" * 32,
        "project.id": 1,
        "timestamp": 0,
        "received": 0,
        **more,
    }
    return [row[name] for name in EVENT_FIELDS]


def span_row(span_id: str = SPAN_ID, **more: JsonValue) -> list[JsonValue]:
    row: dict[str, JsonValue] = dict.fromkeys(TRACE_COLUMNS, "") | {
        "project_id": 1,
        "span_id": span_id,
        "parent_span_id": "0" * 16,
        "segment_id": SPAN_ID,
        "start_time": 10**18,
        "duration_ns": 1_000_000,
        "op": "db",
        "is_segment": True,
        **more,
    }
    return [row[name] for name in TRACE_COLUMNS]


def test_a_table_is_asked_of_the_projects_that_may_be_seen(server: ReadServer) -> None:
    server.telemetry.rows_of[Dataset.SPANS] = table(("a", "b"), ("db", 2_000_000), was_cut=True)

    answer = server.get(
        f"{TABLE}?dataset=spans&field=span.op&field=p95(span.duration)&query=span.op:db"
        "&environment=prod&per_page=1&start=2026-01-01&end=2026-01-02"
        "&disableAggregateExtrapolation=1"
    )

    assert answer.json()["data"] == [{"span.op": "db", "p95(span.duration)": 2.0}]
    assert answer.json()["meta"]["units"]["p95(span.duration)"] == "millisecond"
    assert 'rel="next"; results="true"; cursor="0:1:0"' in answer.headers["link"]
    [question] = server.telemetry.asked
    assert isinstance(question, RowQuestion)
    assert question.project_ids == (server.project.project_id,)
    assert question.where == AllOf(
        (
            Compare(Field("environment"), Operator.IN, ("prod",)),
            Compare(Field("span.op"), Operator.EQUAL, ("db",)),
        )
    )


def test_the_cursor_of_a_page_leads_to_the_next(server: ReadServer) -> None:
    server.get(f"{TABLE}?dataset=logs&field=message&per_page=10&cursor=0:20:0")

    [question] = server.telemetry.asked
    assert isinstance(question, RowQuestion)
    assert (question.row_offset, question.row_count_max) == (20, 10)


@pytest.mark.parametrize(
    ("parameters", "detail"),
    [
        ("field=id&per_page=0", "Invalid per_page value. Must be between 1 and 1000."),
        ("field=id&cursor=abc", "Invalid cursor parameter."),
        ("field=id&dataset=nothing", "dataset must be one of: errors, spans, logs, tracemetrics"),
        ("", "No columns selected: name at least one field."),
        (
            "field=id&statsPeriod=soon",
            "Invalid statsPeriod: give a number and one of s, m, h, d, w",
        ),
    ],
)
def test_what_cannot_be_understood_is_refused(
    server: ReadServer, parameters: str, detail: str
) -> None:
    answer = server.get(f"{TABLE}?{parameters}")

    assert (answer.status_code, answer.json()) == (400, {"detail": detail})


def test_a_wrong_search_says_where_and_what_was_expected(server: ReadServer) -> None:
    answer = server.get(f"{TABLE}?field=id&query={quote('level:error (')}")

    assert answer.status_code == 400
    assert answer.json() == {
        "detail": "Error parsing search query: At position 13: expected a closing parenthesis.",
        "position": 13,
        "expected": "a closing parenthesis",
    }


@pytest.mark.parametrize(
    "path",
    ["/api/0/projects/default/web/events/{}/", "/api/0/organizations/default/events/web:{}/"],
)
def test_an_event_is_found_by_its_id_in_any_spelling(server: ReadServer, path: str) -> None:
    payload = {"exception": {"values": [{"type": "ValueError", "value": "bad"}]}}
    server.telemetry.rows_of[Dataset.ERRORS] = table(
        EVENT_FIELDS, event_row(title="ValueError: bad", payload=json.dumps(payload))
    )

    answer = server.get(path.format("EEEEEEEE-EEEE-EEEE-EEEE-EEEEEEEEEEEE"))

    event = answer.json()
    assert (event["eventID"], event["projectSlug"]) == ("e" * 32, "web")
    assert event["entries"][0]["data"]["values"][0]["type"] == "ValueError"
    question, _ = server.telemetry.asked  # then, what people wrote about it
    assert isinstance(question, RowQuestion)
    assert question.where == Compare(Field("id"), Operator.EQUAL, ("e" * 32,))
    assert question.project_ids == (server.project.project_id,)


def test_the_events_of_a_project_are_listed(server: ReadServer) -> None:
    server.telemetry.rows_of[Dataset.ERRORS] = table(
        EVENT_FIELDS, event_row(title="Boom", environment="prod")
    )

    answer = server.get("/api/0/projects/default/web/events/")

    [event] = answer.json()
    assert (event["eventID"], event["title"], event["user"]) == ("e" * 32, "Boom", None)
    assert event["tags"] == [{"key": "environment", "value": "prod"}]
    assert 'rel="next"; results="false"' in answer.headers["link"]


def test_a_trace_is_nested_and_says_how_much_of_it_is_shown(server: ReadServer) -> None:
    server.telemetry.spans = table(
        TRACE_COLUMNS, span_row(), span_row("3" * 16, parent_span_id=SPAN_ID, start_time=10**18 + 1)
    )

    answer = server.get(f"/api/0/organizations/default/trace/{TRACE_ID}/?project=2&statsPeriod=1h")

    [root] = answer.json()
    assert [child["event_id"] for child in root["children"]] == ["3" * 16]
    assert root["project_slug"] == "web"
    assert answer.headers["x-shown"] == "2 of 2"
    question = server.telemetry.asked[0]
    assert isinstance(question, TraceQuestion)
    assert question.project_ids == (server.project.project_id,)


def test_additional_attributes_stand_at_the_spans_that_have_them(server: ReadServer) -> None:
    server.telemetry.spans = table(TRACE_COLUMNS, span_row(), span_row("3" * 16))
    server.telemetry.rows_of[Dataset.SPANS] = table(
        ("span_id", "cart.id", "span.duration"), (SPAN_ID, "c1", 2_000_000), ("3" * 16, None, 0)
    )

    answer = server.get(
        f"/api/0/organizations/default/trace/{TRACE_ID}/"
        "?additional_attributes=cart.id&additional_attributes=span.duration"
    )

    first, second = answer.json()
    assert first["additional_attributes"] == {"cart.id": "c1", "span.duration": 2.0}
    assert second["additional_attributes"] == {"span.duration": 0.0}


def test_functions_are_no_additional_attributes(server: ReadServer) -> None:
    server.telemetry.spans = table(TRACE_COLUMNS, span_row())

    answer = server.get(
        f"/api/0/organizations/default/trace/{TRACE_ID}/?additional_attributes=count()"
    )

    assert answer.status_code == 400


def test_a_trace_that_is_cut_says_so(server: ReadServer) -> None:
    server.telemetry.spans = table(TRACE_COLUMNS, span_row(), was_cut=True)
    server.telemetry.rows_of[Dataset.SPANS] = table(("count()",), (25_000,))

    nested = server.get(f"/api/0/organizations/default/trace/{TRACE_ID}/")
    server.telemetry.span_total = 25_000
    columns = server.get(f"/api/v1/traces/{TRACE_ID}")

    assert nested.headers["x-shown"] == "1 of 25000"
    assert (columns.json()["shown"], columns.json()["total"]) == (1, 25_000)


def test_meta_counts_spans_errors_and_logs(server: ReadServer) -> None:
    server.telemetry.spans = table(TRACE_COLUMNS, span_row(), span_row("3" * 16, op="http"))
    server.telemetry.rows_of[Dataset.ERRORS] = table(("count()",), (3,))
    server.telemetry.rows_of[Dataset.LOGS] = table(("count()",), (5,))

    answer = server.get(f"/api/0/organizations/default/trace-meta/{TRACE_ID}/")

    assert answer.json() == {
        "errors": 3,
        "logs": 5,
        "performance_issues": 0,
        "span_count": 2,
        "span_count_map": {"db": 1, "http": 1},
        "transaction_child_count_map": [{"transaction.event_id": SPAN_ID, "count()": 2}],
    }


def test_logs_of_traces_are_asked_for_by_all_their_ids(server: ReadServer) -> None:
    answer = server.get(
        "/api/0/organizations/default/trace-logs/"
        f"?traceId={TRACE_ID}&traceId={'3' * 32}&per_page=9999"
    )

    assert answer.json()["data"] == []
    [question] = server.telemetry.asked
    assert isinstance(question, RowQuestion)
    assert question.where == AllOf(
        (Compare(Field("trace"), Operator.IN, (TRACE_ID, "3" * 32)), AllOf(()))
    )


def test_one_span_is_shown_with_all_its_attributes(server: ReadServer) -> None:
    server.telemetry.one_span = table(
        (*TRACE_COLUMNS, "attributes", "resource_attributes", "events", "links"),
        [
            *span_row(),
            {"a": 1},
            {"host.name": "h"},
            [{"time": 10**18, "name": "retry", "attributes": {}}],
            [],
        ],
    )

    span = server.get(f"/api/v1/traces/{TRACE_ID}/spans/{SPAN_ID}").json()

    assert (span["attributes"], span["resource_attributes"]) == ({"a": 1}, {"host.name": "h"})
    assert span["events"] == [
        {"timestamp": "2001-09-09T01:46:40Z", "name": "retry", "attributes": {}}
    ]
    assert span["end_timestamp"] == "2001-09-09T01:46:40.001Z"
    [question] = server.telemetry.asked
    assert isinstance(question, SpanQuestion)
    assert question.project_ids == (1, 2)


def test_attributes_are_listed_by_name_and_value(server: ReadServer) -> None:
    server.telemetry.keys = table(("key", "type", "count"), ("cart.id", "string", 3))
    server.telemetry.values = table(
        ("value", "count", "first_seen", "last_seen"), ("blue", 2, 0, 10**9)
    )
    base = "/api/0/organizations/default/trace-items/attributes/"

    keys = server.get(f"{base}?itemType=spans&substringMatch=cart").json()
    values = server.get(f"{base}cart.colour/values/?dataset=spans&substringMatch=bl").json()

    assert [key["key"] for key in keys] == ["cart.id"]
    assert [(value["value"], value["count"]) for value in values] == [("blue", 2)]
    first, second = server.telemetry.asked
    assert isinstance(first, AttributeKeysQuestion)
    assert first.part_of_name == "cart"
    assert isinstance(second, AttributeValuesQuestion)
    assert second.part_of_value == "bl"


def test_a_list_of_attributes_that_the_store_cut_says_so(server: ReadServer) -> None:
    server.telemetry.keys = table(("key", "type", "count"), ("cart.id", "string", 3), was_cut=True)

    answer = server.get(
        "/api/0/organizations/default/trace-items/attributes/?itemType=spans&substringMatch=cart"
    )

    assert 'rel="next"; results="false"' in answer.headers["link"]
    assert answer.headers["x-shown"] == "1 of more; narrow the question to see others"


def test_outcomes_are_summed(server: ReadServer) -> None:
    start_ns = 1_767_222_000_000_000_000
    server.telemetry.sums = table(
        ("outcome", "time", "quantity"), ("accepted", start_ns, 4), ("invalid", start_ns, 1)
    )

    answer = server.get(
        "/api/0/organizations/default/stats_v2/"
        "?field=sum(quantity)&groupBy=outcome&statsPeriod=1h&interval=1h"
    )

    assert [group["totals"] for group in answer.json()["groups"]] == [
        {"sum(quantity)": 4},
        {"sum(quantity)": 1},
    ]
    [question] = server.telemetry.asked
    assert isinstance(question, OutcomeQuestion)
    assert question.interval_s == 3_600


@pytest.mark.parametrize(
    ("failure", "status", "detail"),
    [
        (QuestionRefused("too many groups"), 400, "too many groups"),
        (StoreUnreachable("chdb at /secret/path"), 503, "A store does not answer; try again."),
        (TelemetryError("SELECT secret"), 500, "Internal Error"),
    ],
)
def test_a_store_that_fails_is_said_so_without_its_secrets(
    server: ReadServer, failure: TelemetryError, status: int, detail: str
) -> None:
    server.telemetry.failure = failure

    answer = server.get(f"{TABLE}?field=id")

    assert (answer.status_code, answer.json()) == (status, {"detail": detail})


def test_a_mistake_of_ours_is_answered_and_kept_safe(server: ReadServer) -> None:
    server.telemetry.rows_of[Dataset.ERRORS] = table(())

    answer = server.get("/api/0/projects/default/web/events/" + "e" * 32 + "/")

    assert answer.status_code == 404
    server.telemetry.rows_of[Dataset.ERRORS] = table(("wrong",), ("x",))
    answer = server.get("/api/0/projects/default/web/events/" + "e" * 32 + "/")
    assert (answer.status_code, answer.json()) == (500, {"detail": "Internal Error"})
    assert answer.headers["x-content-type-options"] == "nosniff"


PAUSED = Problem("digester", "paused, 3 records are waiting")


def test_readiness_names_what_is_wrong(server: ReadServer) -> None:
    assert server.ask("/readyz").status_code == 200
    server.state.trouble = [PAUSED]

    nobody, reader = server.ask("/readyz"), server.ask("/readyz", headers=server.token(Role.READER))

    assert (nobody.status_code, reader.status_code) == (503, 503)
    assert reader.json() == {
        "ready": False,
        "problems": [{"name": "digester", "text": "paused, 3 records are waiting"}],
    }
    assert nobody.json()["problems"] == [{"name": "digester", "text": NOT_TOLD}]


def test_what_hinders_nothing_is_named_by_a_server_that_is_ready(server: ReadServer) -> None:
    server.state.trouble = [Problem("quarantine", "3 rows", hinders=False)]

    answer = server.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "problems": [{"name": "quarantine", "text": "3 rows"}]}


@pytest.mark.parametrize(
    ("peer", "headers", "is_told"),
    [
        pytest.param("127.0.0.1", {}, True, id="this machine"),
        pytest.param("::1", {}, True, id="this machine, IPv6"),
        pytest.param("::ffff:127.0.0.1", {}, True, id="this machine, mapped"),
        pytest.param("192.0.2.7", {}, False, id="another machine"),
        pytest.param("127.0.0.1", {"x-forwarded-for": "192.0.2.7"}, False, id="through a proxy"),
    ],
)
def test_details_are_for_this_machine_and_for_tokens(
    server: ReadServer,
    peer: str,
    headers: dict[str, str],
    is_told: bool,  # noqa: FBT001 - a case
) -> None:
    server.state.trouble = [PAUSED]

    readiness = server.ask("/readyz", headers=headers, peer=peer)
    metrics = server.ask("/metrics", headers=headers, peer=peer)
    with_token = server.ask("/metrics", headers=headers | server.token(Role.READER), peer=peer)

    assert readiness.json()["problems"][0]["text"] == (PAUSED.text if is_told else NOT_TOLD)
    assert metrics.status_code == (200 if is_told else 401)
    assert with_token.text == "vedette_ready 1\n"


def test_life_is_open_to_all_and_figures_are_for_prometheus(server: ReadServer) -> None:
    assert server.ask("/healthz").json() == {"alive": True}
    metrics = server.get("/metrics")
    assert metrics.text == "vedette_ready 1\n"
    assert metrics.headers["content-type"].startswith("text/plain; version=0.0.4")


def test_quarantine_is_for_the_owner(server: ReadServer) -> None:
    manager = server.token(Role.MANAGER)
    path = "/api/v1/quarantine"

    assert server.ask(path, headers=manager).status_code == 403
    assert server.ask(f"{path}/restore", method="POST", headers=manager).status_code == 403
    assert server.get(path).json()[0]["rows"] == 1
    restored = server.ask(f"{path}/restore", method="POST", headers=server.token())
    assert restored.json()["restoredRows"] == 1


def test_who_asks_is_told_with_its_scopes(server: ReadServer) -> None:
    nobody = server.ask("/api/0/")
    reader = server.ask("/api/0/", headers=server.token(Role.READER))

    assert nobody.json() == {"version": "0", "user": None, "auth": None}
    assert reader.json()["user"]["email"] == "reader@example.org"
    assert "event:read" in reader.json()["auth"]["scopes"]
    assert "project:write" not in reader.json()["auth"]["scopes"]


def test_organizations_have_all_that_sentry_cli_needs(server: ReadServer) -> None:
    first, _ = server.get("/api/0/organizations/").json()

    assert first.keys() >= {
        "id",
        "slug",
        "name",
        "dateCreated",
        "isEarlyAdopter",
        "require2FA",
        "requireEmailVerification",
        "features",
    }


def test_lists_are_cut_into_pages(server: ReadServer) -> None:
    answer = server.get("/api/0/organizations/?per_page=1")

    assert [one["slug"] for one in answer.json()] == ["default"]
    assert 'rel="next"; results="true"; cursor="0:1:0"' in answer.headers["link"]
    rest = server.get("/api/0/organizations/?per_page=1&cursor=0:1:0")
    assert [one["slug"] for one in rest.json()] == ["others"]
    assert 'rel="next"; results="false"' in rest.headers["link"]
