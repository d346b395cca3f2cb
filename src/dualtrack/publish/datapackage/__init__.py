"""The whole record as a Data Package: tables, schemas, codebook and citations in one zip."""
