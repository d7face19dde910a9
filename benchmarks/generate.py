"""Write a generated desk as a folder.

    python benchmarks/generate.py FOLDER [--missions 100] [--months 24] [--positions 25] [--objectives 14]
                                  [--money 0.35] [--rules 1.0] [--details 0] [--spill-caps 0] [--seed 1]

The generator itself is public: `legation.planning.generate`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from legation.planning.generate import DeskShape, generate_desk
from legation.store.folder.writing import write_folder


def main() -> None:
    """Read the options, make the desk, write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for name in ("missions", "months", "positions", "objectives"):
        parser.add_argument(f"--{name}", type=int, default=getattr(DeskShape(), name))
    parser.add_argument("--spill-caps", type=int, default=DeskShape().spill_caps)
    for name in ("money", "rules", "details"):
        parser.add_argument(f"--{name}", type=float, default=getattr(DeskShape(), name))
    parser.add_argument("--seed", type=int, default=1)
    given = vars(parser.parse_args())
    folder, seed = given.pop("folder"), given.pop("seed")
    write_folder(generate_desk(DeskShape(**given), seed=seed), folder)
    print(f"Wrote a generated desk to {folder}.")


if __name__ == "__main__":
    main()
