"""Put placeholders where messages differ from one time to the next: numbers, ids, dates."""

import re
from functools import lru_cache
from typing import Final

LENGTH_MAX: Final = 8_192
"""Longer texts stay as they are."""

_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_DAY: Final = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}"
_CLOCK: Final = r"[0-2]?\d:[0-5]\d(?::[0-6]\d(?:[.,]\d{1,9})?)?"
_ZONE: Final = r"(?: ?(?:Z|UTC|GMT|[ECMP][SD]T|[+-]\d\d:?\d\d)(?![A-Za-z0-9]))?"
_HEX: Final = r"[0-9a-fA-F]"
_ENDINGS: Final = "com|net|org|edu|gov|mil|dev|internal|local"
_COUNTRIES: Final = "io|co|de|uk|fr|jp|cn|ru|br|au|ca|eu|ch|nl|se|es|pl|us"
"""Attributes are called so too (`self.io`): these count behind two dots only."""
_ADDRESS: Final = (
    rf"(?:(?:{_HEX}{{1,4}}:){{7}}{_HEX}{{1,4}}|(?:{_HEX}{{1,4}}:){{1,6}}(?::{_HEX}{{1,4}}){{1,6}}"
    rf"|(?:{_HEX}{{1,4}}:){{1,7}}:|::(?:{_HEX}{{1,4}}:){{0,6}}{_HEX}{{1,4}})"
)
_LABEL: Final = r"[A-Za-z0-9][A-Za-z0-9\-]{0,62}"
_DATES: Final = (
    rf"\d{{4}}-[01]\d-[0-3]\d(?:[T ]{_CLOCK}{_ZONE})?",
    rf"\d{{4}}/[01]?\d/[0-3]?\d(?: {_CLOCK}{_ZONE})?",
    rf"[0-3]?\d[/.][01]?\d[/.]\d{{4}}(?: {_CLOCK}{_ZONE})?",
    rf"{_DAY},? [0-3]?\d[ \-]{_MONTH}[ \-]\d{{2,4}}(?:,? {_CLOCK}{_ZONE})?",
    rf"{_DAY} {_MONTH} [ 0-3]?\d {_CLOCK}{_ZONE}(?: \d{{4}})?",
    rf"[0-3]?\d[ /]{_MONTH}[ /]\d{{4}}(?:[ :]{_CLOCK}{_ZONE})?",
    rf"{_MONTH} [0-3]?\d,? (?:\d{{4}},? ?)?{_CLOCK}(?: ?[AaPp][Mm])?{_ZONE}",
    rf"{_MONTH} [0-3]?\d, \d{{4}}",
    rf"{_CLOCK}(?: ?[AaPp][Mm])?{_ZONE}",
)
_TRACE_PARENTS: Final = (
    rf"(?:Root=)?1-{_HEX}{{8}}-{_HEX}{{24}}(?:;Parent={_HEX}{{16}})?(?:;Sampled=[01])?",
    r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}",
)
_DURATIONS: Final = (
    r"(?:\d{1,12}(?:\.\d{1,9})?(?:ns|us|µs|μs|ms|min|[smhd])){1,6}",
    r"\d{1,12}(?:\.\d{1,9})? (?:ns|µs|ms|(?:nano|micro|milli)?sec(?:ond)?s?)",
    r"\d{1,12}(?:\.\d{1,9})? (?:min(?:ute)?s?|hours?|days?|weeks?)",
)
_HEX_WORDS: Final = (
    r"(?=[a-f]{0,127}\d)(?=\d{0,127}[a-f])[0-9a-f]{8,128}",
    r"(?=[A-F]{0,127}\d)(?=\d{0,127}[A-F])[0-9A-F]{8,128}",
)

# Tried in this order wherever a word begins. Every repetition has a bound, so that the time grows
# with the length of the text alone.
_KINDS: Final = {
    "email": r"[A-Za-z0-9._%+\-]{1,64}+@(?:[A-Za-z0-9\-]{1,63}\.){1,6}[A-Za-z]{2,24}",
    "url": r"[A-Za-z][A-Za-z0-9+.\-]{1,20}+://[^\s\"'<>)\]}]{1,2048}+",
    "hostname": rf"{_LABEL}\.(?:{_ENDINGS}|(?:{_LABEL}\.){{1,5}}(?:{_ENDINGS}|{_COUNTRIES}))"
    r"(?::\d{1,5})?(?![A-Za-z0-9_\-(]|\.\w)",
    "ip": r"(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?(?![\w.])",
    "ip6": rf"\[?(?=[0-9A-Fa-f:]{{2,45}}(?![\w:]))(?=[A-Fa-f:]{{0,45}}\d){_ADDRESS}"
    r"(?:\]:\d{1,5}|\])?(?![\w:])",
    "traceparent": "|".join(_TRACE_PARENTS),
    "uuid": rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}",
    "sha1": rf"{_HEX}{{40}}",
    "md5": rf"{_HEX}{{32}}",
    "date": "|".join(_DATES),
    "duration": "|".join(_DURATIONS),
    "swift_txn_id": r"tx[0-9a-f]{21}-[0-9a-f]{10}(?:[\w.\-]{1,32})?",
    "mac": rf"(?:{_HEX}{{2}}[:\-]){{5}}{_HEX}{{2}}",
    "hex": rf"0[xX]{_HEX}{{1,128}}",
    "temp_path": r"(?:/private)?/(?:tmp|var/folders|var/tmp)/[^\s\"'<>),:;]{1,512}+",
    # What Kubernetes puts behind the name of a deployment, of letters that make no words.
    "pod_id": r"[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}",
    "hex_word": "|".join(_HEX_WORDS),
    "random_id": r"(?=(?:[A-Za-z]{0,20}\d{1,20}[A-Za-z]{1,20}){2})[A-Za-z0-9]{12,128}",
    "git_sha": r"(?=[a-f]{0,6}\d)(?=\d{0,6}[a-f])[0-9a-f]{7}",
    "float": r"[+\-]?\d{1,40}\.\d{1,40}(?:[eE][+\-]?\d{1,4})?",
    "int": r"[+\-]?(?:\d{1,3}(?:,\d{3}){1,12}|\d{1,2048}+)",
}
_SHOWN: Final = {
    "ip6": "ip",
    "hex_word": "hex",
    "pod_id": "random_id",
    # Whether a measure happened to be whole says nothing.
    "float": "number",
    "int": "number",
}
_OPEN_ENDED: Final = ("hostname", "ip", "ip6", "url", "temp_path", "email")
"""These say themselves where they end; all others end where a word ends."""

_AFTER_EQUALS: Final = (
    r"(?:(?<==)|(?<=['\"]: ))(?:(?P<quoted_str>'[^'\n]{0,1024}'|\"[^\"\n]{0,1024}\")"
    r"|(?P<bool>(?:[Tt]rue|[Ff]alse)(?!\w)))"
)


def _group(name: str, pattern: str) -> str:
    ending = "" if name in _OPEN_ENDED else "(?![A-Za-z0-9])"
    return f"(?P<{name}>(?:{pattern}){ending})"


_PLACEHOLDERS: Final = re.compile(
    rf"{_AFTER_EQUALS}|(?<![A-Za-z0-9])(?=[A-Za-z0-9._%+\-:\[/])"
    rf"(?:{'|'.join(_group(name, pattern) for name, pattern in _KINDS.items())})"
)
_MAY_DIFFER: Final = re.compile(
    rf"[0-9@]|://|(?:=|: )[\"'TtFf]|\.(?:{_ENDINGS}|{_COUNTRIES})\b|/tmp/|/var/"
)
_QUOTED: Final = re.compile(r"(?<![\w])(?:\"[^\"\n]{1,512}\"|“[^”\n]{1,512}”)")
_LINES_MAX: Final = 2


@lru_cache(maxsize=2_048)
def shape_of(text: str) -> str:
    """Return `text` with placeholders."""
    if len(text) > LENGTH_MAX or not _MAY_DIFFER.search(text):
        return text
    return _PLACEHOLDERS.sub(_placeholder, text)


def _placeholder(match: re.Match[str]) -> str:
    name = match.lastgroup or ""
    return f"<{_SHOWN.get(name, name)}>"


def head_of(text: str) -> str:
    """Return the first two lines that are not empty; dots say that there was more."""
    if "\n" not in text and "\r" not in text:
        return text.strip()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    head = "\n".join(lines[:_LINES_MAX])
    return head + "..." if len(lines) > _LINES_MAX else head


def first_line(text: str) -> str:
    """Return the first line that is not empty."""
    return head_of(text).partition("\n")[0].strip()


def without_quoted(text: str) -> str:
    """Return `text` without what stands in double quotes: data, where a stack says the place."""
    return _QUOTED.sub("<quoted>", text)
