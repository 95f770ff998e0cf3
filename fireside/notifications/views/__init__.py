"""The web door of notices and of how one is told."""
