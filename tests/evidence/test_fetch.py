"""Files are fetched from a server: resumed, checked, all or nothing."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer

import msgspec
import pytest

from legation.errors import InputError, SourceError
from legation.evidence import fetch as module
from legation.evidence.description import Download, describe_source
from legation.evidence.fetch import fetch_source

CONTENT = bytes(range(256)) * 4096


class Publisher(ThreadingTCPServer):
    """A real server on this machine that can break off, change its file, and serve parts."""

    broken_after: int | None = None
    content = CONTENT
    tag = '"v1"'
    requests: list[str | None]


class Handler(BaseHTTPRequestHandler):
    """Serve one file, with ranges."""

    def do_GET(self) -> None:
        """Answer with the file, or the part that was asked for."""
        server: Publisher = self.server  # type: ignore[assignment]
        asked = self.headers.get("Range")
        server.requests.append(asked)
        if self.path == "/missing":
            self.send_error(404)
            return
        start = 0
        if asked and self.headers.get("If-Range") == server.tag:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(server.content):
                self.send_error(416)
                return
        body = server.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", server.tag)
        self.end_headers()
        self.wfile.write(body if server.broken_after is None else body[: server.broken_after])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """Start a publisher's server."""
    with Publisher(("127.0.0.1", 0), Handler) as server:
        server.requests = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def described(publisher: Publisher, monkeypatch: pytest.MonkeyPatch):
    """Let a real description name the server's file."""

    def describe(path: str = "/file", sha256: str = hashlib.sha256(CONTENT).hexdigest(), file: str = "wgi.csv") -> None:
        url = f"http://127.0.0.1:{publisher.server_address[1]}{path}"
        description = msgspec.structs.replace(
            describe_source("wgi"), downloads=(Download(file=file, url=url, sha256=sha256),)
        )
        monkeypatch.setattr(module, "describe_source", lambda _: description)

    return describe


def test_a_file_is_fetched_and_checked(described, tmp_path: Path) -> None:
    """The file arrives whole, with its checksum and progress, and nothing beside it."""
    described()
    seen: list[tuple[str, int, int]] = []
    (fetched,) = fetch_source("wgi", tmp_path, progress=lambda *step: seen.append(step))

    assert fetched.path.read_bytes() == CONTENT
    assert seen[-1] == ("wgi.csv", len(CONTENT), len(CONTENT))
    assert [fetched.path] == list(tmp_path.iterdir())


def test_a_file_that_is_there_is_not_fetched_again(described, publisher: Publisher, tmp_path: Path) -> None:
    """A file with the declared checksum is believed without a request."""
    described()
    (tmp_path / "wgi.csv").write_bytes(CONTENT)

    assert fetch_source("wgi", tmp_path)[0].already_there
    assert not publisher.requests


def test_a_broken_transfer_is_resumed(described, publisher: Publisher, tmp_path: Path) -> None:
    """After a break the next call asks only for the rest, and the file is right."""
    described()
    publisher.broken_after = 300_000
    with pytest.raises(SourceError, match="300,000 of"):
        fetch_source("wgi", tmp_path)
    assert not (tmp_path / "wgi.csv").exists()

    publisher.broken_after = None
    (fetched,) = fetch_source("wgi", tmp_path)
    assert fetched.resumed_at == 300_000
    assert publisher.requests[-1] == "bytes=300000-"
    assert fetched.path.read_bytes() == CONTENT


def test_a_file_that_changed_is_fetched_from_the_start(described, publisher: Publisher, tmp_path: Path) -> None:
    """When the publisher replaced the file in between, no old part is glued to the new one."""
    described(sha256="")
    publisher.broken_after = 1000
    with pytest.raises(SourceError):
        fetch_source("wgi", tmp_path)
    publisher.broken_after, publisher.content, publisher.tag = None, b"new" * 5000, '"v2"'
    (fetched,) = fetch_source("wgi", tmp_path)

    assert fetched.path.read_bytes() == b"new" * 5000
    assert fetched.resumed_at == 0


def test_a_part_longer_than_the_file_starts_again(described, publisher: Publisher, tmp_path: Path) -> None:
    """A part that the server cannot continue is dropped."""
    described()
    publisher.broken_after = 1000
    with pytest.raises(SourceError):
        fetch_source("wgi", tmp_path)
    publisher.broken_after = None
    (tmp_path / "wgi.csv.part").write_bytes(CONTENT + b"more")

    assert fetch_source("wgi", tmp_path)[0].path.read_bytes() == CONTENT


def test_a_wrong_checksum_keeps_nothing(described, tmp_path: Path) -> None:
    """A file with another checksum is an error that gives both, and is not left behind."""
    described(sha256="0" * 64)

    with pytest.raises(SourceError, match="declared is 0000"):
        fetch_source("wgi", tmp_path)
    assert not list(tmp_path.iterdir())


def test_refusals_name_the_address(described, tmp_path: Path) -> None:
    """A server that refuses, a file name that leaves the folder, and an unknown folder each say what is wrong."""
    described(path="/missing")
    with pytest.raises(SourceError, match="404"):
        fetch_source("wgi", tmp_path)
    described(file="../wgi.csv")
    with pytest.raises(SourceError, match="no safe download"):
        fetch_source("wgi", tmp_path)
    with pytest.raises(InputError, match="no folder"):
        fetch_source("wgi", tmp_path / "nowhere")


def test_a_source_without_address_says_where_to_look(tmp_path: Path) -> None:
    """Where the publisher asks for a form or a login, the message names the page and the files."""
    with pytest.raises(SourceError, match="page only"):
        fetch_source("cepii_distance", tmp_path)
    with pytest.raises(InputError, match="no source"):
        fetch_source("nobody", tmp_path)
