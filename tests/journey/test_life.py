"""Starting, stopping, being told, being disturbed: the server as its operator meets it."""

import json
import shutil
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.journey.server import (
    VEDETTE,
    Server,
    running_server,
    start_server,
    wait_for,
    wait_until_digested,
)

EVENT = b'{"type":"event"}\n{"message":"a journey"}'


def command(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(VEDETTE), *words, "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def send(server: Server, count: int = 1) -> None:
    for _ in range(count):
        assert server.send_envelope(b"{}\n" + EVENT).status_code == 200


def event_count(server: Server) -> int:
    return int(server.events("errors", ["count()"])[0]["count()"])


def test_the_first_start_says_all_that_is_needed_once(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as first:
        assert first.facts["dsn"].startswith("http://")
        assert first.facts["login_url"].startswith(first.url)
        assert first.facts["api_token"].startswith("sntryu_")
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
        assert first.stop() == 0

    with running_server(tmp_path / "data", token=first.token) as second:
        assert second.facts["api_token"] is None
        assert second.facts["dsn"].split("@")[0] == first.facts["dsn"].split("@")[0]
        assert second.get("/api/0/organizations/").status_code == 200
    secret = first.facts["api_token"].removeprefix("sntryu_")
    assert secret not in (tmp_path / "data.log").read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_finishes_what_was_accepted(tmp_path: Path, number: int) -> None:
    with running_server(tmp_path / "data") as server:
        send(server, 20)
        assert server.stop(number) == 0

    with running_server(tmp_path / "data", token=server.token) as again:
        assert again.status()["journal"]["lag_records"] == 0
        assert event_count(again) == 20


def test_a_second_server_on_the_folder_is_refused_in_one_sentence(server: Server) -> None:
    refused = command("up", "--json", "--port", "0", data=server.data)

    assert refused.returncode == 1
    assert refused.stdout == ""
    assert f"in use by process {server.process.pid}" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_taken_port_is_refused_in_one_sentence(server: Server, tmp_path: Path) -> None:
    port = server.url.rpartition(":")[2]

    refused = command("up", "--port", port, data=tmp_path / "data")

    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert f"cannot listen on 127.0.0.1:{port}" in refused.stderr


def test_a_folder_of_a_newer_engine_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        server.stop()
    version_file = next((tmp_path / "data" / "telemetry").glob("*version*"))
    version_file.write_text("99.1.1.1\n")

    refused = command("up", "--port", "0", data=tmp_path / "data")

    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "99.1" in refused.stderr


def test_a_torn_journal_is_mended_and_nothing_else_is_lost(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_server(data) as server:
        assert command("digest", "pause", data=data).returncode == 0
        wait_for(lambda: server.status()["digester"]["paused"], "the pause")
        send(server, 5)
        server.kill()
    segment = max(path for path in (data / "journal").iterdir() if path.stat().st_size > 1_000)
    bytes_of_it = segment.read_bytes()
    used = len(bytes_of_it.rstrip(b"\0"))
    segment.write_bytes(
        bytes_of_it[:used] + b"\x13torn in the middle of a write" + bytes_of_it[used + 30 :]
    )

    with running_server(data, token=server.token) as again:
        wait_until_digested(again)
        assert event_count(again) == 5
        assert again.send_envelope(b"{}\n" + EVENT).status_code == 200


def test_the_truth_is_told_while_digesting_is_paused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_server(data) as server:
        assert server.get("/readyz").status_code == 200
        assert command("digest", "pause", data=data).returncode == 0
        wait_for(lambda: server.get("/readyz").status_code == 503, "not ready")
        send(server, 7)

        told = json.loads(command("status", "--json", data=data).stdout)
        readiness = server.get("/readyz")

        assert told["ready"] is False
        assert told["journal"]["lag_records"] == 7
        assert told["journal"]["lag_bytes"] > 0
        assert told["journal"]["lag_seconds"] > 0
        assert "digester" in readiness.text
        assert server.get("/healthz").status_code == 200, "alive all the same"
        assert "vedette_journal_lag_records 7" in server.get("/metrics").text
        assert command("status", data=data).returncode == 1

        assert command("digest", "resume", data=data).returncode == 0
        wait_until_digested(server)
        wait_for(lambda: server.get("/readyz").status_code == 200, "ready again")
        assert event_count(server) == 7


def test_send_test_passes(server: Server) -> None:
    proof = command("send-test", data=server.data)

    assert proof.returncode == 0, proof.stderr
    assert [line.partition(":")[0] for line in proof.stdout.splitlines()] == [
        "error",
        "trace",
        "log",
        "metric",
    ]


def test_without_a_server_the_commands_say_so(tmp_path: Path) -> None:
    for words in (["status"], ["send-test"], ["digest", "pause"]):
        refused = command(*words, data=tmp_path / "data")
        assert refused.returncode == 1
        assert "no server is running" in refused.stderr


def test_projects_people_and_tokens_are_made_beside_a_running_server(server: Server) -> None:
    made = json.loads(
        command("project", "create", "shop", "--platform", "go", "--json", data=server.data).stdout
    )
    token = json.loads(command("token", "create", "--json", data=server.data).stdout)["token"]
    person = command("user", "create", "mail@shop.example", "--json", data=server.data)

    assert json.loads(person.stdout)["login_url"].startswith(server.url)
    assert made["slug"] in command("project", "list", data=server.data).stdout
    key = made["dsn"].split("//")[1].split("@")[0]
    auth = {"x-sentry-auth": f"Sentry sentry_key={key}"}
    envelope_url = f"{server.url}/api/{made['id']}/envelope/"

    def sent() -> httpx.Response | None:
        answer = server.client.post(envelope_url, content=b"{}\n" + EVENT, headers=auth)
        return answer if answer.status_code == 200 else None

    answer = wait_for(sent, "the new key let in")
    assert answer.json()["id"]
    assert (
        server.client.get(
            f"{server.url}/api/0/", headers={"authorization": f"Bearer {token}"}
        ).status_code
        == 200
    )

    again = command("project", "create", "shop", data=server.data)
    assert again.returncode == 1
    assert "shop" in again.stderr


def test_a_rotated_key_lets_nothing_in_any_more(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        send(server)
        assert command("project", "key", "rotate", "default", data=server.data).returncode == 0

        wait_for(
            lambda: server.send_envelope(b"{}\n" + EVENT).status_code == 403, "the old key refused"
        )


def test_settings_come_from_flag_over_environment_over_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "vedette.toml").write_text('port = 1111\nhost = "::1"\nblobs_secret_key = "hush"\n')

    shown = subprocess.run(
        [str(VEDETTE), "settings", "--json", "--data", str(data)],
        capture_output=True,
        text=True,
        check=True,
        env={"VEDETTE_PORT": "2222", "PATH": "/usr/bin", "HOME": str(tmp_path)},
    )

    by_name = {each["name"]: each for each in json.loads(shown.stdout)}
    assert (by_name["port"]["value"], by_name["port"]["source"]) == ("2222", "environment")
    assert (by_name["host"]["value"], by_name["host"]["source"]) == ("::1", "vedette.toml")
    assert by_name["blobs_secret_key"]["value"] == "********"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("port = 'many'", "expected a whole number"),
        ("prot = 1", "which is no setting"),
        ("port = ", "cannot read"),
    ],
)
def test_a_wrong_settings_file_is_one_clear_sentence(
    tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "vedette.toml").write_text(text)

    refused = command("up", data=tmp_path)

    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_wrong_usage_is_exit_code_2(tmp_path: Path) -> None:
    assert command("up", "--port", "many", data=tmp_path).returncode == 2
    assert command("fly", data=tmp_path).returncode == 2


def test_doctor_finds_nothing_wrong_with_a_good_folder_and_something_with_a_bad_one(
    tmp_path: Path,
) -> None:
    free = command("doctor", "--json", data=tmp_path / "data")
    findings = {each["check"]: each for each in json.loads(free.stdout)}

    assert {
        "data folder",
        "lock",
        "disk",
        "clock",
        "metadata",
        "blobs",
        "engine",
    } <= findings.keys()
    assert findings["engine"]["ok"], findings["engine"]
    (tmp_path / "file").write_text("")
    assert command("doctor", data=tmp_path / "file" / "data").returncode == 1


def test_a_full_disk_closes_the_door_and_loses_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_server(data) as server:
        send(server, 3)
        server.stop()
    free = shutil.disk_usage(tmp_path).free

    # As if the disk were full: what is to stay free is more than there is.
    floor = {"VEDETTE_DISK_FREE_BYTES_MIN": str(free * 2)}
    server = start_server(data, environment=floor, token=server.token)
    try:
        refused = server.send_envelope(b"{}\n" + EVENT)
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert "disk" in server.get("/readyz").text
        assert event_count(server) == 3
        assert server.stop() == 0
    finally:
        server.client.close()
        if server.process.stdout is not None:
            server.process.stdout.close()

    with running_server(data, token=server.token) as again:
        send(again)
        wait_until_digested(again)
        assert event_count(again) == 4
