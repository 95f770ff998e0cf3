"""Imported once by the process that racers are forked from: the house is read, and no connection is open."""

import django

django.setup()

import pytest  # noqa: E402, F401  what a racer does may stand in the file of its test

import fireside.urls  # noqa: E402, F401
