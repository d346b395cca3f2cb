"""Instruments as code: rules with dated thresholds, evaluated over the record in three values and intervals."""
