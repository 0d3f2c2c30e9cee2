"""What the journal on disk promises beyond the contract: crashes, damage, full disks."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract.journal import append_until_killed
from tests.contract.journal.conftest import LIMITS, MEBIBYTE, META, LocalOpener
from tests.contract.journal.test_journal import KILOBYTE, fill, read
from vedette import native
from vedette.model.digest_range import DigestRange
from vedette.storage.journal.local import LocalJournal
from vedette.storage.journal.port import JournalFull, JournalProgress

ROOT = Path(__file__).parents[3]
ACKNOWLEDGED_BEFORE_KILL = (40, 400, 1_500)


def segments(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.seg"))


def overwrite(path: Path, found: bytes, written: bytes) -> None:
    """Replace the only place where `found` stands."""
    content = path.read_bytes()
    assert content.count(found) == 1
    path.write_bytes(content.replace(found, written))


def test_a_folder_belongs_to_one_process(local: LocalOpener) -> None:
    local()

    with pytest.raises(OSError, match="another process has the journal in"):
        LocalJournal.open(local.folder, LIMITS)


def test_what_was_acknowledged_survives_a_kill_exactly_once(tmp_path: Path) -> None:
    acknowledged: dict[int, str] = {}
    for line_count in ACKNOWLEDGED_BEFORE_KILL:
        acknowledged |= run_until_killed(tmp_path, line_count)

    journal = LocalJournal.open(tmp_path, LIMITS)
    records = read(journal)
    journal.close()

    assert [record.sequence for record in records] == list(range(1, len(records) + 1))
    bodies = {record.sequence: record.body for record in records}
    assert {sequence: bodies[sequence].decode() for sequence in acknowledged} == {
        sequence: text * 500 for sequence, text in acknowledged.items()
    }


def run_until_killed(folder: Path, line_count: int) -> dict[int, str]:
    """Return what the writer printed, with what was still in the pipe when it was killed."""
    command = [sys.executable, append_until_killed.__file__, str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(line_count)]
        writer.kill()
        lines += writer.stdout.readlines()
    whole = [line.removesuffix("\n") for line in lines if line.endswith("\n")]
    return {int(sequence): f"{text} " for sequence, text, _ in (one.split(" ") for one in whole)}


def test_a_torn_tail_is_cut_off_and_told(local: LocalOpener) -> None:
    journal = local()
    fill(journal, b"first")
    fill(journal, b"second")
    journal.close()
    overwrite(segments(local.folder)[-1], b"second", b"sec\0\0\0")

    again = local()

    assert [record.body for record in read(again)] == [b"first"]
    assert fill(again, b"third") == [2]
    assert [record.body for record in read(again)] == [b"first", b"third"]
    [sentence] = again.damage()
    assert "never acknowledged" in sentence


def test_a_damaged_body_costs_its_record_and_no_other(local: LocalOpener) -> None:
    journal = local()
    fill(journal, b"first", b"second", b"third")
    overwrite(segments(local.folder)[0], b"second", b"sec0nd")

    records = read(journal)

    assert [(record.sequence, record.body) for record in records] == [(1, b"first"), (3, b"third")]
    [sentence] = journal.damage()
    assert "record 2 is lost" in sentence
    assert b"sec0nd" in (local.folder / "damaged-2.bin").read_bytes()


def test_a_damaged_header_costs_its_record_and_no_other(local: LocalOpener) -> None:
    journal = local()
    fill(journal, b"first", b"second", b"third")
    path = segments(local.folder)[0]
    content = path.read_bytes()
    start = content.index(b"vdtR", content.index(b"first"))
    path.write_bytes(content[: start + 6] + b"\xff" + content[start + 7 :])

    records = read(journal)

    assert [(record.sequence, record.body) for record in records] == [(1, b"first"), (3, b"third")]
    assert len(journal.damage()) == 1


def test_damage_is_told_once_and_again_after_opening_again(local: LocalOpener) -> None:
    journal = local()
    fill(journal, b"first", b"second", b"third")
    overwrite(segments(local.folder)[0], b"second", b"sec0nd")
    for _ in range(3):
        read(journal)
    assert len(journal.damage()) == 1

    again = local()
    read(again)

    assert len(again.damage()) == 1
    assert again.lag(after_sequence=3).record_count == 0


def test_a_reader_waits_when_all_that_follows_is_damaged(local: LocalOpener) -> None:
    journal = local()
    fill(journal, b"first", b"second")
    overwrite(segments(local.folder)[0], b"second", b"sec0nd")

    assert [record.body for record in read(journal)] == [b"first"]
    assert read(journal, after=1, wait_s=0.01) == []
    assert journal.lag(after_sequence=1).record_count == 0


def test_a_record_within_a_body_is_never_taken_for_one(local: LocalOpener) -> None:
    journal = local()
    fill(journal, b"first")
    record = segments(local.folder)[0].read_bytes()
    within = record[record.index(b"vdtR") : record.index(b"first") + 5]
    forged = within.replace(b"first", b"forge")
    fill(journal, b"<" + forged + b">", b"third")
    path = segments(local.folder)[0]
    content = path.read_bytes()
    start = content.index(b"vdtR", content.index(b"first"))
    path.write_bytes(content[: start + 6] + b"\xff" + content[start + 7 :])

    assert [one.body for one in read(journal)] == [b"first", b"third"]


def test_what_is_said_about_a_record_may_be_unreadable(local: LocalOpener) -> None:
    journal = local.open_local()
    fill(journal, b"first")
    journal.native.append(b"\xc1 not a meta", b"body", 0)
    fill(journal, b"third")

    assert [record.sequence for record in read(journal)] == [1, 3]
    assert [record.sequence for record in read(journal, after=1)] == [3]
    [sentence] = journal.damage()
    assert "record 2" in sentence


def test_an_unreadable_last_record_is_no_lag(local: LocalOpener) -> None:
    journal = local.open_local()
    fill(journal, b"first")
    journal.native.append(b"\xc1", b"body", 0)
    assert read(journal, after=1, wait_s=1.0) == []

    assert journal.lag(after_sequence=1).record_count == 0


def test_raw_bodies_are_readable_for_only_its_owner(local: LocalOpener) -> None:
    journal = local()
    fill(journal, b"first", b"second", b"third")
    overwrite(segments(local.folder)[0], b"second", b"sec0nd")
    read(journal)

    modes = {path.name: path.stat().st_mode & 0o777 for path in local.folder.iterdir()}

    assert local.folder.stat().st_mode & 0o777 == 0o700
    assert "damaged-2.bin" in modes
    assert set(modes.values()) == {0o600}


def test_a_journal_without_its_id_is_refused(local: LocalOpener) -> None:
    journal = local()
    fill(journal, b"first")
    journal.close()
    (local.folder / "journal-id").unlink()

    with pytest.raises(OSError, match="journal-id cannot be read"):
        local()


def test_segments_are_deleted_once_they_are_digested(local: LocalOpener) -> None:
    journal = local.open_local(segment_bytes=MEBIBYTE)
    fill(journal, *[b"x" * 600_000] * 5)
    assert len(segments(local.folder)) == 5

    journal.forget(up_to_sequence=3)
    assert len(segments(local.folder)) == 2
    journal.forget(up_to_sequence=5)

    assert len(segments(local.folder)) == 1


def test_any_place_is_found_across_segments(local: LocalOpener) -> None:
    journal = local.open_local(segment_bytes=256 * 1024)
    bodies = [b"%d " % number * 400 for number in range(1, 1_001)]
    fill(journal, *bodies)

    for after in (999, 0, 500, 501, 499, 998, 3):
        [record] = journal.read(
            after_sequence=after, record_count_max=1, byte_count_max=1, wait_s=0.0
        )
        assert (record.sequence, record.body) == (after + 1, bodies[after])
        assert journal.lag(after_sequence=after).record_count == 1_000 - after


def test_lag_is_the_same_after_opening_again(local: LocalOpener) -> None:
    journal = local.open_local(segment_bytes=64 * 1024)
    fill(journal, *[KILOBYTE] * 300)
    before = [journal.lag(after_sequence=after) for after in range(0, 301, 25)]

    again = local.open_local(segment_bytes=64 * 1024)

    assert [again.lag(after_sequence=after) for after in range(0, 301, 25)] == before


def test_a_disk_that_is_near_full_is_left_alone(local: LocalOpener) -> None:
    journal = local(replace(LIMITS, disk_free_bytes_min=1 << 62))

    with pytest.raises(JournalFull, match="must stay free"):
        fill(journal, b"first")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("making a small disk needs the right to mount one")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_refuses_and_goes_on_when_there_is_room(small_disk: Path) -> None:
    journal = LocalJournal.open(small_disk / "journal", LIMITS, segment_bytes=MEBIBYTE)
    filler = small_disk / "filler"
    fill(journal, b"x" * 600_000)
    filler.write_bytes(b"f" * (MEBIBYTE + MEBIBYTE // 2))

    with pytest.raises(JournalFull, match="the disk"):
        fill(journal, b"y" * 600_000)
    filler.unlink()
    sequence = append_when_there_is_room(journal)

    assert sequence == 2
    assert [len(record.body) for record in read(journal)] == [600_000, 600_000]
    journal.close()


def append_when_there_is_room(journal: LocalJournal) -> int:
    """Free space is looked at once a second, and nothing tells when."""
    while True:
        try:
            [sequence] = fill(journal, b"z" * 600_000)
        except JournalFull:
            continue
        return sequence


def test_a_journal_that_lost_its_files_says_so_and_numbers_on(tmp_path: Path) -> None:
    journal = LocalJournal.open(tmp_path, LIMITS, segment_bytes=MEBIBYTE)
    fill(journal, b"a", b"b", b"c")
    journal.close()
    for segment in tmp_path.glob("*.seg"):
        segment.unlink()

    shorter = LocalJournal.open(tmp_path, LIMITS, segment_bytes=MEBIBYTE)
    shorter.number_behind(3)
    assert fill(shorter, b"d") == [4]
    shorter.close()
    again = LocalJournal.open(tmp_path, LIMITS, segment_bytes=MEBIBYTE)
    again.number_behind(3)

    (damage,) = shorter.damage()
    assert "ends before record 1, though records up to 3 were taken" in damage
    assert again.damage() == []
    assert [(one.sequence, one.body) for one in read(again)] == [(4, b"d")]
    again.close()


def test_a_refusal_names_its_kind_for_programs(tmp_path: Path) -> None:
    journal = native.Journal(str(tmp_path), 10, 10, 0, MEBIBYTE)

    with pytest.raises(native.JournalRefused) as refused:
        journal.append(b"", b"x" * 100, 0)
    journal.close()

    assert refused.value.args[0] == "full"
    assert META.kind == "envelope"


def test_what_was_noted_survives_the_process(local: LocalOpener) -> None:
    journal = local()
    fill(journal, b"a", b"b", b"c")
    journal.note_plan(DigestRange(1, 2))
    journal.forget(up_to_sequence=2)
    journal.note_plan(DigestRange(3, 3))

    # As it lies on the disk at this moment: nobody closes what is killed.
    assert (local.folder / "progress.json").stat().st_mode & 0o777 == 0o600
    assert local().progress() == JournalProgress(2, (DigestRange(3, 3),))

    last = local()
    last.forget(up_to_sequence=3)
    assert local().progress() == JournalProgress(3)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1", b'{"journal_id":1}', b"\xff" * 100])
def test_a_damaged_note_is_told_and_nothing_is_believed(local: LocalOpener, content: bytes) -> None:
    local().close()
    (local.folder / "progress.json").write_bytes(content)

    journal = local()

    assert journal.progress() == JournalProgress()
    (damage,) = journal.damage()
    assert "progress.json is unreadable" in damage


def test_the_notes_of_another_journal_are_none(local: LocalOpener) -> None:
    local().note_plan(DigestRange(1, 9))
    (local.folder / "journal-id").write_text("5" * 32)

    assert local().progress() == JournalProgress()
