"""The typed face of the compiled extension: the only module that imports it.

NativeError
├── TooLarge         a body takes more bytes than allowed
├── Malformed        bytes are not what they should be; the text says where
└── JournalRefused   the journal did not take a record

Reading never raises anything else, whatever the bytes. Work on bodies runs without the
interpreter's lock.

`unpack(body, encoding, byte_count_max)` returns a body as it was before its Content-Encoding
(gzip, deflate, br, zstd; "", identity and utf-8 mean plain). It takes no more memory than
`byte_count_max` and a few megabytes, whatever was packed.

`pack(body, encoding)` returns a body in a Content-Encoding: gzip or zstd.

`otlp_count(body, encoding, signal, byte_count_max)` returns how many items (spans, log records,
data points) a protobuf request has, how many of those will not be kept because an id or name is
missing, and how many bytes it has unpacked. `signal` is traces, logs or metrics. Malformed if the
framing is broken.

`otlp_from_json(body, signal)` returns the protobuf form of a JSON request (plain, not packed).

`json_depth(text)` returns how deeply JSON text is nested, without reading it.

`pack_block(columns)` returns one block in the engine's Native format. A column is its name, its
type as the engine spells it, and its values: int for whole numbers, Date (days), DateTime
(seconds) and DateTime64 (ticks); float; bool; the word of an Enum8; str (or bytes that are text);
bytes of the right length for FixedString; a sequence for Array; a dict for Map. TypeError names
the column and row of a value that does not fit, ValueError a column of another length.

`Decoder(...)` reads batches of bodies into blocks; see `_native.pyi` for its methods. Bodies are
(project_id, received_ns, encoding, body). It never raises for what is in a body: `Decoded.counts`
says what became of every item as (position in the batch, category, fate, reason, quantity), with
the words of `vedette.model.category` and `vedette.model.outcome`. `Decoded.blocks` has at most one
(table, block, row count) per table. The same batch gives the same blocks again. A decoder keeps
its room from batch to batch and may be used by several threads.

Each call takes the rules of the batch's projects, (project_id, scrubber or None, whether
transactions of health checks are left out); projects that are not named keep all.

`KeyRules(with_defaults, sensitive_fields, safe_fields)` judges names of values, and those of
cookies. `TextRules(rules, keys)` finds what must not be kept in texts, in linear time whatever the
pattern; ValueError says what is wrong with one. What it finds of a text is in order and without
overlaps; earlier rules win. `Scrubber(keys, with_addresses)` does both to rows.

`trace_columns(rows)` puts a trace together from rows in the engine's RowBinary form, in any order:
project_id, span_id, parent_span_id, start_time, duration_ns, received_at, kind, status, is_segment,
then the texts name, op, service, environment, release, protocol, origin, status_text, description,
status_message. It returns how many spans there are, when the first begins and the last ends (ns),
how many gaps there are, and the objects of columns and of listed gaps as JSON. `trace_groups(rows)`
returns the same three figures and (service, op, name, count, errors, total, self, critical
nanoseconds) of each kind of span, the largest part of the critical path first. Malformed if the
rows are broken.

`Journal(folder, ...)` opens the journal on disk; `storage.journal.local` gives it the form of the
port. `append` returns a ticket at once; `completions` returns (ticket, sequence, None) of what is
synced and (ticket, 0, (kind, sentence)) of what was refused since the last call, and `event_fd` is
readable while there is any. The kinds, also the first argument of a JournalRefused raised by
`append`, are full, busy, closed and failed. OSError if the folder is in use or cannot be read.

`GrpcListener(host, port)` holds a port; OSError if it cannot. `GrpcServer(listener, journal, admit,
turned_away, ...)` serves OTLP over gRPC there, on a thread of its own. Every message is unpacked
and counted, then `admit(signal, metadata, peer_address, item_count, byte_count)` is called on that
thread: it answers (is admitted, gRPC code, meta for the journal, sentence, seconds until a retry is
of use or 0), and must not block. The sender is answered after the plain body is synced. What cannot
be unpacked or counted is refused unasked, and `turned_away(signal, metadata, peer_address,
"too_large" or "unreadable")` hears of it. `stop(grace_s)` finishes what was begun.

`build_map_cache(source, source_map, contents)` makes a cache of a minified file (may be empty:
functions then have no names) and its source map; `contents` are original files by the name under
which the map knows them, for maps that do not bring their text. Malformed if the map is none. Its
parser recurses over what others wrote: call it in a process that may end, never in the server's.

`sources_without_content(source_map)` returns the names of original files whose text a map lacks.

`MapCache(data)` opens such a cache (Malformed for other bytes). `look_up(places)` takes (line,
column) pairs, counted from 0, and returns for each None or (file, line, column, scope, token,
(text, before, after), is ignored): the scope is None when not known and empty for a function
without a name; the token is the name of what stands there; the text is the line.
"""

from vedette._native import (
    Decoded,
    Decoder,
    GrpcListener,
    GrpcServer,
    Journal,
    JournalRefused,
    KeyRules,
    Malformed,
    MapCache,
    NativeError,
    Scrubber,
    TextRules,
    TooLarge,
    build_map_cache,
    json_depth,
    otlp_count,
    otlp_from_json,
    pack,
    pack_block,
    sources_without_content,
    trace_columns,
    trace_groups,
    unpack,
)

__all__ = [
    "Decoded",
    "Decoder",
    "GrpcListener",
    "GrpcServer",
    "Journal",
    "JournalRefused",
    "KeyRules",
    "Malformed",
    "MapCache",
    "NativeError",
    "Scrubber",
    "TextRules",
    "TooLarge",
    "build_map_cache",
    "json_depth",
    "otlp_count",
    "otlp_from_json",
    "pack",
    "pack_block",
    "sources_without_content",
    "trace_columns",
    "trace_groups",
    "unpack",
]
