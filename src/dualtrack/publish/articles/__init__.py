"""Annotated articles as a page, as Markdown and as JSON."""
