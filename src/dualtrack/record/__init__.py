"""The record: tables of facts, each figure with its sources, seen as of a date."""
