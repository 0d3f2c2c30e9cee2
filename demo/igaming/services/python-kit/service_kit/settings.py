"""Settings come from the environment; an empty variable counts as not set."""

import os


def setting(name: str, fallback: str) -> str:
    """Return one setting as text."""
    return os.environ.get(name) or fallback


def url_of(name: str, port: str) -> str:
    """Return a neighbour's address: <NAME>_URL when set (containers), else loopback and its port."""
    return setting(f"{name}_URL", f"http://127.0.0.1:{setting(f'{name}_PORT', port)}")


def address_of(name: str, port: str) -> str:
    """Return host and port of a store: <NAME>_ADDRESS when set, else loopback and its port."""
    return setting(f"{name}_ADDRESS", f"127.0.0.1:{setting(f'{name}_PORT', port)}")


LISTEN_HOST = setting("LISTEN_HOST", "127.0.0.1")
