"""What is struck out of deduplication logs, and what stays."""

from pathlib import Path

from vedette.storage.telemetry.mend import LOG_FOLDER, mend


def make_table(folder: Path, *, parts: list[str], logs: list[bytes]) -> Path:
    table = folder / "data" / "default" / "spans"
    (table / LOG_FOLDER).mkdir(parents=True)
    for part in parts:
        (table / part).mkdir()
    for number, content in enumerate(logs, 1):
        (table / LOG_FOLDER / f"deduplication_log_{number}.txt").write_bytes(content)
    return table


def log_of(table: Path, number: int = 1) -> bytes:
    return (table / LOG_FOLDER / f"deduplication_log_{number}.txt").read_bytes()


def test_a_token_whose_part_is_there_stays(tmp_path: Path) -> None:
    table = make_table(
        tmp_path, parts=["20260101_1_1_0"], logs=[b"1\t20260101_1_1_0\t20260101_a_b\n"]
    )

    assert mend(tmp_path) == []
    assert log_of(table) == b"1\t20260101_1_1_0\t20260101_a_b\n"


def test_a_token_whose_part_was_merged_stays(tmp_path: Path) -> None:
    log = b"1\t20260101_3_3_0\tx\n1\t20260101_7_7_0\ty\n"
    table = make_table(tmp_path, parts=["20260101_1_7_2"], logs=[log])

    assert mend(tmp_path) == []
    assert log_of(table) == log


def test_a_token_whose_part_is_not_there_is_struck_out(tmp_path: Path) -> None:
    log = b"1\t20260101_1_1_0\tx\n1\t20260101_2_2_0\ty\n"
    table = make_table(tmp_path, parts=["20260101_1_1_0"], logs=[log])

    assert mend(tmp_path) == ["spans: part 20260101_2_2_0 was never stored"]
    assert log_of(table) == log + b"2\t20260101_2_2_0\ty\n"


def test_parts_of_another_day_or_still_being_written_do_not_count(tmp_path: Path) -> None:
    log = b"1\t20260101_2_2_0\tx\n"
    make_table(tmp_path, parts=["20260102_1_9_1", "tmp_insert_20260101_2_2_0"], logs=[log])

    assert len(mend(tmp_path)) == 1


def test_mending_twice_changes_nothing_more(tmp_path: Path) -> None:
    table = make_table(tmp_path, parts=[], logs=[b"1\t20260101_1_1_0\tx\n"])
    mend(tmp_path)
    once = log_of(table)

    assert mend(tmp_path) == []
    assert log_of(table) == once


def test_what_was_dropped_before_is_not_struck_out_again(tmp_path: Path) -> None:
    logs = [b"1\t20260101_1_1_0\tx\n", b"2\t20260101_1_1_0\tx\n"]
    table = make_table(tmp_path, parts=[], logs=logs)

    assert mend(tmp_path) == []
    assert log_of(table, 2) == logs[1]


def test_it_is_struck_out_in_the_newest_log(tmp_path: Path) -> None:
    logs = [b"1\t20260101_1_1_0\tx\n", *[b""] * 9]
    table = make_table(tmp_path, parts=[], logs=logs)

    mend(tmp_path)

    assert log_of(table, 10) == b"2\t20260101_1_1_0\tx\n"


def test_a_log_is_cut_where_it_stops_making_sense(tmp_path: Path) -> None:
    whole = b"1\t20260101_1_1_0\tx\n"
    table = make_table(
        tmp_path, parts=["20260101_1_1_0"], logs=[whole + b"1\t20260101_2_2_0\n\0\0\0"]
    )

    assert mend(tmp_path) == []
    assert log_of(table) == whole


def test_a_new_folder_needs_no_mending(tmp_path: Path) -> None:
    assert mend(tmp_path / "nothing") == []
