"""Verification targets: figures known in closed form or solved by other means, and what the solvers here get."""
