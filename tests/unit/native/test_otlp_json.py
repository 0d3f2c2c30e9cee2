"""OTLP's JSON means what its protobuf means."""

import json

import pytest
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.unit.native.otlp_requests import RECEIVED_NS, pairs, span, traces
from vedette.native import Decoder, Malformed, otlp_from_json

JAVASCRIPT = b"""{"resourceSpans":[{"resource":{"attributes":[
 {"key":"service.name","value":{"stringValue":"web"}}],"droppedAttributesCount":0},
 "scopeSpans":[{"scope":{"name":"fetch","version":"1"},"spans":[
 {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"GET","kind":3,
  "startTimeUnixNano":"1789999995000000000","endTimeUnixNano":"1789999995000001000",
  "attributes":[{"key":"http.status_code","value":{"intValue":200}}],
  "droppedAttributesCount":0,"events":[],"droppedEventsCount":0,"status":{"code":0},"links":[],
  "droppedLinksCount":0,"flags":257}]}]}]}"""


def test_a_request_of_the_javascript_sdk_is_read(decoder: Decoder) -> None:
    message = otlp_from_json(JAVASCRIPT, "traces")

    request = ExportTraceServiceRequest.FromString(message)
    [sent] = request.resource_spans[0].scope_spans[0].spans
    assert sent.trace_id.hex() == "0af7651916cd43dd8448eb211c80319c"
    assert (sent.kind, sent.flags) == (Span.SPAN_KIND_CLIENT, 257)
    assert sent.attributes[0].value.int_value == 200
    decoded = decoder.otlp_traces([(1, RECEIVED_NS, "", message)], [])
    assert decoded.counts == [(0, "span", "accepted", "", 1)]


@pytest.mark.parametrize("keeps_names", [True, False], ids=["snake_case", "camelCase"])
def test_the_json_of_protobufs_own_writer_comes_back_as_the_same_message(
    keeps_names: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    sent = span(1, parent=2)
    sent.attributes.extend(
        pairs({"text": "ü", "list": [1, 2.5, {"deep": [True]}], "bytes": b"\xff\x00", "none": None})
    )
    sent.events.add(name="e", time_unix_nano=5)
    sent.status.message = "why"
    request = ExportTraceServiceRequest.FromString(traces(sent))
    plain = MessageToDict(request, preserving_proto_field_name=keeps_names)
    names = ("trace_id", "span_id", "parent_span_id")
    camel = ("traceId", "spanId", "parentSpanId")
    groups = plain["resource_spans" if keeps_names else "resourceSpans"]
    scopes = groups[0]["scope_spans" if keeps_names else "scopeSpans"]
    for name in names if keeps_names else camel:
        # Protobuf's own JSON has base64 here, OTLP's has hex.
        scopes[0]["spans"][0][name] = getattr(sent, names[(*names, *camel).index(name) % 3]).hex()

    message = otlp_from_json(json.dumps(plain).encode(), "traces")

    assert ExportTraceServiceRequest.FromString(message) == request


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"resourceSpans":[{]}', b"\xff", b"[" * 9999])
def test_what_is_no_request_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed, match="broken at byte"):
        otlp_from_json(body, "traces")
