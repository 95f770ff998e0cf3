"""Fireside (围炉): the whole life of a community of users, on your own server."""

__version__ = "0.1.0"
