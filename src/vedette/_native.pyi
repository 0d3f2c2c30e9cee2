"""The compiled extension. Only vedette.native imports it; see there for what is promised."""  # noqa: PYI021 - every file says what it is for

from collections.abc import Callable, Sequence
from typing import Self, TypeAlias, final

class NativeError(Exception): ...
class TooLarge(NativeError): ...  # noqa: N818 - a state of the bytes, not a mistake
class Malformed(NativeError): ...  # noqa: N818 - as above

# Its args: full, busy, closed or failed; a sentence.
class JournalRefused(NativeError): ...  # noqa: N818 - as above

# -- bytes ---------------------------------------------------------------------------------------

def json_depth(text: bytes) -> int: ...
def unpack(body: bytes, encoding: str, byte_count_max: int) -> bytes: ...

# -- OTLP ----------------------------------------------------------------------------------------

def otlp_count(
    body: bytes, encoding: str, signal: str, byte_count_max: int
) -> tuple[int, int, int]: ...  # items, how many of them are not kept (invalid ids), bytes unpacked
def otlp_from_json(body: bytes, signal: str) -> bytes: ...

# -- decoding into blocks ------------------------------------------------------------------------

@final
class Decoded:
    @property
    def blocks(self) -> list[tuple[str, bytes, int]]: ...
    @property
    def counts(self) -> list[tuple[int, str, str, str, int]]: ...

@final
class Decoder:
    def __new__(
        cls,
        span_columns: dict[str, tuple[str, ...]],
        log_columns: dict[str, tuple[str, ...]],
        metric_columns: dict[str, tuple[str, ...]],
        past_ns_max: int,
        future_ns_max: int,
    ) -> Self: ...
    def otlp_traces(self, bodies: Sequence[tuple[int, int, str, bytes]]) -> Decoded: ...
    def otlp_logs(self, bodies: Sequence[tuple[int, int, str, bytes]]) -> Decoded: ...
    def otlp_metrics(self, bodies: Sequence[tuple[int, int, str, bytes]]) -> Decoded: ...
    # Sentry items: project_id, received_ns, kind, context (JSON), payload. Kinds of spans are
    # transaction, span_container, span; of logs log and otel_log; of metrics trace_metric.
    def sentry_spans(self, items: Sequence[tuple[int, int, str, bytes, bytes]]) -> Decoded: ...
    def sentry_logs(self, items: Sequence[tuple[int, int, str, bytes, bytes]]) -> Decoded: ...
    def sentry_metrics(self, items: Sequence[tuple[int, int, str, bytes, bytes]]) -> Decoded: ...

def pack_block(columns: Sequence[tuple[str, str, Sequence[object]]]) -> bytes: ...

# -- source maps ---------------------------------------------------------------------------------

# File, line, column (both from 0), scope, token, (text, lines before, lines after), is ignored.
_Lines: TypeAlias = tuple[str | None, list[str], list[str]]
_Place: TypeAlias = tuple[str | None, int, int, str | None, str | None, _Lines, bool]

def build_map_cache(source: bytes, source_map: bytes, contents: dict[str, bytes]) -> bytes: ...
def sources_without_content(source_map: bytes) -> list[str]: ...

@final
class MapCache:
    def __new__(cls, data: bytes) -> Self: ...
    @property
    def byte_count(self) -> int: ...
    def look_up(self, places: Sequence[tuple[int, int]]) -> list[_Place | None]: ...

# -- journal -------------------------------------------------------------------------------------

@final
class Journal:
    def __new__(
        cls,
        folder: str,
        bytes_max: int,
        waiting_bytes_max: int,
        disk_free_bytes_min: int,
        segment_bytes: int,
    ) -> Self: ...
    @property
    def journal_id(self) -> str: ...
    @property
    def event_fd(self) -> int: ...
    def append(self, meta: bytes, body: bytes, received_ns: int) -> int: ...
    def completions(self) -> list[tuple[int, int, tuple[str, str] | None]]: ...
    def read(
        self, after_sequence: int, record_count_max: int, byte_count_max: int, wait_s: float
    ) -> list[tuple[int, bytes, bytes]]: ...
    def forget(self, up_to_sequence: int) -> None: ...
    def number_behind(self, sequence: int) -> None: ...
    def lag(self, after_sequence: int) -> tuple[int, int, int | None, int]: ...
    def damage(self) -> list[str]: ...
    def close(self) -> None: ...

# -- OTLP over gRPC ------------------------------------------------------------------------------

@final
class GrpcServer:
    def __new__(
        cls,
        host: str,
        port: int,
        journal: Journal,
        admit: Callable[[str, dict[str, str], str, int, int], tuple[bool, int, bytes, str, float]],
        message_bytes_max: int,
        unpacked_bytes_max: int | None = None,  # the same as message_bytes_max
    ) -> Self: ...
    @property
    def port(self) -> int: ...
    def stop(self, grace_s: float) -> None: ...
