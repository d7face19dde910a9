"""Keep diplomatic missions and military objectives in step."""

__version__ = "0.1.0"
