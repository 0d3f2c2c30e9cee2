"""A tunnel: an app forwards what its SDKs send, and only the envelope says whose it is."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import urlsplit

from typing_extensions import override

from tests.wire.installs import node_with, run_node
from tests.wire.project import Project
from tests.wire.story import (
    assert_error_is_shown,
    assert_logs_are_shown,
    assert_message_is_shown,
    assert_trace_is_shown,
    told_by,
)

VERSION: Final = "11.12.0"


@contextmanager
def tunnel(project: Project) -> Iterator[str]:
    """Forward bodies to the project, with nothing that names its key."""
    target = urlsplit(project.server.url)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            packing = self.headers.get("content-encoding")
            headers = {"content-encoding": packing} if packing else {}
            server = http.client.HTTPConnection(target.hostname or "", target.port)
            path = f"/api/{project.project_id}/envelope/"
            server.request("POST", path, _body_of(self), headers)
            answer = server.getresponse()
            body = answer.read()
            server.close()
            self.send_response(answer.status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/tunnel"
        server.shutdown()


def _body_of(handler: BaseHTTPRequestHandler) -> bytes:
    if handler.headers.get("transfer-encoding") != "chunked":
        return handler.rfile.read(int(handler.headers["content-length"]))
    body = b""
    while size := int(handler.rfile.readline(), 16):
        body += handler.rfile.read(size)
        handler.rfile.readline()
    handler.rfile.readline()
    return body


def test_a_tunnel_needs_no_key_but_the_one_in_the_envelope(
    new_project: Callable[[str], Project],
) -> None:
    installed = node_with(f"sentry-node-{VERSION}", f"@sentry/node@{VERSION}")
    project = new_project("tunnelled")

    with tunnel(project) as address:
        told = told_by(run_node(installed, "sentry_node.js", project.dsn, address))

    sdk = f"sentry.javascript.node@{VERSION}"
    assert_error_is_shown(project, told, sdk=sdk, error_type="PaymentError")
    assert_message_is_shown(project, told)
    assert_trace_is_shown(project, told, pay_status="deadline_exceeded")
    assert_logs_are_shown(project, told, template="order %s of %s goods")
