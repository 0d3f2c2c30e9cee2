"""Placeholders in messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.pipeline.grouping.message_shape import LENGTH_MAX, head_of, shape_of

UUID = "550e8400-e29b-41d4-a716-446655440000"


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("mail to a.b+c@shop.example.com bounced", "mail to <email> bounced"),
        ("GET https://shop.example/a?b=1 failed", "GET <url> failed"),
        ("cannot reach redis-1.shop.internal:6379", "cannot reach <hostname>"),
        ("10.0.0.1:5432 refused", "<ip> refused"),
        ("listen on [2001:db8::7334]:80", "listen on <ip>"),
        ("peer fe80::1 is gone", "peer <ip> is gone"),
        (f"trace 00-{'a1' * 16}-{'b2' * 8}-01", "trace <traceparent>"),
        ("Root=1-5759e988-bd862e3fe1be46a994272793 lost", "<traceparent> lost"),
        (f"order {UUID}", "order <uuid>"),
        (f"commit {'a1' * 20}", "commit <sha1>"),
        (f"etag {'a1' * 16}", "etag <md5>"),
        ("since 2026-11-25", "since <date>"),
        ("since 2026-11-25T10:11:12.123+01:00", "since <date>"),
        ("since Wed, 21 Oct 2026 07:28:00 GMT", "since <date>"),
        ("since 25/Nov/2026:10:11:12 +0000", "since <date>"),
        ("since Nov 25, 2026", "since <date>"),
        ("at 12:30:45", "at <date>"),
        ("took 12ms", "took <duration>"),
        ("took 1h2m3.5s", "took <duration>"),
        ("took 30 seconds", "took <duration>"),
        ("txn tx274a77a8975c4a66aeb24-0052d95365", "txn <swift_txn_id>"),
        ("nic 00:1b:44:11:3a:b7 is down", "nic <mac> is down"),
        ("request 8f3KdX92lmQ4", "request <random_id>"),
        ("at 0x7ffdeadbeef", "at <hex>"),
        ("block deadbeef01", "block <hex>"),
        ("block DEADBEEF01", "block <hex>"),
        ("at abc1234", "at <git_sha>"),
        ("ratio 1.5e-3", "ratio <number>"),
        ("-5 of 1,234 rows", "<number> of <number> rows"),
        ("order_811", "order_<number>"),
        ("user='alice' admin=true", "user=<quoted_str> admin=<bool>"),
        ("cannot write /tmp/tmpab12/x.png", "cannot write <temp_path>"),
        ("pod shop-7d9f8b6c5d-x2x9k is gone", "pod shop-<random_id> is gone"),
        ("{'sku': 'A-1', 'gift': True}", "{'sku': <quoted_str>, 'gift': <bool>}"),
        # What says what went wrong stays.
        ("Cannot read properties of undefined (reading 'name')", None),
        ("column 'price' does not exist", None),
        ("java.net.ConnectException", None),
        ("self.io has no attribute name", None),
        ("utf8 x86 item-a h264", None),
        ("core::dead::beef", None),
        ("facade decade deadbeef", None),
        ("it is true", None),
    ],
)
def test_what_differs_gets_a_placeholder(text: str, shape: str | None) -> None:
    assert shape_of(text) == (text if shape is None else shape)


def test_long_texts_stay_as_they_are() -> None:
    text = "1 " * LENGTH_MAX

    assert shape_of(text) is text


@given(st.text("a1.:-/@=' _%[Mon", max_size=200))
def test_a_shape_has_a_shape_of_its_own_and_never_raises(text: str) -> None:
    shape_of(text)


@pytest.mark.parametrize(
    "piece", ["1.", "1:", "a@", "='", "0 ", "1-", "/tmp", "Mon ", "[:", "f1", "a1."]
)
def test_the_longest_text_of_any_kind_is_shaped_within_a_moment(piece: str) -> None:
    # The test's own time limit is the measure: with going back this takes hours.
    shape_of((piece * LENGTH_MAX)[:LENGTH_MAX])


def test_two_lines_make_the_head() -> None:
    assert head_of("\n first \n\n second\nthird") == "first\nsecond..."
    assert head_of("  one ") == "one"
