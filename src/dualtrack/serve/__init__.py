"""The workbench's server: the pages of the site with forms that are answered, and the record as an API.

The only folder that imports ``fastapi`` and ``uvicorn``.
"""
