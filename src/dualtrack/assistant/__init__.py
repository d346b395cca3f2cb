"""The record as tools of an assistant, over the Model Context Protocol: read-only, as of a day, with evidence.

``tools`` says what can be asked; ``server`` alone imports the SDK.
"""
