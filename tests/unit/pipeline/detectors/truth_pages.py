"""Traces with faults of pages and programs, and traces that only nearly have them."""

from typing import TYPE_CHECKING

from tests.unit.pipeline.detectors.told_trace import ToldTrace

if TYPE_CHECKING:
    from vedette.pipeline.detectors.seen_span import Value

CDN = "https://cdn.example/assets/"


def page(**vitals: float) -> ToldTrace:
    given: dict[str, Value] = {f"measurements.{name}": value for name, value in vitals.items()}
    return ToldTrace("/home", op="pageload", kind="internal", length_ms=9_000, attributes=given)


def vital_span(vital: str, value: float, *, op: str | None = None, element: str = "") -> ToldTrace:
    told = page()
    name = f"browser.web_vital.{vital}.value"
    given: dict[str, Value] = {name: value, f"browser.web_vital.{vital}.element": element}
    told.span(5, 50, element or vital, op=op or f"ui.webvital.{vital}", attributes=given)
    return told


def asset(
    encoded: int,
    decoded: int,
    *,
    length_ms: float = 900,
    name: str = "main.js",
    op: str = "resource.script",
    others_packed: bool = True,
    fcp: float = 0,
    status: str = "",
) -> ToldTrace:
    told = page(**({"fcp": fcp} if fcp else {}))
    given: dict[str, Value] = {
        "http.response_content_length": encoded,
        "http.decoded_response_content_length": decoded,
        "http.response_transfer_size": encoded + 300,
    }
    if status:
        given["resource.render_blocking_status"] = status
    told.span(50, length_ms, CDN + name, op=op, attributes=given)
    if others_packed:
        packed: dict[str, Value] = {
            "http.response_content_length": 1_000,
            "http.decoded_response_content_length": 4_000,
        }
        told.span(50, 20, CDN + "small.js", op="resource.script", attributes=packed)
    return told


def resource(length_ms: float, *, op: str = "resource.img") -> ToldTrace:
    told = page()
    told.span(50, length_ms, CDN + "a.png", op=op)
    return told


def task(*lengths_ms: float, op: str = "ui.long-task") -> ToldTrace:
    told = page()
    for place, length_ms in enumerate(lengths_ms):
        told.span(50 + place * 900, length_ms, "main-thread", op=op)
    return told


def file_reads(
    count: int, length_ms: float, *, blocks: bool = True, name: str = "a.db", op: str = "file.read"
) -> ToldTrace:
    told = ToldTrace("Main", op="ui.load", kind="internal")
    for number in range(count):
        given: dict[str, Value] = {"blocked_main_thread": blocks, "file.path": f"/data/{name}"}
        told.span(5 + number * 30, length_ms, "read", op=op, attributes=given)
    return told


def request(*children: tuple[float, float], length_ms: float = 5_000, op: str = "") -> ToldTrace:
    told = ToldTrace("/work", length_ms=length_ms, op=op)
    for start_ms, child_ms in children:
        told.span(start_ms, child_ms, "step")
    return told


PAGES = {
    "slow_lcp": (
        (
            page(lcp=6_000),
            vital_span("lcp", 4_500, element="main > img:nth-child(2)"),
            page(lcp=4_001),
        ),
        (page(lcp=3_900), page(fcp=9_000), vital_span("lcp", 2_400)),
    ),
    "slow_inp": (
        (page(inp=700), vital_span("inp", 900, op="ui.interaction.click"), vital_span("inp", 501)),
        (page(inp=450), vital_span("inp", 200), vital_span("inp", 900, op="db")),
    ),
    "slow_cls": (
        (page(cls=0.4), vital_span("cls", 0.3, element="div.ad"), vital_span("cls", 1.2)),
        (page(cls=0.2), vital_span("cls", 0.25), page(lcp=100)),
    ),
    "uncompressed_asset": (
        (
            asset(900_000, 900_000),
            asset(512_000, 512_000, name="a.css", op="resource.css"),
            asset(2_000_000, 2_000_000, name="data.3fa9c1d2.json"),
        ),
        (
            asset(900_000, 2_000_000),
            asset(400_000, 400_000),
            asset(900_000, 900_000, length_ms=90),
            asset(900_000, 900_000, name="photo.png"),
            asset(900_000, 900_000, others_packed=False),
        ),
    ),
    "render_blocking_asset": (
        (
            asset(600_000, 900_000, length_ms=2_000, fcp=3_000),
            asset(900_000, 900_000, length_ms=1_500, fcp=4_000, status="blocking"),
            asset(900_000, 900_000, length_ms=3_000, fcp=9_000, op="resource.link"),
        ),
        (
            asset(600_000, 900_000, length_ms=2_000, fcp=1_900),
            asset(90_000, 900_000, length_ms=2_000, fcp=3_000),
            asset(600_000, 900_000, length_ms=3_500, fcp=3_000),
            asset(600_000, 900_000, length_ms=2_000, fcp=3_000, status="non-blocking"),
            asset(600_000, 900_000, length_ms=500, fcp=3_000),
        ),
    ),
    "slow_resource": (
        (
            resource(3_500),
            resource(9_000, op="resource.script"),
            resource(3_000, op="resource.other"),
        ),
        (resource(2_500), resource(9_000, op="http.client"), resource(100)),
    ),
    "long_task": (
        (task(700), task(100, 600), task(900, op="ui.long-animation-frame")),
        (task(120), task(300, 300), task(900, op="ui.render")),
    ),
    "file_io_main_thread": (
        (file_reads(1, 40), file_reads(5, 5), file_reads(2, 12, op="db.sql.query")),
        (
            file_reads(1, 10),
            file_reads(5, 20, blocks=False),
            file_reads(3, 20, name="Main.nib"),
            file_reads(3, 20, op="http"),
        ),
    ),
    "missing_instrumentation": (
        (
            request((5, 50), (4_000, 900)),
            request((5, 50), (60, 50)),
            request((4_500, 50), (4_600, 50)),
        ),
        (
            request((5, 50), (1_500, 900), (3_000, 1_900)),
            request((5, 50)),
            request(),
            request((5, 50), (60, 50), length_ms=1_500),
            request((5, 50), (60, 50), op="ui.load"),
        ),
    ),
}
"""Traces that have the fault, and those that nearly have it, by kind."""
