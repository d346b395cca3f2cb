"""Articles: their sentences, the claims these match, what the record says of them."""
