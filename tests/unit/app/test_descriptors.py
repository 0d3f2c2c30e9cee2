"""Connections must not take the descriptors that the engine needs."""

import resource

from vedette.app.descriptors import WANTED, raise_descriptor_limit


def test_a_low_limit_is_raised_and_a_high_one_left() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (500, before[1]))
        raised = raise_descriptor_limit()

        assert 500 < raised <= WANTED
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (raised, before[1])
        assert raise_descriptor_limit() == raised
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
