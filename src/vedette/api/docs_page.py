"""The API as a page of its own: no script, and nothing from any other host."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

import orjson

from vedette.model.json_value import JsonObject
from vedette.query.payload import as_list, as_object, as_text

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}code{font-family:ui-monospace,monospace}"
    "section{border-top:1px solid #8886;padding:.5rem 0}h3{margin:.25rem 0;font-size:1rem}"
    "dt{float:left;clear:left;margin-right:.75rem}dd{margin:0 0 0 2rem;overflow:hidden}"
)


@dataclass(frozen=True, slots=True)
class DocsPage:
    """A page, and the content security policy that it needs."""

    html: str
    policy: str


def docs_page(schema: bytes) -> DocsPage:
    """Return the page that shows an OpenAPI document."""
    document = as_object(orjson.loads(schema))
    sections = "".join(_sections(document))
    about = escape(as_text(as_object(document.get("info")).get("description")) or "")
    style_hash = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return DocsPage(
        html=(
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>Vedette API</title><style>{_STYLE}</style></head>"
            f"<body><main><h1>Vedette API</h1><p>{about}</p>"
            '<p>Machine-readable: <a href="/api/openapi.json">openapi.json</a>. '
            "Send <code>Authorization: Bearer &lt;token&gt;</code>.</p>"
            f"{sections}</main></body></html>"
        ),
        policy=f"default-src 'none'; style-src 'sha256-{style_hash}'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'none'",
    )


def _sections(document: JsonObject) -> Iterator[str]:
    for path, methods in as_object(document.get("paths")).items():
        for method, operation in as_object(methods).items():
            yield _section(method, path, as_object(operation))


def _section(method: str, path: str, operation: JsonObject) -> str:
    about = as_text(operation.get("description")) or ""
    parameters = "".join(_parameter(as_object(one)) for one in as_list(operation.get("parameters")))
    listed = f"<dl>{parameters}</dl>" if parameters else ""
    return (
        f"<section><h3><code>{escape(method.upper())} {escape(path)}</code></h3>"
        f"<p>{escape(about)}</p>{listed}</section>"
    )


def _parameter(parameter: JsonObject) -> str:
    name = as_text(parameter.get("name")) or ""
    about = as_text(parameter.get("description")) or as_text(parameter.get("in")) or ""
    return f"<dt><code>{escape(name)}</code></dt><dd>{escape(about)}</dd>"
