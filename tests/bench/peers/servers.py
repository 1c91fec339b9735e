"""Who is measured. Each has `name`, and `round(words)`, which runs one round and gives what its line of JSON says.

All servers of one run keep their data on the same disk, with their durable settings; TLS is ours alone.
"""

import contextlib
import json
import os
import pwd
import shutil
import subprocess
import urllib.request

from .machine import Machine, Unavailable, free_ports, until


class Loader:
    """A client that reads rounds on standard input and answers each with a line of JSON."""

    def __init__(self, machine: Machine, name: str, command: list[str]):
        self.name = name
        self._machine = machine
        self._log = f"{name}-load.log"
        self._process = machine.start(command, self._log, stdin=-1, stdout=-1, text=True, bufsize=1)

    def round(self, **words) -> dict:
        line = " ".join(f"{word.replace('_', '-')}={value}" for word, value in words.items())
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass
        answer = self._object()
        if "records_per_s" not in answer:
            raise Unavailable(f"{self.name}: its load ended at `{line}`: {answer or self._machine.tail(self._log)}")
        return answer

    def _object(self) -> dict:
        """The next JSON object that it prints, be it on one line or, as a refusal is, on several; {} at the end."""
        text = ""
        for line in self._process.stdout:
            if not text and not line.lstrip().startswith("{"):
                continue
            text += line
            with contextlib.suppress(json.JSONDecodeError):
                return json.loads(text)
        return {}


class Hufu(Loader):
    """Three nodes that `hufu bench` founds and keeps up."""

    def __init__(self, machine: Machine, binary: str):
        if not os.access(binary, os.X_OK):
            raise Unavailable(f"hufu: {binary} is not built")
        super().__init__(machine, "hufu", [binary, "bench", "--nodes", "3", "--rounds-from-stdin",
                                           "--data", machine.folder, "--json"])


class Etcd(Loader):
    """Three members as they are by default, but for a quota that a long run does not meet. Clients speak to the leader."""

    def __init__(self, machine: Machine, client: str):
        binary = shutil.which("etcd")
        if binary is None:
            raise Unavailable("etcd: etcd-server is not installed")
        if not os.access(client, os.X_OK):
            raise Unavailable("etcd: its load is not built (libgrpc++-dev, protobuf-compiler-grpc)")
        ports = free_ports(6)
        members = {f"m{i}": (ports[i], ports[i + 3]) for i in range(3)}
        cluster = ",".join(f"{name}=http://127.0.0.1:{peer}" for name, (_, peer) in members.items())
        for name, (port, peer) in members.items():
            machine.start([binary, "--name", name, "--data-dir", os.path.join(machine.folder, "etcd-" + name),
                           "--listen-client-urls", f"http://127.0.0.1:{port}",
                           "--advertise-client-urls", f"http://127.0.0.1:{port}",
                           "--listen-peer-urls", f"http://127.0.0.1:{peer}",
                           "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}",
                           "--initial-cluster", cluster, "--initial-cluster-state", "new",
                           "--quota-backend-bytes", str(8 << 30), "--logger", "zap", "--log-level", "error"],
                          f"etcd-{name}.log")
        leader = until(lambda: next((port for port, _ in members.values() if _leads(port)), None), "etcd: a leader")
        super().__init__(machine, "etcd", [client, f"127.0.0.1:{leader}"])


def _leads(port: int) -> bool:
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v3/maintenance/status", data=b"{}")
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:
            status = json.load(answer)
    except OSError:
        return False
    return status.get("leader", "0") == status["header"]["member_id"]


class Postgres(Loader):
    """A primary and two standbys, any one of which must have flushed before a commit is answered."""

    SETTINGS = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "shared_buffers": "512MB",  # more than by default, and rarer checkpoints: in its favour
        "max_wal_size": "4GB",
        "max_connections": "100",
        "synchronous_commit": "on",
        "synchronous_standby_names": "ANY 1 (s1, s2)",
    }

    def __init__(self, machine: Machine, client: str):
        folder = "/usr/lib/postgresql/15/bin"
        if not os.access(os.path.join(folder, "postgres"), os.X_OK):
            raise Unavailable("PostgreSQL: postgresql-15 is not installed")
        if not os.access(client, os.X_OK):
            raise Unavailable("PostgreSQL: its load is not built (libpq-dev)")
        self._machine = machine
        self._user = "postgres" if os.getuid() == 0 else None  # it refuses to run as root
        self._bin = folder
        ports = free_ports(3)
        base = os.path.join(machine.folder, "postgres")
        os.mkdir(base)
        if self._user:
            owner = pwd.getpwnam(self._user)
            os.chown(base, owner.pw_uid, owner.pw_gid)
        primary = os.path.join(base, "primary")
        self._run("initdb", "-D", primary, "-U", "bench", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        self._configure(primary)
        conninfo = f"host=127.0.0.1 port={ports[0]} user=bench dbname=postgres sslmode=disable"
        self._serve(primary, ports[0])
        until(lambda: self._says(conninfo, "select 1") == "1", "PostgreSQL: its primary")
        for number, port in ((1, ports[1]), (2, ports[2])):
            standby = os.path.join(base, f"standby{number}")
            self._run("pg_basebackup", "-D", standby, "-R", "-X", "stream", "-c", "fast", "--no-sync",
                      "-d", f"host=127.0.0.1 port={ports[0]} user=bench application_name=s{number}")
            self._serve(standby, port)
        ready = "select count(*) from pg_stat_replication where sync_state = 'quorum' and state = 'streaming'"
        until(lambda: self._says(conninfo, ready) == "2", "PostgreSQL: two synchronous standbys")
        self._says(conninfo, "create table record (key bytea not null, value bytea not null)")
        self._says(conninfo, "create unique index on record (key)")
        super().__init__(machine, "postgres", [client, conninfo])

    def _configure(self, primary: str) -> None:
        with open(os.path.join(primary, "postgresql.conf"), "a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in self.SETTINGS.items())

    def _run(self, program: str, *arguments: str) -> None:
        self._machine.run([os.path.join(self._bin, program), *arguments], self._user)

    def _serve(self, data: str, port: int) -> None:
        self._machine.start([os.path.join(self._bin, "postgres"), "-D", data, "-p", str(port)],
                            f"postgres-{os.path.basename(data)}.log", self._user, cwd=data)

    def _says(self, conninfo: str, statement: str) -> str | None:
        done = subprocess.run([os.path.join(self._bin, "psql"), "-XAtq", "-d", conninfo, "-c", statement],
                              capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else None
