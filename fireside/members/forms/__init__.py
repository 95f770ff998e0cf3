"""The shape of what members enter."""
