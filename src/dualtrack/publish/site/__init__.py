"""The static site: a page per finding, row, source and table, with its data beside it."""
