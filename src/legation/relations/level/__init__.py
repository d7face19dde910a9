"""The relation level on the peace scale: a calibrated ordinal classifier, trained on tables the user holds."""
