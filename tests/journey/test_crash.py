"""Killed at random moments under load: everything acknowledged is there, exactly once."""

import json
import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.journey.server import (
    Server,
    running_server,
    start_server,
    wait_for,
    wait_until_digested,
)
from vedette.app.data_folder import prepare_folder
from vedette.model.issue_question import IssueQuestion
from vedette.storage.metadata.store import open_metadata

KILL_COUNT: Final = 10
LIFE_S: Final = (0.4, 1.6)
"""How long a server lives before it is killed."""

SENDER_COUNT: Final = 4
GROUP_COUNT: Final = 7
USER_COUNT: Final = 25
SEED: Final = 20261125


@dataclass
class Account:
    """What was sent, and what of it was acknowledged."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    acknowledged_events: set[str] = field(default_factory=set)
    facts_of_events: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Which issue each belongs to, and which person met it, whatever was answered."""
    acknowledged_traces: dict[str, int] = field(default_factory=dict)
    unanswered_events: set[str] = field(default_factory=set)
    unanswered_traces: dict[str, int] = field(default_factory=dict)


def envelope(event_id: str, trace_id: str, span_count: int, *, message: str, user: str) -> bytes:
    now_s = time.time()
    spans = [
        {
            "trace_id": trace_id,
            "span_id": uuid.uuid4().hex[:16],
            "name": f"step {number}",
            "status": "ok",
            "is_segment": number == 0,
            "start_timestamp": now_s,
            "end_timestamp": now_s + 0.01,
            "attributes": {"sentry.op": {"type": "string", "value": "test"}},
        }
        for number in range(span_count)
    ]
    header = {
        "type": "span",
        "item_count": span_count,
        "content_type": "application/vnd.sentry.items.span.v2+json",
    }
    lines: list[Any] = [
        {"event_id": event_id},
        {"type": "event"},
        {
            "event_id": event_id,
            "message": message,
            "user": {"id": user},
            "timestamp": now_s,
        },
        header,
        {"version": 2, "items": spans},
        {"type": "check_in"},
        {"check_in_id": event_id, "monitor_slug": "m", "status": "ok"},
    ]
    return b"\n".join(json.dumps(each).encode() for each in lines)


def send_until(
    server: Server, account: Account, ending: threading.Event, dice: random.Random
) -> None:
    auth = {"x-sentry-auth": f"Sentry sentry_version=7, sentry_key={server.key}"}
    with httpx.Client(timeout=10, headers=auth) as client:
        while not ending.is_set():
            event_id, trace_id = uuid.uuid4().hex, uuid.uuid4().hex
            span_count = dice.randint(1, 40)
            message = f"crash in {'abcdefg'[dice.randrange(GROUP_COUNT)]}"
            user = str(dice.randrange(USER_COUNT))
            with account.lock:
                account.facts_of_events[event_id] = (message, user)
            try:
                answer = client.post(
                    f"{server.url}/api/1/envelope/",
                    content=envelope(event_id, trace_id, span_count, message=message, user=user),
                )
                is_acknowledged = answer.status_code == 200
            except httpx.HTTPError:
                is_acknowledged = False
            with account.lock:
                if is_acknowledged:
                    account.acknowledged_events.add(event_id)
                    account.acknowledged_traces[trace_id] = span_count
                else:
                    account.unanswered_events.add(event_id)
                    account.unanswered_traces[trace_id] = span_count
            if not is_acknowledged:
                return


def live_and_die(
    server: Server, account: Account, dice: random.Random, *, acknowledged_min: int = 0
) -> None:
    ending = threading.Event()
    senders = [
        threading.Thread(
            target=send_until, args=(server, account, ending, random.Random(dice.random()))
        )
        for _ in range(SENDER_COUNT)
    ]
    for each in senders:
        each.start()
    ending.wait(dice.uniform(*LIFE_S))
    wait_for(lambda: len(account.acknowledged_events) >= acknowledged_min, "acknowledged events")
    server.kill()
    ending.set()
    for each in senders:
        each.join()
    server.client.close()
    assert server.process.stdout is not None
    server.process.stdout.close()


def all_rows(server: Server, dataset: str, fields: list[str]) -> list[Any]:
    rows: list[Any] = []
    while page := server.events(
        dataset, fields, per_page=1000, cursor=f"0:{len(rows)}:0", sort=fields[0]
    ):
        rows += page
    return rows


@pytest.mark.timeout(300)
def test_a_server_killed_again_and_again_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    kill_and_count(tmp_path / "data", KILL_COUNT, SEED)


@pytest.mark.timeout(300)
def test_a_journal_that_outlives_the_metadata_is_not_stored_again(tmp_path: Path) -> None:
    account, data = Account(), tmp_path / "data"
    live_and_die(start_server(data), account, random.Random(SEED), acknowledged_min=20)
    for each in data.glob("metadata.sqlite*"):
        each.unlink()

    with running_server(data) as server:
        wait_until_digested(server)
        assert_exactly_once(server, account)
        assert_issues_agree(server, account)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_a_hundred_kills_lose_nothing_either(tmp_path: Path) -> None:
    kill_and_count(tmp_path / "data", 10 * KILL_COUNT, SEED + 1)


def kill_and_count(data: Path, kill_count: int, seed: int) -> None:
    dice, account, token = random.Random(seed), Account(), ""
    for _ in range(kill_count):
        server = start_server(data, token=token)
        token = server.token
        live_and_die(server, account, dice)
    with running_server(data, token=token) as server:
        wait_until_digested(server)
        assert len(account.acknowledged_events) > kill_count, "the load was there"
        assert_exactly_once(server, account)
        assert server.stop() == 0


def assert_exactly_once(server: Server, account: Account) -> None:
    events = Counter(row["id"] for row in all_rows(server, "errors", ["id"]))
    assert account.acknowledged_events, "the load was there"
    assert set(events) >= account.acknowledged_events, "nothing acknowledged is lost"
    assert set(events) <= account.acknowledged_events | account.unanswered_events
    assert set(events.values()) == {1}, "nothing is there twice"

    traces = {
        row["trace"]: row["count()"] for row in all_rows(server, "spans", ["trace", "count()"])
    }
    assert traces.items() >= account.acknowledged_traces.items(), "every span of every trace, once"
    assert traces.keys() <= account.acknowledged_traces.keys() | account.unanswered_traces.keys()

    sums = Counter[str]()
    for row in server.outcomes("category", "outcome", "reason"):
        sums[f"{row['category']} {row['outcome']} {row['reason']}".strip()] += row["quantity"]
    assert sums["error accepted"] == len(events), "the account agrees with the tables"
    assert sums["span accepted"] == sum(traces.values())
    assert sums["monitor invalid not_yet_supported"] == len(events), (
        "what is not kept has an outcome"
    )


def assert_issues_agree(server: Server, account: Account) -> int:
    """Hold issues and their people against what is stored of what was sent; return how much."""
    stored = [row["id"] for row in all_rows(server, "errors", ["id"])]
    events: Counter[str] = Counter()
    people: dict[str, set[str]] = {}
    for event_id in stored:
        message, user = account.facts_of_events[event_id]
        events[message] += 1
        people.setdefault(message, set()).add(user)

    answer = server.get("/api/0/organizations/default/issues/", statsPeriod="1d", per_page=100)
    issues = answer.json()

    assert {each["title"]: int(each["count"]) for each in issues} == events
    assert {each["title"]: each["userCount"] for each in issues} == {
        message: len(some) for message, some in people.items()
    }
    assert len(issues) == GROUP_COUNT, "a group is one issue, whatever was interrupted"
    numbers = sorted(each["shortId"] for each in issues)
    assert numbers == [f"DEFAULT-{number}" for number in range(1, GROUP_COUNT + 1)]
    return len(stored)


def assert_counts_are_kept(data: Path, event_count: int) -> None:
    """Hold what the metadata counted, once for each event ever, against what was stored."""
    metadata = open_metadata(prepare_folder(str(data)).metadata_url)
    issues = metadata.find_issues(IssueQuestion((1,)))
    metadata.close()
    assert sum(each.times_seen for each in issues) == event_count
