"""What a request or job is called, wherever its instrumentation says so."""

import re
from typing import Final

from vedette.pipeline.detectors.address_shape import path_shape
from vedette.pipeline.detectors.seen_span import SeenSpan

_METHOD: Final = re.compile(r"^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b\s*")


def route_of(segment: SeenSpan) -> str:
    """Return the route of a segment, without its method; never empty."""
    given = segment.text("http.route")
    if given:
        return given
    name = segment.segment_name if segment.is_segment and segment.segment_name else segment.name
    bare = _METHOD.sub("", name)
    if bare and not bare.startswith("HTTP "):
        return path_shape(bare) if bare.startswith(("/", "http")) else bare
    address = segment.text("url.path", "http.target", "url.full", "http.url", "request.url")
    return path_shape(address) if address else (name or segment.op or "(unnamed)")
