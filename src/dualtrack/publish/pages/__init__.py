"""Pages that stand on their own: one file each, a function from the record to HTML."""
