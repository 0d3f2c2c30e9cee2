"""Connections of slow, talkative and honest senders, on a real socket."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest

from vedette.app import http_connection
from vedette.app.http_server import HttpServer
from vedette.app.sockets import bind, port_of
from vedette.ingest.http_answer import Receive, Scope, Send, said, send_answer

HEAD = b"POST / HTTP/1.1\r\nhost: a\r\n"
Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


async def echo_length(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer how long the body is."""
    assert scope["type"] == "http"
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body = message.get("body", b"")
        assert isinstance(body, bytes)
        length += len(body)
        more = bool(message.get("more_body", False))
    await send_answer(send, said(length))


def talk(conversation: Conversation) -> bytes:
    """Return what the conversation with a server returns."""

    async def run() -> bytes:
        listener = bind("127.0.0.1", 0, purpose="port")
        server = HttpServer(echo_length, listener)
        serving = asyncio.ensure_future(server.run_until_told())
        await server.is_serving.wait()
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(listener))
        heard = await asyncio.wait_for(conversation(reader, writer), 20)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        server.should_exit = True
        await serving
        listener.close()
        return heard

    return asyncio.run(run())


async def heard_until_closed(reader: asyncio.StreamReader) -> bytes:
    """Return all that comes; a reset is an end, too."""
    heard = b""
    try:
        while piece := await reader.read(10_000):
            heard += piece
    except ConnectionResetError:
        pass
    return heard


@pytest.fixture
def short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_connection, "HEAD_S_MAX", 0.3)
    monkeypatch.setattr(http_connection, "REQUEST_S_MAX", 0.3)


@pytest.mark.usefixtures("short_times")
@pytest.mark.parametrize(
    "begin",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\r\n", id="line breaks"),
        pytest.param(HEAD, id="half a head"),
        pytest.param(HEAD + b"content-length: 9\r\n\r\nhalf", id="half a body"),
        pytest.param(HEAD + b"transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n", id="no last chunk"),
    ],
)
def test_a_sender_that_does_not_come_to_an_end_is_left(begin: bytes) -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(begin)
        return await heard_until_closed(reader)

    assert talk(trickle) == b""


def test_a_head_without_end_is_refused() -> None:
    async def send_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(HEAD)
        listening = asyncio.ensure_future(heard_until_closed(reader))
        while not listening.done():
            writer.write(b"x-more: and more\r\n" * 1_000)
            await asyncio.wait({listening}, timeout=0.01)
        return listening.result()

    assert talk(send_headers).startswith(b"HTTP/1.1 431 ")


def test_large_bodies_and_requests_in_a_row_pass() -> None:
    async def send_all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        length = 2_000_000
        writer.write(HEAD + b"content-length: %d\r\n\r\n" % length + b"x" * length)
        writer.write(HEAD + b"content-length: 3\r\n\r\nabc")
        writer.write(HEAD + b"connection: close\r\ncontent-length: 4\r\n\r\nabcd")
        return await heard_until_closed(reader)

    heard = talk(send_all)

    bodies = [one.rpartition(b"\r\n\r\n")[2] for one in heard.split(b"HTTP/1.1")[1:]]
    assert bodies == [b"2000000", b"3", b"4"]
