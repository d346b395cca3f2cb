"""Tracks of aircraft and ships: read as they come, kept by the hour, searched for close encounters."""
