"""Write docs/reference/desk-folder.md and docs/reference/desk.schema.json from the record types."""

from __future__ import annotations

from pathlib import Path

from legation.store.folder.reference import reference_page, schema_text

REFERENCE = Path(__file__).resolve().parents[1] / "docs" / "reference"


def main() -> None:
    """Write both files."""
    (REFERENCE / "desk-folder.md").write_text(reference_page(), encoding="utf-8")
    (REFERENCE / "desk.schema.json").write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
