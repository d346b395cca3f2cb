"""Findings and tables as pages and files."""
