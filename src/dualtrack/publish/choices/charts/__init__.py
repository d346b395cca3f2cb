"""Charts of a run: one file each, a function from what a run says to a Chart."""
