"""Bind the ports before anything else is started, so that a taken port is one clear sentence."""

import errno
import ipaddress
import socket

from vedette.native import GrpcListener


class PortUnusable(Exception):  # noqa: N818 - a state of the machine, told in a sentence
    """A port cannot be listened on; the text says which and why."""


def bind(host: str, port: int, *, purpose: str) -> socket.socket:
    """Return a bound socket; port 0 takes a free one.

    Raises:
        PortUnusable: It is taken, or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise _unusable(host, port, purpose, error) from error
    listener.set_inheritable(False)
    return listener


def bind_grpc(host: str, port: int, *, purpose: str) -> GrpcListener:
    """Return the same for the native server.

    Raises:
        PortUnusable: It is taken, or may not be used.
    """
    try:
        return GrpcListener(host, port)
    except OSError as error:
        raise _unusable(host, port, purpose, error) from error


def port_of(listener: socket.socket) -> int:
    """Return the port a socket is bound to."""
    port = listener.getsockname()[1]
    assert isinstance(port, int)
    return port


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unusable(host: str, port: int, purpose: str, error: OSError) -> PortUnusable:
    why = {
        errno.EADDRINUSE: "something else listens there",
        errno.EACCES: "this user may not use it",
        errno.EADDRNOTAVAIL: "this machine has no such address",
    }.get(error.errno or 0, error.strerror or str(error))
    flag = purpose.replace(" ", "-")
    return PortUnusable(
        f"cannot listen on {host}:{port} for {purpose}: {why}; choose another with --{flag}"
    )
