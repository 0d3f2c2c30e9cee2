"""Housekeeping: how long each table is kept, what goes when the disk is short, who is forgotten."""

from dataclasses import replace
from pathlib import Path

from tests.fakes.fresh_metadata import FreshMetadata
from tests.fakes.hand_clock import HandClock
from tests.fakes.memory_blobs import MemoryBlobs
from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.fakes.telemetry_rows import block_of, row_of
from vedette.app.housekeeping import (
    DAY_NS,
    DROPPED_SHOWN_MAX,
    Housekeeping,
    KeptFiles,
    retention_days,
)
from vedette.app.settings import Settings
from vedette.model.attachment import AttachmentQuestion
from vedette.model.person import Role
from vedette.storage.attachment_desk import AttachmentDesk, attachment_key
from vedette.storage.telemetry.tables.sessions import SESSIONS

SETTINGS = Settings(disk_free_bytes_min=0)


def put_sessions(telemetry: MemoryTelemetry, *times_ns: int) -> None:
    rows = [
        {
            "project_id": 1,
            "started": time_ns // 1_000_000,
            "received_at": time_ns // 1_000_000,
            "session_id": "",
            "sequence": 1,
            "is_init": True,
            "distinct_id": "",
            "status": "ok",
            "error_count": 0,
            "duration_s": 0.0,
            "release": "1",
            "environment": "",
            "abnormal_mechanism": "",
            "exited_count": 1,
            "errored_count": 0,
            "crashed_count": 0,
            "abnormal_count": 0,
            "unhandled_count": 0,
        }
        for time_ns in times_ns
    ]
    telemetry.put([SESSIONS.pack(rows)], token=f"{times_ns}")


def count(telemetry: MemoryTelemetry) -> int:
    return next(each.row_count for each in telemetry.sizes() if each.table == "sessions")


def keeping(
    tmp_path: Path,
    telemetry: MemoryTelemetry,
    settings: Settings = SETTINGS,
    blobs: MemoryBlobs | None = None,
) -> tuple[Housekeeping, HandClock, FreshMetadata]:
    clock, metadata = HandClock(), FreshMetadata()
    files = KeptFiles(AttachmentDesk(blobs or MemoryBlobs(), telemetry))
    kept = Housekeeping(telemetry, metadata, files, settings, tmp_path, clock)
    return kept, clock, metadata


def test_every_table_has_a_retention() -> None:
    tables = {each.table for each in MemoryTelemetry().sizes()}

    assert retention_days(SETTINGS).keys() == tables


def test_what_rows_refer_to_is_kept_as_long_as_the_rows_of_any_signal() -> None:
    days = retention_days(
        replace(
            SETTINGS,
            retention_days_spans=10,
            retention_days_logs=400,
            retention_days_metrics=20,
        )
    )

    assert days["resources"] > days["logs"]
    assert days["attribute_keys"] > days["logs"]
    assert days["traces"] > days["spans"]


def test_rows_older_than_their_retention_go_and_younger_ones_stay(tmp_path: Path) -> None:
    telemetry = MemoryTelemetry()
    kept, clock, _ = keeping(tmp_path, telemetry, replace(SETTINGS, retention_days_errors=90))
    now_ns = clock.now_ns()
    put_sessions(telemetry, now_ns, now_ns - 80 * DAY_NS, now_ns - 200 * DAY_NS)

    kept.drop_old()

    assert count(telemetry) == 2


def test_the_oldest_day_goes_when_the_disk_is_short(tmp_path: Path) -> None:
    telemetry = MemoryTelemetry()
    kept, clock, _ = keeping(tmp_path, telemetry, replace(SETTINGS, disk_free_bytes_min=2**62))
    now_ns = clock.now_ns()
    put_sessions(telemetry, now_ns, now_ns - 200 * DAY_NS)

    kept.watch_disk()

    assert count(telemetry) == 1
    assert len(kept.dropped_for_disk) == 1


def put_files(telemetry: MemoryTelemetry, blobs: MemoryBlobs, *times_ns: int) -> None:
    """Put a row and its bytes for each time."""
    rows = []
    for number, time_ns in enumerate(times_ns):
        name = f"{number:032x}"
        key = attachment_key(received_ns=time_ns, project_id=1, event_id=name, attachment_id=name)
        blobs.put(key, b"x")
        facts = {"project_id": 1, "time": time_ns // 1_000_000}
        ids = dict.fromkeys(("event_id", "attachment_id"), bytes.fromhex(name))
        rows.append(row_of("attachments", **facts, **ids))
    telemetry.put([block_of("attachments", rows)], token=f"{times_ns}")


def test_bytes_of_attachments_go_with_their_rows(tmp_path: Path) -> None:
    telemetry, blobs = MemoryTelemetry(), MemoryBlobs()
    kept, clock, _ = keeping(tmp_path, telemetry, blobs=blobs)
    now_ns = clock.now_ns()
    put_files(telemetry, blobs, now_ns, now_ns - 400 * DAY_NS, now_ns - 401 * DAY_NS)

    kept.drop_old()

    assert [row["event_id"] for row in telemetry.attachments(AttachmentQuestion(1)).rows()] == [
        "0" * 32
    ]
    assert len(list(blobs.list("attachments/"))) == 1


def test_bytes_of_attachments_go_when_the_disk_is_short(tmp_path: Path) -> None:
    telemetry, blobs = MemoryTelemetry(), MemoryBlobs()
    short = replace(SETTINGS, disk_free_bytes_min=2**62)
    kept, clock, _ = keeping(tmp_path, telemetry, short, blobs)
    put_files(telemetry, blobs, clock.now_ns(), clock.now_ns() - 5 * DAY_NS)

    kept.watch_disk()

    assert telemetry.attachments(AttachmentQuestion(1)).row_count == 1
    assert len(list(blobs.list("attachments/"))) == 1


def test_nothing_goes_while_the_disk_has_room(tmp_path: Path) -> None:
    telemetry = MemoryTelemetry()
    kept, clock, _ = keeping(tmp_path, telemetry)
    put_sessions(telemetry, clock.now_ns(), clock.now_ns() - 200 * DAY_NS)

    kept.watch_disk()

    assert count(telemetry) == 2
    assert list(kept.dropped_for_disk) == []


def test_the_list_of_what_was_dropped_has_a_bound(tmp_path: Path) -> None:
    kept, _, _ = keeping(tmp_path, MemoryTelemetry())

    kept.dropped_for_disk.extend(str(each) for each in range(DROPPED_SHOWN_MAX + 1))

    assert len(kept.dropped_for_disk) == DROPPED_SHOWN_MAX
    assert kept.dropped_for_disk[-1] == str(DROPPED_SHOWN_MAX)


def test_expired_sign_ins_are_forgotten(tmp_path: Path) -> None:
    kept, clock, metadata = keeping(tmp_path, MemoryTelemetry())
    user = metadata.create_user(email="a@example.org", name="A", role=Role.OWNER, created_ns=1)
    now_ns = clock.now_ns()
    metadata.create_login(user_id=user.user_id, secret_hash="a" * 64, expires_ns=now_ns)
    metadata.create_session(user_id=user.user_id, secret_hash="b" * 64, expires_ns=now_ns + 1)

    kept.drop_old()

    # Whoever looks an hour later finds only the session that was still good.
    assert metadata.forget_expired(now_ns=now_ns + 3_600 * 10**9) == 1
