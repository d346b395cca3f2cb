"""The workbench: pages over the record in the article's nouns, the same on a server and in a folder of files."""
