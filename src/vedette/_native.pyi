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
def pack(body: bytes, encoding: str) -> bytes: ...
def unpack(body: bytes, encoding: str, byte_count_max: int) -> bytes: ...

# -- OTLP ----------------------------------------------------------------------------------------

def otlp_count(
    body: bytes, encoding: str, signal: str, byte_count_max: int
) -> tuple[int, int, int]: ...  # items, how many of them are not kept (invalid ids), bytes unpacked
def otlp_from_json(body: bytes, signal: str) -> bytes: ...

# -- what must not be kept -----------------------------------------------------------------------

@final
class KeyRules:
    def __new__(
        cls, with_defaults: bool, sensitive_fields: Sequence[str], safe_fields: Sequence[str]
    ) -> Self: ...
    # plain, harmless, sensitive, or "sensitive text" (numbers of this name may be kept)
    def verdict(self, name: str) -> str: ...
    def cookie(self, name: str) -> str: ...

@final
class TextRules:
    # Rules: the name of one of ours or "pattern", the pattern, the groups that are found.
    def __new__(cls, rules: Sequence[tuple[str, str, Sequence[int]]], keys: KeyRules) -> Self: ...
    # Finds: text, rule, beginning and end in characters.
    def find(self, texts: Sequence[str]) -> list[tuple[int, int, int, int]]: ...

@final
class Scrubber:
    def __new__(cls, keys: KeyRules, with_addresses: bool) -> Self: ...
    def text(self, text: str) -> str: ...

# Project, its scrubber, whether transactions of health checks are left out.
_ProjectRules: TypeAlias = tuple[int, Scrubber | None, bool]

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
    def otlp_traces(
        self, bodies: Sequence[tuple[int, int, str, bytes]], rules: Sequence[_ProjectRules]
    ) -> Decoded: ...
    def otlp_logs(
        self, bodies: Sequence[tuple[int, int, str, bytes]], rules: Sequence[_ProjectRules]
    ) -> Decoded: ...
    def otlp_metrics(
        self, bodies: Sequence[tuple[int, int, str, bytes]], rules: Sequence[_ProjectRules]
    ) -> Decoded: ...
    # Sentry items: project_id, received_ns, kind, context (JSON), payload. Kinds of spans are
    # transaction, span_container, span; of logs log and otel_log; of metrics trace_metric.
    def sentry_spans(
        self, items: Sequence[tuple[int, int, str, bytes, bytes]], rules: Sequence[_ProjectRules]
    ) -> Decoded: ...
    def sentry_logs(
        self, items: Sequence[tuple[int, int, str, bytes, bytes]], rules: Sequence[_ProjectRules]
    ) -> Decoded: ...
    def sentry_metrics(
        self, items: Sequence[tuple[int, int, str, bytes, bytes]], rules: Sequence[_ProjectRules]
    ) -> Decoded: ...

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

# -- traces --------------------------------------------------------------------------------------

# Spans, start, end, gaps; columns, gaps.
def trace_columns(rows: bytes) -> tuple[tuple[int, int, int, int], tuple[bytes, bytes]]: ...

# Spans, start, end; service, op, name, count, errors, total, self, critical.
def trace_groups(
    rows: bytes,
) -> tuple[tuple[int, int, int], list[tuple[str, str, str, int, int, int, int, int]]]: ...

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
    def trouble(self) -> str | None: ...
    def damage(self) -> list[str]: ...
    def close(self) -> None: ...

# -- OTLP over gRPC ------------------------------------------------------------------------------

@final
class GrpcListener:
    def __new__(cls, host: str, port: int) -> Self: ...
    @property
    def port(self) -> int: ...
    def close(self) -> None: ...

@final
class GrpcServer:
    def __new__(
        cls,
        listener: GrpcListener,
        journal: Journal,
        admit: Callable[[str, dict[str, str], str, int, int], tuple[bool, int, bytes, str, float]],
        # signal, metadata, peer address, too_large or unreadable
        turned_away: Callable[[str, dict[str, str], str, str], None],
        message_bytes_max: int,
        unpacked_bytes_max: int,
    ) -> Self: ...
    @property
    def port(self) -> int: ...
    def stop(self, grace_s: float) -> None: ...
