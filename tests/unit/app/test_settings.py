"""Settings: which source wins, and one clear sentence for whatever cannot be understood."""

from dataclasses import fields
from pathlib import Path

import pytest

from vedette.app.data_folder import DataFolder
from vedette.app.settings import LoadedSettings, SettingFault, Settings, load_settings
from vedette.app.settings_page import settings_page
from vedette.app.stores import open_blobs, open_metadata_store

PAGE = Path("docs/guide/settings.md")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in fields(Settings):
        monkeypatch.delenv(f"VEDETTE_{each.name.upper()}", raising=False)


def load(data: Path, **flags: object) -> LoadedSettings:
    return load_settings({"data": str(data), **flags})


def test_a_flag_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "vedette.toml").write_text("port = 1\notlp_http_port = 1\notlp_grpc_port = 1\n")
    monkeypatch.setenv("VEDETTE_PORT", "2")
    monkeypatch.setenv("VEDETTE_OTLP_HTTP_PORT", "2")

    loaded = load(tmp_path, port=3, host=None)

    ports = (loaded.settings.port, loaded.settings.otlp_http_port, loaded.settings.otlp_grpc_port)
    assert ports == (3, 2, 1)
    source = {each.name: each.source for each in loaded.shown()}
    assert source["port"] == "flag"
    assert source["otlp_http_port"] == "environment"
    assert source["otlp_grpc_port"] == "vedette.toml"
    assert source["host"] == "default"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        pytest.param("port", "x", "port (flag) is 'x'; expected a whole number", id="no number"),
        pytest.param("port", 70_000, "port (flag) is 70000; expected 0 to 65535", id="no port"),
        pytest.param(
            "retention_days_spans",
            0,
            "retention_days_spans (flag) is 0; expected 1 to 3650",
            id="a retention that would drop what has just come in",
        ),
        pytest.param(
            "disk_free_bytes_min",
            -1,
            "disk_free_bytes_min (flag) is -1; expected at least 0",
            id="negative",
        ),
        pytest.param(
            "attribute_index",
            "maybe",
            "attribute_index (flag) is 'maybe'; expected on or off",
            id="no switch",
        ),
        pytest.param(
            "anonymous_loopback",
            "maybe",
            "anonymous_loopback (flag) is 'maybe'; expected on, off, auto",
            id="no such word",
        ),
        pytest.param(
            "log_level",
            "loud",
            "log_level (flag) is 'loud'; expected debug, info, warning, error",
            id="no such level",
        ),
        pytest.param(
            "trusted_proxies",
            "10.0.0.0/8, proxy",
            "trusted_proxies (flag): 'proxy' does not appear to be an IPv4 or IPv6 network",
            id="no network",
        ),
    ],
)
def test_a_value_that_makes_no_sense_is_one_clear_sentence(
    tmp_path: Path, name: str, value: object, sentence: str
) -> None:
    with pytest.raises(SettingFault) as caught:
        load(tmp_path, **{name: value})

    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("prot = 1", "'prot', which is no setting", id="a misspelled name"),
        pytest.param('data = "/x"', "'data', which is no setting", id="where the file itself lies"),
        pytest.param("port = ", "cannot read", id="no TOML"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "vedette.toml").write_text(text)

    with pytest.raises(SettingFault) as caught:
        load(tmp_path)

    assert part in str(caught.value)


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    loaded = load(tmp_path, metadata_url="postgresql://a:hush@db/x", blobs_secret_key="hush")

    assert "hush" not in str(loaded.shown())


def test_a_word_counts_whatever_its_case(tmp_path: Path) -> None:
    loaded = load(tmp_path, log_level="WARNING", anonymous_loopback="Off", attribute_index="On")

    assert loaded.settings.log_level == "warning"
    assert loaded.settings.anonymous_loopback == "off"
    assert loaded.settings.attribute_index is True


@pytest.mark.parametrize("url", ["mysql://db/x", "no url"])
def test_a_database_that_is_not_known_is_a_fault_of_the_setting(tmp_path: Path, url: str) -> None:
    settings = load(tmp_path, metadata_url=url).settings

    with pytest.raises(SettingFault, match="metadata_url: "):
        open_metadata_store(settings, DataFolder(tmp_path))


@pytest.mark.parametrize("url", ["bucket", "s3://", "https://bucket"])
def test_a_bucket_that_is_not_named_is_a_fault_of_the_setting(tmp_path: Path, url: str) -> None:
    settings = load(tmp_path, blobs_url=url).settings

    with pytest.raises(SettingFault, match="expected s3://bucket"):
        open_blobs(settings, DataFolder(tmp_path))


def test_the_page_describes_every_setting_as_it_is() -> None:
    # Written anew by: python -m vedette.app.settings_page > docs/guide/settings.md
    assert PAGE.read_text("utf-8") == settings_page()
