"""The processes are described completely and without clashes."""

from control.programs import programs, supervisor_configuration
from control.settings import read_settings


def test_every_program_has_a_port_of_its_own() -> None:
    settings = read_settings()
    ports = [settings[program.port_setting] for program in programs()]
    assert len(set(ports)) == len(ports)


def test_the_supervisor_is_told_about_every_program() -> None:
    configuration = supervisor_configuration(read_settings())
    for program in programs():
        assert f"[program:{program.name}]" in configuration


def test_everything_listens_on_the_loopback_address_alone() -> None:
    assert "0.0.0.0" not in supervisor_configuration(read_settings())
