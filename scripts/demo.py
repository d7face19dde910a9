"""Set Legation up and run its main job on the example desk: python3 scripts/demo.py [DESK]."""

from __future__ import annotations

import sys

from house import ROOT, require_python, run, sync


def main() -> None:
    """Make an environment without development tools, then write the plan and the brief of a desk."""
    require_python()
    python = sync(".venv-demo", "--no-dev")
    desk = sys.argv[1] if len(sys.argv) > 1 else "examples/portugal"
    run(python, "-m", "legation", "brief", desk, "--out", ROOT / "out")


if __name__ == "__main__":
    main()
