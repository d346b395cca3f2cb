"""Claims: statements bound to findings with a comparator, judged under every reading that counts."""
