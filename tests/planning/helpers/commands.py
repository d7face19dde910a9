"""Commands run in this process."""

import pytest

from legation.cli.run import run as command


def ask(capsys, *words):
    """Run a command; give its exit code and both streams."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        command([str(word) for word in words])
    printed = capsys.readouterr()
    return int(end.value.code or 0), printed.out, printed.err
