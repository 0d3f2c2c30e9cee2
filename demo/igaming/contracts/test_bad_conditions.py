"""One store away at a time: who needs it says so clearly, the others go on, and all comes back.

Needs the running platform; stops and starts its processes by the control script.
"""

import subprocess
import time
from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from control.settings import PLATFORM_DIR, read_settings

CALL_SECONDS_MAX: Final = 20.0
RECOVERY_SECONDS_MAX: Final = 30.0

Call = tuple[str, str, dict[str, object] | None]

SIGN_IN: Final[Call] = ("POST", "/api/sessions", {"player": "player-0002"})
SPIN: Final[Call] = ("POST", "/api/spins", {"game": "fruits", "bet": 100})
DEPOSIT: Final[Call] = ("POST", "/api/deposits", {"amount": 1000})
HISTORY: Final[Call] = ("GET", "/api/history", None)
GAMES: Final[Call] = ("GET", "/api/games", None)
STATISTICS: Final[Call] = ("GET", "/api/analytics/daily-stats", None)
DOCUMENT: Final[Call] = ("POST", "/api/kyc-documents", {"passport": "scan"})

STORES: Final = (
    pytest.param("mongodb", [SIGN_IN, STATISTICS, HISTORY], [DEPOSIT, GAMES], id="MongoDB"),
    pytest.param("redis", [SIGN_IN, DEPOSIT], [GAMES, STATISTICS], id="Redis"),
    pytest.param("postgres", [DEPOSIT, SPIN], [SIGN_IN, GAMES, HISTORY, STATISTICS], id="PostgreSQL"),
    pytest.param("kafka", [], [SPIN, DEPOSIT, HISTORY], id="Kafka"),
    pytest.param("s3", [DOCUMENT], [SPIN, DEPOSIT, HISTORY], id="object storage"),
    pytest.param("vedette", [], [SIGN_IN, SPIN, DEPOSIT, HISTORY, STATISTICS], id="the monitoring server"),
)


@pytest.fixture(scope="module")
def gateway() -> Iterator[httpx.Client]:
    settings = read_settings()
    address = f"http://127.0.0.1:{settings['API_GATEWAY_PORT']}"
    with httpx.Client(base_url=address, timeout=CALL_SECONDS_MAX) as client:
        try:
            token = client.post("/api/sessions", json={"player": "player-0002"}).json()["token"]
        except httpx.HTTPError:
            pytest.skip("the platform is not running")
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


@pytest.mark.parametrize(("store", "suffering", "unharmed"), STORES)
def test_the_loss_of_one_store_harms_only_those_who_need_it(
    store: str, suffering: list[Call], unharmed: list[Call], gateway: httpx.Client
) -> None:
    if control("stop", store).returncode != 0:
        pytest.skip(f"{store} was not started by the control script")
    try:
        refused = [call(gateway, one) for one in suffering]
        served = [call(gateway, one) for one in unharmed]
    finally:
        control("start", store)

    for answer in refused:
        assert answer.is_error, f"{answer.url} was served without {store}"
        assert answer.json()["error"], "an error is a sentence"
    for answer in served:
        assert answer.is_success, f"{answer.url} needs no {store}: {answer.status_code} {answer.text}"
    assert_all_comes_back(gateway, [*suffering, *unharmed])


def assert_all_comes_back(gateway: httpx.Client, calls: list[Call]) -> None:
    if SIGN_IN in calls:  # sessions lived in the store that was away
        token = eventually(gateway, SIGN_IN).json()["token"]
        gateway.headers["Authorization"] = f"Bearer {token}"
    for one in calls:
        assert eventually(gateway, one).is_success


def eventually(gateway: httpx.Client, one: Call) -> httpx.Response:
    deadline = time.monotonic() + RECOVERY_SECONDS_MAX
    while True:
        answer = call(gateway, one)
        if answer.is_success or time.monotonic() > deadline:
            return answer
        time.sleep(0.2)


def call(gateway: httpx.Client, one: Call) -> httpx.Response:
    method, path, body = one
    return gateway.request(method, path, json=body)


def control(command: str, name: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([str(PLATFORM_DIR / "control.sh"), command, name], check=False, capture_output=True)
