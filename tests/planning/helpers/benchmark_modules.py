"""Modules of the benchmarks, which are no part of the package."""

import importlib.util
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "benchmarks"


def benchmark(name):
    """Import a module of the benchmarks by its path, with those beside it in reach."""
    sys.path.insert(0, str(FOLDER))
    try:
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(FOLDER))
    return module
