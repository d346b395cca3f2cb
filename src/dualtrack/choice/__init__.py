"""The model of the coupled system: an alliance that deters and talks, an adversary that looks ahead, a public."""
