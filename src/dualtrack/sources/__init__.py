"""Files that analysts download, read as rows of the record: one module is one adapter."""
