"""Charts of the brief and the workbench: one file each, a function from findings to a Chart."""
