"""Fetch a source's files from its publisher: resumed where it broke off, checked, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import msgspec

from legation.errors import InputError, SourceError
from legation.evidence.description import Download, describe_source

__all__ = ["Fetched", "fetch_source"]

_BLOCK = 1 << 20
_SECONDS = 60.0
_RANGE_NOT_SATISFIABLE = 416
_PARTIAL = 206

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A file that was fetched, or was there already with the right checksum."""

    path: Path
    url: str
    bytes: int
    sha256: str
    resumed_at: int
    already_there: bool


class _Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a part that was fetched: only the same version of the same address may be continued."""

    url: str
    version: str


def fetch_source(name: str, into: Path, *, progress: Progress | None = None) -> tuple[Fetched, ...]:
    """Fetch the files of a source from the addresses that its description gives.

    A transfer that breaks off leaves ``<file>.part``; the next call continues it where the server can say that the file
    is still the same one. A file takes its name only once it is whole and its checksum, if one is declared, is right.

    Parameters
    ----------
    name
        The source.
    into
        The folder that holds, or will hold, source files.
    progress
        Called with the file's name, the bytes there are and the bytes in all (0 where the server does not say).

    Raises
    ------
    InputError
        When there is no such source or folder.
    SourceError
        When the source declares no address, the server cannot be reached or refuses, the transfer ends early, or the
        checksum differs.
    """
    try:
        description = describe_source(name)
    except FileNotFoundError:
        raise InputError(f"There is no source {name!r}.", remedy="List them with `legation world sources`.") from None
    if not into.is_dir():
        raise InputError(f"There is no folder {into}.", remedy="Make it, or name another one.")
    if not description.downloads:
        raise SourceError(
            f"The publisher of source {name} gives its files out on a page only: {description.url}.",
            remedy=f"Fetch {' or '.join(description.all_files)} there and put it into {into}.",
        )
    return tuple(_fetch(one, into, progress) for one in description.downloads)


def _fetch(download: Download, into: Path, progress: Progress | None) -> Fetched:
    if Path(download.file).name != download.file or urlsplit(download.url).scheme not in {"http", "https"}:
        raise SourceError(f"{download.url} and the file name {download.file!r} are no safe download.")
    path = into / download.file
    if path.is_file() and download.sha256 and _hash(path) == download.sha256:
        size = path.stat().st_size
        return Fetched(
            path=path, url=download.url, bytes=size, sha256=download.sha256, resumed_at=0, already_there=True
        )
    part, mark = path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.part.json")
    resumed_at = _transfer(download, part, mark, progress)
    digest = _hash(part)
    if download.sha256 and digest != download.sha256:
        part.unlink()
        mark.unlink(missing_ok=True)
        raise SourceError(
            f"{download.url} gave a file with SHA-256 {digest}; declared is {download.sha256}. Nothing was kept.",
            remedy="The publisher may have changed the file: compare versions before you believe it.",
        )
    part.replace(path)
    mark.unlink(missing_ok=True)
    return Fetched(
        path=path,
        url=download.url,
        bytes=path.stat().st_size,
        sha256=digest,
        resumed_at=resumed_at,
        already_there=False,
    )


def _transfer(download: Download, part: Path, mark: Path, progress: Progress | None) -> int:
    """Bring the rest of a file into its part; return the byte at which the transfer continued."""
    version = _continued_version(download, part, mark)
    have = part.stat().st_size if version else 0
    request = Request(download.url, headers={"User-Agent": "legation"})  # noqa: S310 - the scheme is checked
    if have:
        request.add_header("Range", f"bytes={have}-")
        request.add_header("If-Range", version)
    try:
        with urlopen(request, timeout=_SECONDS) as response:  # noqa: S310 - the scheme is checked
            have = have if response.status == _PARTIAL else 0
            found = response.headers.get("ETag") or response.headers.get("Last-Modified") or ""
            mark.write_bytes(msgspec.json.encode(_Mark(url=download.url, version=found)))
            _write_blocks(response, part, have, download, progress)
    except HTTPError as error:
        if error.code == _RANGE_NOT_SATISFIABLE and have:
            part.unlink()
            return _transfer(download, part, mark, progress)
        raise _unreachable(download, f"the server answers {error.code} {error.reason}") from error
    except (URLError, HTTPException, OSError) as error:
        raise _unreachable(download, str(getattr(error, "reason", error))) from error
    return have


def _continued_version(download: Download, part: Path, mark: Path) -> str:
    """Return the version of the part that is there; empty when it must be fetched from the start."""
    if not part.is_file() or not mark.is_file():
        return ""
    try:
        known = msgspec.json.decode(mark.read_bytes(), type=_Mark)
    except msgspec.DecodeError:
        return ""
    weak = known.version.startswith("W/")  # a weak validator does not promise the same bytes
    return "" if known.url != download.url or weak else known.version


def _write_blocks(response: HTTPResponse, part: Path, have: int, download: Download, progress: Progress | None) -> None:
    length = response.headers.get("Content-Length")
    total = have + int(length) if length else 0
    with part.open("ab" if have else "wb") as stream:
        while block := response.read(_BLOCK):
            stream.write(block)
            have += len(block)
            if progress is not None:
                progress(download.file, have, total)
    if total and have != total:
        raise _unreachable(download, f"the transfer ended after {have:,} of {total:,} bytes")


def _unreachable(download: Download, reason: str) -> SourceError:
    return SourceError(
        f"{download.url} could not be fetched: {reason}.",
        remedy=f"Try again: it continues where it broke off. Or fetch {download.file} by hand and put it there.",
    )


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
