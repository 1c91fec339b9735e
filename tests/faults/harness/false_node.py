"""A member that lies. Its keys are those of a node of the ledger, which is stopped; what it says is made by `fault_liar`.

  FalseApi    stands at the node's public address, with its TLS identity; asks an honest node and changes what it likes
  FalsePeer   stands among the nodes, by their own protocol
"""

import contextlib
import http.server
import ssl
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .http import Client, Unreachable
from .machine import Failed, call, end, spawn, until

FLOOD = 1 << 20
REDIRECTS = 5


def identity(build, node):
    """Its TLS key and certificate, as a file for Python's ssl."""
    file = node.folder / "identity.pem"
    file.touch(mode=0o600)
    file.write_bytes(call(Path(build) / "fault_liar", "identity", node.folder).stdout)
    return file


def forged(build, lie, body, *nodes):
    """That answer with this lie in it, signed with the keys of these nodes alone."""
    done = subprocess.run([Path(build) / "fault_liar", "answer", lie, *[node.folder for node in nodes]], input=body,
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"fault_liar answer {lie}: {done.stderr.decode(errors='replace')}")
    return done.stdout


@dataclass
class Answer:
    status: int
    kind: str
    body: bytes
    length: int = None  # that is claimed; the body's own unless told


class FalseApi:
    """lie: (path that it is about, function of `ask` and the target that gives an Answer). All else is answered truly."""

    def __init__(self, node, honest, pem):
        self._honest, self._lie, self.told, self.faults = honest, None, 0, []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                outer.answer(self, None)

            def do_POST(self):
                outer.answer(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a client that hangs up on a liar

            def get_request(self):
                connection, address = self.socket.accept()
                return context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(pem)
        self._server = Server((node.host, node.api_port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @contextlib.contextmanager
    def telling(self, path, lie):
        self._lie, self.told, self.faults = (path, lie), 0, []
        try:
            yield self
        finally:
            self._lie = None
        if self.faults:
            raise Failed(f"the false node itself failed: {self.faults[0]}")

    def answer(self, handler, body):
        headers = {name: handler.headers[name] for name in ("Accept", "Content-Type") if name in handler.headers}

        def ask(target):
            """Sent on to the leader where that has to answer."""
            host, port = self._honest.host, self._honest.api_port
            for _ in range(REDIRECTS):
                client = Client(host, port, 30)
                try:
                    client.send(handler.command, target, body, headers=headers)
                    status, about, given = client.receive_all()
                finally:
                    client.close()
                if status != 307:
                    break
                to = urlsplit(about["Location"])
                host, port = to.hostname, to.port
            return Answer(status, about.get("Content-Type", ""), given)

        try:
            told = self._lie is not None and handler.path.startswith(self._lie[0])
            given = self._lie[1](ask, handler.path) if told else ask(handler.path)
            self.told += told
        except (Unreachable, RuntimeError, OSError) as error:
            self.faults.append(repr(error))
            given = Answer(500, "text/plain", b"")
        handler.send_response(given.status)
        handler.send_header("Content-Type", given.kind)
        handler.send_header("Content-Length", str(given.length if given.length is not None else len(given.body)))
        handler.end_headers()
        with contextlib.suppress(OSError, ssl.SSLError):
            handler.wfile.write(given.body)
            left = (given.length or 0) - len(given.body)
            while left > 0:  # more than anybody takes: the client has to hang up
                handler.wfile.write(b"\0" * min(left, FLOOD))
                left -= FLOOD
        if given.length is not None:
            handler.close_connection = True


class FalsePeer:
    """`fault_liar peer`: ended by close(). What it has said is in `lines`."""

    def __init__(self, build, lie, node):
        self.lie, self._out = lie, node.folder / f"liar-{lie}"
        with open(self._out, "wb") as out:
            self._process = spawn([Path(build) / "fault_liar", "peer", lie, node.folder], stdout=out,
                                  stderr=open(node.folder / "liar-err", "wb"))
        self._error = node.folder / "liar-err"

    def said(self, word):
        """How many lines begin so; fails when the liar has ended by itself."""
        if self._process.poll() is not None:
            raise Failed(f"the liar ended by itself: {self._error.read_text(errors='replace')}")
        return sum(line.startswith(word) for line in self._out.read_text(errors="replace").splitlines())

    def until_said(self, word, count=1):
        until(lambda: self.said(word) >= count, 40, f"{self.lie}: the liar has said \"{word}\" {count} times")

    def close(self):
        end(self._process)
