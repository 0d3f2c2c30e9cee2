"""Several processes and threads on one store, and the sudden end of one."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

import pytest

from vedette.model.digest_range import DigestRange
from vedette.model.person import Role
from vedette.storage.metadata.port import AlreadyThere, Metadata
from vedette.storage.metadata.store import open_metadata

ORGANIZATION_COUNT = 25
SPAWN = multiprocessing.get_context("spawn")
ANSWER_S_MAX = 60


@pytest.fixture
def shared_metadata(database_url: str) -> Iterator[Metadata]:
    opened = open_metadata(database_url)
    yield opened
    opened.close()


def start(target: object, *args: object) -> tuple[SpawnProcess, Connection]:
    """Start a process on `target`, which is given its end of a pipe first."""
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=target, args=(theirs, *args), daemon=True)  # type: ignore[arg-type] # any function of this module
    process.start()
    theirs.close()
    return process, ours


def hear(connection: Connection) -> object:
    assert connection.poll(ANSWER_S_MAX), "the other process says nothing"
    return connection.recv()


def plan_finish_plan_and_wait(connection: Connection, url: str) -> None:
    metadata = open_metadata(url)
    metadata.plan("j", DigestRange(1, 10))
    metadata.finish("j", DigestRange(1, 10))
    metadata.plan("j", DigestRange(11, 20))
    connection.send("planned")
    connection.recv()


def hold_a_transaction_and_wait(connection: Connection, url: str) -> None:
    metadata = open_metadata(url)
    with metadata._database.writing() as transaction:
        transaction.exec_driver_sql("UPDATE project_changes SET version = version + 1000")
        connection.send("writing")
        connection.recv()


def create_organizations(connection: Connection, url: str, name: str) -> None:
    metadata = open_metadata(url)
    connection.send("ready")
    connection.recv()
    for number in range(ORGANIZATION_COUNT):
        metadata.create_organization(slug=f"{name}-{number}", name=name, created_ns=number)
    metadata.close()
    connection.send("done")


def switch_key_off(connection: Connection, url: str, key_id: int) -> None:
    metadata = open_metadata(url)
    metadata.set_key_active(key_id=key_id, is_active=False)
    metadata.close()
    connection.send("done")


def kill(process: SpawnProcess) -> None:
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(ANSWER_S_MAX)
    assert process.exitcode == -signal.SIGKILL


def test_a_range_planned_before_a_kill_is_open_afterwards(database_url: str) -> None:
    process, connection = start(plan_finish_plan_and_wait, database_url)
    assert hear(connection) == "planned"

    kill(process)

    metadata = open_metadata(database_url)
    assert metadata.finished_up_to("j") == 10
    assert list(metadata.open_ranges("j")) == [DigestRange(11, 20)]
    metadata.finish("j", DigestRange(11, 20))
    assert metadata.finished_up_to("j") == 20
    metadata.close()


def test_a_kill_in_mid_write_leaves_nothing_of_it_and_no_lock(
    shared_metadata: Metadata,
    database_url: str,
) -> None:
    before = shared_metadata.version()
    process, connection = start(hold_a_transaction_and_wait, database_url)
    assert hear(connection) == "writing"

    kill(process)

    assert shared_metadata.version() == before
    shared_metadata.create_organization(slug="after", name="", created_ns=1)
    assert shared_metadata.version() == before + 1


def test_two_processes_open_and_write_at_once(database_url: str) -> None:
    writers = [start(create_organizations, database_url, name) for name in ("one", "two")]
    for _, connection in writers:
        assert hear(connection) == "ready"

    for _, connection in writers:
        connection.send("go")
    for process, connection in writers:
        assert hear(connection) == "done"
        process.join(ANSWER_S_MAX)

    metadata = open_metadata(database_url)
    organizations = metadata.organizations()
    assert len({each.organization_id for each in organizations}) == 2 * ORGANIZATION_COUNT
    assert metadata.version() == 1 + 2 * ORGANIZATION_COUNT
    metadata.close()


def test_a_change_in_another_process_is_seen_by_its_version(
    shared_metadata: Metadata, database_url: str
) -> None:
    organization = shared_metadata.create_organization(slug="default", name="", created_ns=1)
    project = shared_metadata.create_project(
        organization_id=organization.organization_id,
        slug="shop",
        name="",
        platform="",
        created_ns=1,
    )
    key = shared_metadata.create_key(
        project_id=project.project_id, public_key="a" * 32, label="", created_ns=1
    )
    before = shared_metadata.version()

    process, connection = start(switch_key_off, database_url, key.key_id)
    assert hear(connection) == "done"
    process.join(ANSWER_S_MAX)

    assert shared_metadata.version() > before
    assert list(shared_metadata.active_keys()) == []


def test_what_was_kept_is_there_after_reopening(database_url: str) -> None:
    first = open_metadata(database_url)
    organization = first.create_organization(slug="default", name="Default", created_ns=1)
    first.close()
    first.close()

    second = open_metadata(database_url)

    assert list(second.organizations()) == [organization]
    second.close()


def test_of_many_threads_that_take_a_name_one_gets_it(metadata: Metadata) -> None:
    def take(number: int) -> bool:
        try:
            metadata.create_organization(slug="wanted", name=str(number), created_ns=1)
        except AlreadyThere:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        got_it = list(threads.map(take, range(32)))

    assert got_it.count(True) == 1
    assert len(metadata.organizations()) == 1


def test_of_many_threads_that_use_a_link_one_gets_in(metadata: Metadata) -> None:
    user = metadata.create_user(email="a@example.com", name="", role=Role.OWNER, created_ns=1)
    metadata.create_login(user_id=user.user_id, secret_hash="a" * 64, expires_ns=100)

    with ThreadPoolExecutor(8) as threads:
        users = list(
            threads.map(lambda _: metadata.use_login(secret_hash="a" * 64, now_ns=1), range(32))
        )

    assert [each for each in users if each is not None] == [user]


def test_many_threads_set_one_quota(metadata: Metadata) -> None:
    organization = metadata.create_organization(slug="default", name="", created_ns=1)
    project = metadata.create_project(
        organization_id=organization.organization_id,
        slug="shop",
        name="",
        platform="",
        created_ns=1,
    )

    def set_quota(number: int) -> int:
        quota = metadata.set_quota(
            project_id=project.project_id,
            key_id=None,
            category=None,
            item_count_max=number,
            window_s=60,
        )
        return quota.quota_id

    with ThreadPoolExecutor(8) as threads:
        quota_ids = set(threads.map(set_quota, range(32)))

    assert quota_ids == {each.quota_id for each in metadata.quotas()}
    assert len(quota_ids) == 1


def test_more_threads_than_connections_read_and_write(metadata: Metadata) -> None:
    def write_and_read(number: int) -> int:
        metadata.plan(f"journal-{number}", DigestRange(1, number + 1))
        metadata.finish(f"journal-{number}", DigestRange(1, number + 1))
        return metadata.finished_up_to(f"journal-{number}")

    with ThreadPoolExecutor(40) as threads:
        answers = list(threads.map(write_and_read, range(80)))

    assert answers == list(range(1, 81))
