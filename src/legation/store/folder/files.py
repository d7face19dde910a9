"""Open a file from outside: regular files only, no links, bounded size."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from legation.errors import FormatError

__all__ = ["open_regular"]


@contextmanager
def open_regular(path: Path, *, limit: int) -> Iterator[BinaryIO]:
    """Open a regular file that is not a symbolic link and not larger than the limit in bytes.

    Raises
    ------
    FormatError
        When it is missing, a link, a pipe or device, unreadable or too large.
    """
    # Without O_NONBLOCK opening a pipe would wait for a writer for ever.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise FormatError(
            f"{path.name} cannot be opened: {error.strerror}.",
            remedy="Put a readable regular file there, not a link.",
        ) from error
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode):
            raise FormatError(f"{path.name} is not a regular file.", remedy="Replace it by a regular file.")
        if facts.st_size > limit:
            raise FormatError(
                f"{path.name} has {facts.st_size:,} bytes, and {limit:,} is the limit.",
                remedy="Split it: a kind's files may lie in a folder named after the kind.",
            )
        yield file
