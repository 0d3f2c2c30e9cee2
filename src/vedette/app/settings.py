"""Every setting, read once: flag over environment over vedette.toml over default."""

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Final, TypeVar

import platformdirs

MIB: Final = 1024 * 1024
GIB: Final = 1024 * MIB
_PREFIX: Final = "VEDETTE_"
T = TypeVar("T")


class SettingFault(Exception):  # noqa: N818 - a user's slip, told in a sentence
    """A setting cannot be understood; the text says which, from where, and what was expected."""


def setting(
    default: T,
    says: str,
    *,
    is_secret: bool = False,
    least: int = 0,
    most: int | None = None,
    words: tuple[str, ...] = (),
) -> T:
    """Declare a setting with the sentence that explains it.

    Numbers have bounds, both included; a text with `words` must be one of them.
    """
    return field(
        default=default,
        metadata={
            "says": says,
            "is_secret": is_secret,
            "least": least,
            "most": most,
            "words": words,
        },
    )


PORT_MAX: Final = 65_535
RETENTION_DAYS_MAX: Final = 3_650
"""Ten years; none at all would drop what has just come in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set. A flag has the same name with dashes, a variable begins with VEDETTE_."""

    data: str = setting("", "Folder in which everything is kept; empty: the user's data folder.")
    host: str = setting("127.0.0.1", "Address to listen on; 0.0.0.0 for all.")
    port: int = setting(
        9000, "Port of the UI, the API and the Sentry SDKs; 0 takes a free one.", most=PORT_MAX
    )
    otlp_http_port: int = setting(
        4318, "Port of OTLP over HTTP; 0 takes a free one.", most=PORT_MAX
    )
    otlp_grpc_port: int = setting(
        4317, "Port of OTLP over gRPC; 0 takes a free one.", most=PORT_MAX
    )
    public_url: str = setting(
        "", "Address under which people reach this server; empty: host and port."
    )
    anonymous_loopback: str = setting(
        "auto",
        "Take data without a key from this machine: on, off, auto (on if only loopback listens).",
        words=("on", "off", "auto"),
    )
    trusted_proxies: str = setting(
        "", "Networks (CIDR, comma-separated) whose X-Forwarded-For is believed."
    )
    metadata_url: str = setting(
        "", "postgresql://… for metadata; empty: SQLite in the data folder.", is_secret=True
    )
    blobs_url: str = setting("", "s3://bucket for big files; empty: a folder in the data folder.")
    blobs_endpoint: str = setting("", "Endpoint of an S3-compatible store that is not Amazon's.")
    blobs_region: str = setting("us-east-1", "Region of the S3 store.")
    blobs_access_key: str = setting("", "Access key of the S3 store.", is_secret=True)
    blobs_secret_key: str = setting("", "Secret key of the S3 store.", is_secret=True)
    attribute_index: bool = setting(
        default=True,
        says="Index every attribute value of spans: rare ones are found in milliseconds.",
    )
    retention_days_errors: int = setting(
        90, "Days that errors and sessions are kept.", least=1, most=RETENTION_DAYS_MAX
    )
    retention_days_spans: int = setting(
        30, "Days that spans are kept.", least=1, most=RETENTION_DAYS_MAX
    )
    retention_days_logs: int = setting(
        30, "Days that logs are kept.", least=1, most=RETENTION_DAYS_MAX
    )
    retention_days_metrics: int = setting(
        90, "Days that metrics are kept.", least=1, most=RETENTION_DAYS_MAX
    )
    retention_days_outcomes: int = setting(
        90, "Days that outcomes are kept.", least=1, most=RETENTION_DAYS_MAX
    )
    disk_free_bytes_min: int = setting(
        GIB,
        "What stays free on the disk: below it the door closes and old data goes.",
    )
    journal_bytes_max: int = setting(
        8 * GIB, "Accepted and not yet digested bodies, together.", least=1
    )
    journal_age_s_max: int = setting(
        900,
        "Age of the oldest body not yet digested, beyond which nothing more is taken in.",
        least=1,
    )
    packed_bytes_max: int = setting(
        64 * MIB, "One request body, as it comes over the wire.", least=1
    )
    unpacked_bytes_max: int = setting(128 * MIB, "One request body, unpacked.", least=1)
    engine_memory_bytes_max: int = setting(
        1536 * MIB, "Memory that the telemetry engine may take.", least=1
    )
    question_s_max: int = setting(
        30, "Seconds that one question of a person may take.", least=1, most=30
    )
    question_memory_bytes_max: int = setting(
        512 * MIB, "Memory that one question of a person may take.", least=MIB
    )
    question_row_count_max: int = setting(
        2_000_000_000, "Rows that one question of a person may read.", least=1
    )
    log_level: str = setting(
        "info",
        "What is written to stderr: debug, info, warning or error.",
        words=("debug", "info", "warning", "error"),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting, as `vedette settings` shows it."""

    name: str
    value: str
    source: str
    says: str


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings in force and where each came from."""

    settings: Settings
    source_by_name: Mapping[str, str]

    def shown(self) -> list[Shown]:
        """Return every setting with secrets masked."""
        return [
            Shown(
                each.name,
                _mask(getattr(self.settings, each.name), is_secret=each.metadata["is_secret"]),
                self.source_by_name.get(each.name, "default"),
                each.metadata["says"],
            )
            for each in fields(Settings)
        ]


def load_settings(flags: Mapping[str, object]) -> LoadedSettings:
    """Read all settings; `flags` are those given on the command line (None: not given).

    Raises:
        SettingFault: One of them cannot be understood.
    """
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    given = {name: value for name, value in flags.items() if value is not None}
    environment = {
        each.name: os.environ[_PREFIX + each.name.upper()]
        for each in fields(Settings)
        if _PREFIX + each.name.upper() in os.environ
    }
    data = _data_folder(str(given.get("data") or environment.get("data") or ""))
    for source, some in (
        ("vedette.toml", _from_file(data / "vedette.toml")),
        ("environment", environment),
        ("flag", given),
    ):
        for name, value in some.items():
            values[name] = _converted(name, value, source)
            sources[name] = source
    values["data"] = str(data.absolute())
    return LoadedSettings(Settings(**values), sources)  # type: ignore[arg-type] # converted to each field's type above


def _data_folder(text: str) -> Path:
    if not text:
        return Path(platformdirs.user_data_dir("vedette", appauthor=False))
    return Path(text).expanduser()


def _from_file(path: Path) -> dict[str, object]:
    try:
        table: dict[str, object] = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingFault(f"cannot read {path}: {error}") from error
    known = {each.name for each in fields(Settings)}
    for name in table:
        if name not in known or name == "data":
            raise SettingFault(f"{path} sets {name!r}, which is no setting; see `vedette settings`")
    return table


def _converted(name: str, value: object, source: str) -> object:
    declared = next(each for each in fields(Settings) if each.name == name)
    text = str(value).strip()
    if declared.type is bool:
        word = text.lower()
        if word not in ("true", "false", "on", "off", "1", "0", "yes", "no"):
            raise SettingFault(f"{name} ({source}) is {text!r}; expected on or off")
        return word in ("true", "on", "1", "yes")
    if declared.type is int:
        return _number(declared, text, source)
    words = declared.metadata["words"]
    if words:
        if text.lower() not in words:
            raise SettingFault(f"{name} ({source}) is {text!r}; expected {', '.join(words)}")
        return text.lower()
    if name == "trusted_proxies":
        _check_networks(text, source)
    return text


def _number(declared: Field[int], text: str, source: str) -> int:
    least, most = declared.metadata["least"], declared.metadata["most"]
    try:
        number = int(text)
    except ValueError:
        fault = f"{declared.name} ({source}) is {text!r}; expected a whole number"
        raise SettingFault(fault) from None
    if number < least or (most is not None and number > most):
        bounds = f"at least {least}" if most is None else f"{least} to {most}"
        raise SettingFault(f"{declared.name} ({source}) is {number}; expected {bounds}")
    return number


def _check_networks(text: str, source: str) -> None:
    for each in filter(None, (part.strip() for part in text.split(","))):
        try:
            ipaddress.ip_network(each)
        except ValueError as error:
            raise SettingFault(f"trusted_proxies ({source}): {error}") from None


def _mask(value: object, *, is_secret: bool) -> str:
    if is_secret and value:
        return "********"
    return str(value)
