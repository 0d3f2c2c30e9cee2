"""Log lines through the door: the live tail and what surrounds a line."""

import asyncio

import httpx
import pytest

from tests.unit.api.read_server import URL, ReadServer
from vedette.api.tails import TAILS_AT_ONCE_MAX, TailPace, TailRoom
from vedette.model.question import Dataset, RowQuestion
from vedette.storage.telemetry.port import QuestionRefused, StoreUnreachable


def test_a_tail_sends_events_and_then_asks_to_come_again(server: ReadServer) -> None:
    answer = server.get("/api/v1/tail?query=severity:error&project=web")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text == (
        'retry: 1000\n: connected\n\nevent: reconnect\ndata: {"seconds":0.0}\n\n'
    )
    [question] = server.telemetry.asked
    assert isinstance(question, RowQuestion)
    assert question.dataset is Dataset.LOGS
    assert question.project_ids == (server.project.project_id,)


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ("dataset=nothing", 400),
        ("dataset=tracemetrics", 400),
        ("query=a:", 400),
        ("project=x", 404),
    ],
)
def test_what_is_wrong_is_said_before_there_is_a_stream(
    server: ReadServer, parameters: str, status: int
) -> None:
    answer = server.get(f"/api/v1/tail?{parameters}")

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("failure", "status"), [(StoreUnreachable("down"), 503), (QuestionRefused("too much"), 400)]
)
def test_a_store_that_refuses_is_no_stream_either_and_holds_no_place(
    server: ReadServer, failure: StoreUnreachable | QuestionRefused, status: int
) -> None:
    server.telemetry.failure = failure
    for _ in range(TAILS_AT_ONCE_MAX + 1):
        assert server.get("/api/v1/tail").status_code == status
    server.telemetry.failure = None

    assert server.get("/api/v1/tail").status_code == 200


def test_there_are_only_so_many_places() -> None:
    server = ReadServer(tail_pace=TailPace(look_every_s=0.01, lasts_s=60.0))

    async def ask_all() -> list[int]:
        transport = httpx.ASGITransport(app=server.api)
        headers = server.token()
        async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
            asked = [
                asyncio.create_task(client.get("/api/v1/tail", headers=headers))
                for _ in range(TAILS_AT_ONCE_MAX + 1)
            ]
            # The client here gives an answer when it has ended: one that is refused is the first.
            done, waiting = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            for each in waiting:
                each.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            return [each.result().status_code for each in done]

    assert asyncio.run(ask_all()) == [503]


def test_a_place_is_given_back_whatever_happens() -> None:
    room = TailRoom(TailPace())
    for _ in range(TAILS_AT_ONCE_MAX * 2):
        with pytest.raises(ZeroDivisionError), room.place():
            raise ZeroDivisionError


def test_a_line_that_is_unknown_has_no_context(server: ReadServer) -> None:
    assert server.get(f"/api/v1/logs/{'1' * 32}/context").status_code == 404


@pytest.mark.parametrize("parameters", ["before=-1", "after=201", "by=nothing"])
def test_a_context_has_bounds(server: ReadServer, parameters: str) -> None:
    assert server.get(f"/api/v1/logs/{'1' * 32}/context?{parameters}").status_code == 400
