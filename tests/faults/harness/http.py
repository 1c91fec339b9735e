"""Asks a node over its public HTTP API, one connection a client, and tells certain answers from uncertain ones."""

import http.client
import json
import ssl

BINARY = "application/vnd.hufu"
# Nothing is decided yet: ask again, here or elsewhere, with the very same bytes.
PASSING = {"NOT_LEADER", "NO_QUORUM", "LEDGER_UNAVAILABLE", "OUTCOME_UNKNOWN", "RATE_LIMITED", "OVERLOADED", "TIMED_OUT"}


def tls_context():
    """The roster pins a node's key; the harness's own traffic stays on this machine, so it takes whoever answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


class Unreachable(Exception):
    """No answer, or half of one: the request may have been served or not."""


class Client:
    """One node's API. Not for two threads at once."""

    def __init__(self, host, port, timeout=5.0):
        self.host, self.port, self.timeout = host, port, timeout
        self._connection = None

    def _open(self):
        if self._connection is None:
            self._connection = http.client.HTTPSConnection(
                self.host, self.port, timeout=self.timeout, context=tls_context())
        return self._connection

    def close(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def send(self, method, target, body=None, content_type=None, headers=None):
        headers = headers or ({"Content-Type": content_type} if content_type else {})
        try:
            self._open().request(method, target, body=body, headers=headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unreachable(str(error)) from error

    def receive(self):
        """Status and the answer's bytes."""
        status, _, body = self.receive_all()
        return status, body

    def receive_all(self):
        """Status, headers and the answer's bytes."""
        try:
            answer = self._open().getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unreachable(str(error)) from error

    def get(self, target):
        """Status and JSON."""
        self.send("GET", target)
        status, body = self.receive()
        return status, json.loads(body) if body[:1] in b"{[" else body

    def start_submission(self, body, wait="committed"):
        self.send("POST", f"/v1/submissions?wait={wait}", body, BINARY)

    def finish_submission(self):
        """(place, None) when it stands on the ledger; (None, code) otherwise, of which those in PASSING decide nothing."""
        status, body = self.receive()
        answer = json.loads(body)
        if status == 200:
            return (answer["place"]["height"], answer["place"]["submission"]), None
        return None, answer["code"]
