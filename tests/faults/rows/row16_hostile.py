"""Row 16: clients that replay, flood, dribble, send garbage and break TLS. Each gets the right answer; the node goes on.

After every case the node answers an honest client; at the end its largest resident memory is under MEMORY_MB: what the bounds of
node/http/server.hpp add up to (1,024 connections, 128 MiB of bodies), and the rest of a node.
"""

import contextlib
import json
import os
import socket
import ssl
import threading

from harness.checker import check_cluster
from harness.cluster import AGENCY, Cluster, license_id
from harness.hostile import CLOSED, answer, closes_within, dribble, exchange, handshake, memory_mb, plain, secure
from harness.http import BINARY, Client
from harness.load import Load, endless_lives
from harness.machine import Failed, Skip, call, until

TITLE = "hostile clients: right answers, bounded memory"
MEMORY_MB = 512
HEAD = b"Host: x\r\n"
POST = b"POST /v1/submissions HTTP/1.1\r\n" + HEAD + b"Content-Type: application/vnd.hufu\r\n"
JSON_POST = b"POST /v1/submissions HTTP/1.1\r\n" + HEAD + b"Content-Type: application/json\r\n"


def get(target, more=b""):
    return b"GET " + target + b" HTTP/1.1\r\n" + HEAD + more + b"\r\n"


def post(body, head=POST):
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


# name, bytes within TLS, what must come back (one of)
REQUESTS = (
    ("no such page", get(b"/v1/nothing"), (404,)),
    ("another method", b"DELETE /v1/head HTTP/1.1\r\n" + HEAD + b"\r\n", (405,)),
    ("POST to a page to GET", b"POST /v1/head HTTP/1.1\r\n" + HEAD + b"Content-Length: 0\r\n\r\n", (405,)),
    ("GET with a body", b"GET /v1/head HTTP/1.1\r\n" + HEAD + b"Content-Length: 3\r\n\r\nabc", (400,)),
    ("unknown query", get(b"/v1/head?colour=red"), (400,)),
    ("wrong value in the query", get(b"/v1/head?read=yes"), (400,)),
    ("path out of the tree", get(b"/tile/../../etc/passwd"), (404,)),
    ("path with escapes out of the tree", get(b"/%2e%2e/%2e%2e/etc/passwd"), (400, 404)),
    ("broken percent escape", get(b"/v1/subjects/%zz"), (400, 404)),
    ("NUL in the path", get(b"/v1/subjects/a%00b"), (400, 404)),
    ("not UTF-8 in the path", get(b"/v1/subjects/license:%ff%fe"), (400, 404)),
    ("height beyond all", get(b"/v1/blocks/18446744073709551615"), (404,)),
    ("height too long for a number", get(b"/v1/blocks/99999999999999999999999999"), (400, 404)),
    ("negative height", get(b"/v1/blocks/-1"), (400, 404)),
    ("consistency backwards", get(b"/v1/log/consistency?from=9&to=1"), (400, 404)),
    ("registry page of nothing", get(b"/v1/registry/agency?limit=0"), (400,)),
    ("registry page too long", get(b"/v1/registry/agency?limit=1000000000"), (400,)),
    ("not HTTP", b"\x00\x01\x02\x03 hello\r\n\r\n", (400, CLOSED)),
    ("no version", b"GET /livez\r\n\r\n", (400, CLOSED)),
    ("HTTP/9.9", b"GET /livez HTTP/9.9\r\n" + HEAD + b"\r\n", (400, CLOSED)),
    ("header without colon", b"GET /livez HTTP/1.1\r\nnonsense\r\n\r\n", (400, CLOSED)),
    ("header over its bound", get(b"/livez", b"X: " + b"a" * 20_000 + b"\r\n"), (431, 400)),
    ("many headers", get(b"/livez", b"".join(b"X-%d: y\r\n" % i for i in range(5000))), (431, 400)),
    ("target over its bound", get(b"/" + b"a" * 20_000), (431, 414, 400)),
    ("two lengths", POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", (400,)),
    ("length and chunks", POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400,)),
    ("negative length", POST + b"Content-Length: -1\r\n\r\n", (400,)),
    ("length of letters", POST + b"Content-Length: many\r\n\r\n", (400,)),
    ("length over 64 bits", POST + b"Content-Length: 99999999999999999999999\r\n\r\n", (400, 413)),
    ("length over the bound", POST + b"Content-Length: 4194305\r\n\r\n", (413,)),
    ("length of a terabyte", POST + b"Content-Length: 1099511627776\r\n\r\n", (413,)),
    ("chunks over the bound", POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"100000\r\n" + b"a" * 0x100000 + b"\r\n"
     + b"400000\r\n" + b"a" * 0x400000 + b"\r\n0\r\n\r\n", (413,)),
    ("a chunk of nonsense", POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n", (400,)),
    ("a chunk of 2^60 bytes", POST + b"Transfer-Encoding: chunked\r\n\r\n1000000000000000\r\nab", (413, 400)),
    ("empty body", post(b""), (400,)),
    ("garbage as a submission", post(b"\xff" * 300), (400,)),
    ("lengths that claim more than there is", post(b"\x01" + b"\0" * 32 + b"\xff\xff" * 20), (400,)),
    ("another content type", post(b"x", POST.replace(b"vnd.hufu", b"pdf")), (415,)),
    ("no content type", b"POST /v1/submissions HTTP/1.1\r\n" + HEAD + b"Content-Length: 1\r\n\r\nx", (415,)),
    ("JSON cut short", post(b'{"genesis": "00', JSON_POST), (400,)),
    ("JSON a thousand deep", post(b"[" * 100_000, JSON_POST), (400,)),
    ("JSON of another shape", post(b'{"a": 1}', JSON_POST), (400,)),
    ("JSON with a number too large", post(b'{"genesis": 1e999999}', JSON_POST), (400,)),
    ("JSON not UTF-8", post(b'{"genesis": "\xff"}', JSON_POST), (400,)),
    ("a trace of garbage", b"POST /v1/traces HTTP/1.1\r\n" + HEAD + b"Content-Type: application/vnd.hufu\r\n"
     b"Content-Length: 9\r\n\r\nnonsense!", (400,)),
)
# What `craft` makes (tests/scenarios/craft.cpp), and the code that answers it.
CRAFTED = (("changed", "REQUEST_ID_REUSED"), ("bad-signature", "SIGNATURE_INVALID"), ("foreign", "FOREIGN_ORIGIN"),
           ("unknown-agency", "ISSUER_UNKNOWN"), ("not-held", "KEY_UNKNOWN"), ("truncated", "TRUNCATED"),
           ("trailing", "TRAILING_BYTES"), ("empty", "SUBMISSION_EMPTY"), ("oversize", "OVERSIZE"))


class Row:
    def __init__(self, context, cluster, node):
        self.context, self.cluster, self.node = context, cluster, node
        self.cases, self.wrong = 0, []

    def case(self, name, came, wanted):
        self.cases += 1
        if came not in wanted:
            self.wrong.append(f"{name}: {came}, not {' or '.join(map(str, wanted))}")
        if not self.node.running():
            raise Failed(f"{name} ended the node: {self.node.said()}")
        if self.node.status(10) is None:
            self.wrong.append(f"{name}: an honest client is not answered afterwards")
        self.context.say(f"{name}: {came}")

    def requests(self):
        for name, data, wanted in REQUESTS:
            self.case(name, exchange(self.node, data), wanted)

    def replay(self, appends):
        client = Client(self.node.host, self.node.api_port)
        for one in self.context.dice.sample([one for one in appends if one.place], 5):
            for _ in range(3):
                client.start_submission(one.body)
                status, body = client.receive()
                same = json.loads(body)
                place = (same.get("place", {}).get("height"), same.get("place", {}).get("submission"))
                self.case("replay", (status, same.get("repeated"), place), [(200, True, one.place)])
        client.close()

    def crafted(self):
        craft = self.context.build / "craft"
        if not os.access(craft, os.X_OK):
            raise Skip(f"{craft} is not built")
        for number, (kind, code) in enumerate((("sound", "accepted"), *CRAFTED), 77):
            # The same request id as the sound one, with other content; every other kind has a request of its own.
            request = 77 if kind == "changed" else number
            body = call(craft, kind, self.cluster.folder / "ledger.genesis", self.cluster.folder / "agency.key",
                        self.cluster.folder / "phrase", AGENCY, license_id("HOSTILE1"), request).stdout
            self.case(kind, self.submit(body), [code])

    def submit(self, body):
        client = Client(self.node.host, self.node.api_port, 20)
        client.start_submission(body)
        status, text = client.receive()
        client.close()
        return "accepted" if status == 200 else json.loads(text)["code"]

    def tls(self):
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        self.case("TLS 1.2", handshake(self.node, old), [CLOSED])
        for name, data in (("HTTP without TLS", get(b"/livez")), ("garbage for a handshake", b"\xff" * 500),
                           ("a record of 64 KiB", b"\x16\x03\x01\xff\xff" + b"\0" * 65535),
                           ("a cut ClientHello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x11" * 20),
                           ("an alert first", b"\x15\x03\x03\x00\x02\x02\x28")):
            for port, where in ((self.node.api_port, "clients"), (self.node.peer_port, "peers")):
                with plain(self.node, port) as connection:
                    with contextlib.suppress(OSError):
                        connection.sendall(data)
                        connection.shutdown(socket.SHUT_WR)
                    self.case(f"{name}, port for {where}", answer(connection), [CLOSED])
        with plain(self.node, self.node.peer_port) as connection:
            self.case("a stranger at the port for peers", stranger(connection), [CLOSED])

    def slow(self):
        """All at the same time: each must be ended by the node's own clock (node/http/server.hpp H2, H5)."""
        outcomes = {}

        def drip(name, data, limit):
            with contextlib.suppress(OSError), secure(self.node) as connection:
                outcomes[name] = dribble(connection, data, 0.5, limit)

        def hang(name, opened, data, limit):
            with contextlib.suppress(OSError), opened(self.node) as connection:
                connection.sendall(data)
                outcomes[name] = closes_within(connection, limit)

        limit = 25
        work = [(drip, f"slow header {i}", get(b"/livez", b"X: " + b"a" * 500 + b"\r\n"), limit) for i in range(3)]
        work += [(drip, f"slow body {i}", POST + b"Content-Length: 100000\r\n\r\n" + b"a" * 1000, 45) for i in range(3)]
        work += [(hang, f"half a header {i}", secure, b"GET /livez HT", limit) for i in range(3)]
        work += [(hang, f"silence after TLS {i}", secure, b"", limit) for i in range(3)]
        work += [(hang, f"silence before TLS {i}", plain, b"\x16", limit) for i in range(3)]
        if not self.context.short:
            work += [(hang, "idle after a request", secure, get(b"/livez"), 75)]
        threads = [threading.Thread(target=each, args=arguments) for each, *arguments in work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for _, name, *_ in work:
            seconds = outcomes.get(name, -1)
            self.case(name, "ended by the node" if seconds is not None and seconds >= 0 else "went on", ["ended by the node"])

    def big_bodies(self):
        """More bodies under way than may be held: some are told to come again, and memory stays bounded."""
        statuses, lock = [], threading.Lock()

        def send():
            with contextlib.suppress(OSError, ssl.SSLError), secure(self.node, 60) as connection:
                with contextlib.suppress(OSError, ssl.SSLError):
                    connection.sendall(POST + b"Content-Length: 4194304\r\n\r\n" + b"\xff" * 4194304)
                with lock:
                    statuses.append(answer(connection))

        threads = [threading.Thread(target=send) for _ in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wrong = [each for each in statuses if each not in (400, 503, 429)]
        self.case("64 bodies of 4 MiB at once", "refused each" if not wrong and len(statuses) == 64 else f"{statuses}",
                  ["refused each"])

    def crowd(self, count):
        """So many connections at once: those over the bound are closed, nobody's memory grows, and the next client is served."""
        import resource
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, count + 500)), hard))
        if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < count + 200:
            raise Skip(f"{count} connections need more open files than {hard}")
        held = []
        try:
            for _ in range(count):
                with contextlib.suppress(OSError):
                    held.append(plain(self.node, timeout=5))
            self.cases += 1
            self.context.say(f"{len(held)} connections were opened")
        finally:
            for connection in held:
                connection.close()
        until(lambda: self.node.status(5), 30, f"an answer after {count} connections")
        if len(held) < count * 0.95:
            self.wrong.append(f"{count} connections: only {len(held)} came about")
        return len(held)


def stranger(connection):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with context.wrap_socket(connection) as secured:
            secured.sendall(b"\0" * 64)
            return answer(secured)
    except (OSError, ssl.SSLError):
        return CLOSED


def run(context):
    cluster = Cluster.found(context.build, context.folder / "c")
    with context.closing(cluster):
        cluster.start()
        row = Row(context, cluster, cluster.nodes[0])
        with Load(cluster, endless_lives(cluster, context.build, first=1000), writers=2, readers=1,
                  seed=context.seed, pause=0.02) as load:
            until(lambda: load.acknowledged > 50, 60, "the first appends")
            row.requests()
            row.replay(load.appends)
            row.crafted()
            row.tls()
            row.slow()
            row.big_bodies()
            opened = row.crowd(10_000)
        largest = memory_mb(row.node.process.pid)
        verdict = check_cluster(cluster, [load])
    if largest > MEMORY_MB:
        row.wrong.append(f"{largest:.0f} MiB of memory, over {MEMORY_MB}")
    if row.wrong:
        raise Failed(f"{len(row.wrong)} of {row.cases} cases: " + "; ".join(row.wrong))
    return {"injected": row.cases, "connections": opened, "memory MiB": round(largest), "bound MiB": MEMORY_MB,
            **context.counts(verdict)}
