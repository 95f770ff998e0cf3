from fireside.connectors.jobs.zulip import import_zulip

__all__ = ["import_zulip"]
