"""Run the command line with ``python -m legation``."""

from legation.cli import main

if __name__ == "__main__":
    main()
