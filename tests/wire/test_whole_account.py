"""After everything that the SDKs sent: whatever came in is in a table or has an outcome.

Stands last by its name: tests of this folder run one after the other on one server.
"""

from collections import Counter

from tests.journey.server import Server, wait_until_digested

EXPECTED_LOSSES = {
    ("invalid", "not_yet_supported"),
    ("rate_limited", "over_quota"),
}
TABLES = {
    "error": "errors",
    "span": "spans",
    "log_item": "logs",
    "trace_metric": "metrics",
    "session": "sessions",
}


def test_what_was_accepted_is_what_the_tables_have(server: Server) -> None:
    status = wait_until_digested(server)
    accepted: Counter[str] = Counter()
    for each in server.outcomes("category", "outcome"):
        if each["outcome"] == "accepted" and each["category"] in TABLES:
            accepted[TABLES[each["category"]]] += each["quantity"]

    rows = {each["table"]: each["rows"] for each in status["tables"]}
    assert {name: rows[name] for name in TABLES.values()} == {
        name: accepted[name] for name in TABLES.values()
    }
    assert status["quarantine"]["rows"] == 0


def test_nothing_of_an_sdk_was_unreadable_or_unknown(server: Server) -> None:
    lost = {
        (each["outcome"], each["reason"])
        for each in server.outcomes("outcome", "reason")
        if each["outcome"] not in ("accepted", "client_discard")
    }

    assert lost <= EXPECTED_LOSSES
