"""Lay the ground for the stores: folders, first formats, database, topics, buckets."""

import os
import shutil
import subprocess
from pathlib import Path
from string import Template
from typing import Final

from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from control.programs import postgres_folder, postgres_user
from control.settings import PLATFORM_DIR

TOPICS: Final = ("game.rounds", "payments", "notification.dead-letters")
BUCKETS: Final = ("kyc-documents", "reports")
KAFKA_SECONDS_MAX: Final = 20.0


def prepare_folders(settings: dict[str, str]) -> None:
    """Make every folder and format that a store needs before its first start."""
    state = Path(settings["STATE_DIR"])
    state.mkdir(parents=True, exist_ok=True)
    if state.stat().st_uid != os.getuid():
        raise SystemExit(f"{state} belongs to somebody else; set VEDETTE_DEMO_STATE to a folder of yours")
    state.chmod(0o711)  # PostgreSQL's own user must be able to pass through
    for name in ("logs", "kafka", "mongodb", "redis", "s3", "postgres"):
        (state / name).mkdir(exist_ok=True)
    for bucket in BUCKETS:
        (state / "s3" / bucket).mkdir(exist_ok=True)  # for the gateway a folder is a bucket
    _prepare_kafka(settings, state)
    _prepare_postgres(state)


def create_database(settings: dict[str, str]) -> None:
    """Make the payment database unless it is there."""
    command = [
        str(postgres_folder() / "psql"),
        "-h",
        "127.0.0.1",
        "-p",
        settings["POSTGRES_PORT"],
        "-U",
        "igaming",
        "-d",
        "postgres",
        "-tAqc",
    ]
    found = subprocess.run(
        [*command, "SELECT 1 FROM pg_database WHERE datname = 'igaming'"],
        check=True,
        capture_output=True,
        text=True,
    )
    if not found.stdout.strip():
        subprocess.run([*command, "CREATE DATABASE igaming"], check=True)


def create_topics(settings: dict[str, str]) -> None:
    """Make the topics unless they are there; fails when Kafka does not answer in time."""
    admin = AdminClient({"bootstrap.servers": f"127.0.0.1:{settings['KAFKA_PORT']}", "log_level": 0})
    known = admin.list_topics(timeout=KAFKA_SECONDS_MAX).topics
    missing = [NewTopic(name, num_partitions=1, replication_factor=1) for name in TOPICS if name not in known]
    if missing:
        for future in admin.create_topics(missing).values():
            future.result(KAFKA_SECONDS_MAX)


def _prepare_kafka(settings: dict[str, str], state: Path) -> None:
    template = Template((PLATFORM_DIR / "components" / "kafka" / "server.properties").read_text())
    properties = state / "kafka" / "server.properties"
    properties.write_text(template.safe_substitute(settings))
    if (state / "kafka" / "data" / "meta.properties").exists():
        return
    tool = ["java", "-cp", f"{settings['KAFKA_DIR']}/lib/*", "kafka.tools.StorageTool"]
    cluster = subprocess.run(
        [*tool, "random-uuid"], check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    subprocess.run([*tool, "format", "-t", cluster, "-c", str(properties)], check=True, capture_output=True)


def _prepare_postgres(state: Path) -> None:
    data, user = state / "postgres" / "data", postgres_user()
    if user:
        shutil.chown(state / "postgres", user)
    if (data / "PG_VERSION").exists():
        return
    subprocess.run(
        [str(postgres_folder() / "initdb"), "-D", str(data), "-A", "trust", "-U", "igaming", "--no-sync"],
        check=True,
        capture_output=True,
        user=user,
        cwd="/",
    )
