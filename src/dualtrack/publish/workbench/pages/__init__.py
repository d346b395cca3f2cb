"""Pages: one file each, found by name.

A module declares

* ``TITLE``, its name in the navigation, and ``ORDER``, its place there;
* ``CHARTS``, the ids of the charts it can draw: each can be fetched and embedded by its id;
* ``page(view) -> Page``, a pure function of the record and of what the query asks.

The page's address is the module's name; ``overview`` is the first page of the site.
"""
