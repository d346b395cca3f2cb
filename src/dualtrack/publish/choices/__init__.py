"""Runs of the model as pages and files."""
