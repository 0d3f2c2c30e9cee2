"""The fixtures by which tests get a real PostgreSQL and a real S3; import them by name."""

import itertools
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.services.postgres import fresh_database, start_postgres
from tests.services.s3 import ACCESS_KEY, SECRET_KEY, start_s3
from tests.services.shared import Running, ServiceMissing, shared
from vedette.storage.blobs.s3 import S3Place

_bucket_numbers: Final = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Running]:
    """The session's PostgreSQL; skips with the reason where there can be none."""
    folder = _session_folder(tmp_path_factory, worker_id)
    try:
        with shared("postgres", folder, start_postgres, stop_signal=signal.SIGQUIT) as running:
            yield running
    except ServiceMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def postgres_url(postgres_server: Running) -> Iterator[str]:
    """The URL of an empty database of the test's own."""
    with fresh_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Running]:
    """The session's S3 service; skips with the reason where there can be none."""
    folder = _session_folder(tmp_path_factory, worker_id)
    try:
        with shared("s3", folder, start_s3, stop_signal=signal.SIGTERM) as running:
            yield running
    except ServiceMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def s3_place(s3_server: Running) -> S3Place:
    """An empty bucket of the test's own."""
    bucket = f"test-{os.getpid()}-{next(_bucket_numbers)}"
    (Path(s3_server.folder) / "buckets" / bucket).mkdir()
    return S3Place(
        endpoint=s3_server.address,
        bucket=bucket,
        access_key=ACCESS_KEY,
        secret_key=SECRET_KEY,
    )


def _session_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent
