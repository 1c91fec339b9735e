"""Raw connections to a node, for clients that keep no rule: what is sent is bytes, what comes back is a status line or an end."""

import contextlib
import socket
import ssl
import time

from .http import tls_context

CLOSED = "closed"


def plain(node, port=None, timeout=15):
    return socket.create_connection((node.host, port or node.api_port), timeout=timeout)


def secure(node, timeout=15, context=None):
    return (context or tls_context()).wrap_socket(plain(node, timeout=timeout))


def answer(connection):
    """The status of the answer, or CLOSED when the connection ended without one."""
    data = b""
    with contextlib.suppress(OSError, ssl.SSLError):
        while b"\r\n" not in data:
            part = connection.recv(4096)
            if not part:
                break
            data += part
    words = data.split(b" ", 2)
    return int(words[1]) if data.startswith(b"HTTP/1.") and len(words) > 2 else CLOSED


def exchange(node, data, timeout=15):
    with secure(node, timeout) as connection:
        with contextlib.suppress(OSError, ssl.SSLError):  # it may answer and close before all is sent
            connection.sendall(data)
        return answer(connection)


def handshake(node, context):
    """Does a TLS handshake of this kind come about, and is the first request answered?"""
    try:
        with secure(node, 5, context) as connection:
            connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            return answer(connection)
    except (OSError, ssl.SSLError):
        return CLOSED


def closes_within(connection, seconds):
    """How long until the other side ends the connection; fails after `seconds`."""
    began = time.monotonic()
    connection.settimeout(seconds)
    try:
        while connection.recv(4096):
            pass
    except TimeoutError:
        return None
    except (OSError, ssl.SSLError):
        pass
    return time.monotonic() - began


def dribble(connection, data, pause, limit):
    """Sends byte by byte; the seconds until the other side has had enough, None when it never has."""
    began = time.monotonic()
    connection.settimeout(pause)
    for at in range(len(data)):
        if time.monotonic() - began > limit:
            return None
        try:
            connection.sendall(data[at:at + 1])
            if not connection.recv(4096):
                return time.monotonic() - began
        except TimeoutError:
            continue
        except (OSError, ssl.SSLError):
            return time.monotonic() - began
    return None


def memory_mb(pid):
    """Largest resident size that the process ever had."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
