"""Questions to the record. One file is one analysis: a pure function of record, readings and parameters."""
