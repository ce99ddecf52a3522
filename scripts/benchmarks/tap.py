"""What an import truly sends: a tap between it and the org, and a request to repeat with other users."""
import json, socket, statistics, threading
from typing import NamedTuple

# A name in a login that is at least so long has room for a number in its place.
SHORTEST = 14


class Sent(NamedTuple):
    """A request as it was on the wire."""

    line: str
    headers: dict
    body: bytes


class Pattern(NamedTuple):
    """A request that creates a user, and the part of it in which users differ."""

    path: str
    headers: dict
    body: str
    placeholder: str


class Tap:
    """Passes everything on to the org, and keeps what was sent there."""

    def __init__(self, org):
        self.org, self.streams = org, []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.door.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.org.port))
            kept = bytearray()
            self.streams.append(kept)
            threading.Thread(target=pass_on, args=(client, server, kept), daemon=True).start()
            threading.Thread(target=pass_on, args=(server, client, bytearray()), daemon=True).start()

    def requests(self):
        self.door.close()
        return [request for stream in self.streams for request in requests_in(bytes(stream))]


def pass_on(source, sink, kept):
    try:
        while True:
            piece = source.recv(65536)
            if not piece:
                sink.shutdown(socket.SHUT_WR)
                return
            kept += piece
            sink.sendall(piece)
    except OSError:
        pass


def requests_in(stream):
    while b"\r\n\r\n" in stream:
        head, _, stream = stream.partition(b"\r\n\r\n")
        line, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, value in (text.split(": ", 1) for text in lines)}
        length = int(headers.get("content-length", 0))
        yield Sent(line, headers, stream[:length])
        stream = stream[length:]


def pattern_of(requests):
    """Of all creates the one whose size is nearest to the mean."""
    creates = [request for request in requests if request.line.startswith("POST /api/v1/users?activate=true ")]
    mean = statistics.mean(len(request.body) for request in creates)
    fitting = [request for request in creates if len(name_in(request.body)) >= SHORTEST]
    chosen = min(fitting, key=lambda request: abs(len(request.body) - mean))
    name = name_in(chosen.body)
    placeholder = "x" * len(name)
    headers = {name: value for name, value in chosen.headers.items() if name not in ("host", "content-length")}
    body = chosen.body.decode().replace(f"{name}@", f"{placeholder}@")
    return Pattern(chosen.line.split()[1], headers, body, placeholder)


def name_in(body):
    return json.loads(body)["profile"]["login"].split("@")[0]
