"""The relation level on the peace scale: a calibrated ordinal classifier, trained on tables the user holds."""

from __future__ import annotations

from importlib import import_module

__all__ = [
    "Coded",
    "EvidenceTable",
    "Figures",
    "LevelModel",
    "ModelCard",
    "SourceTables",
    "build_evidence",
    "case_of",
    "evaluate",
    "load_model",
    "predict_pairs",
    "save_model",
    "tables_of_folder",
    "tables_of_world",
    "train_levels",
    "with_evaluation",
]

_HOMES = {
    "Coded": "training",
    "EvidenceTable": "evidence",
    "Figures": "model",
    "LevelModel": "model",
    "ModelCard": "model",
    "SourceTables": "tables",
    "build_evidence": "evidence",
    "case_of": "evaluation",
    "evaluate": "evaluation",
    "load_model": "storage",
    "predict_pairs": "run",
    "save_model": "storage",
    "tables_of_folder": "tables",
    "tables_of_world": "tables",
    "train_levels": "training",
    "with_evaluation": "evaluation",
}


def __getattr__(name: str) -> object:
    """Import what is asked for only then: training brings in heavy libraries."""
    if name in _HOMES:
        return getattr(import_module(f"legation.relations.level.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
