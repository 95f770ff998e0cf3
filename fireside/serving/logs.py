"""Logs: one JSON line for each thing that happened (or plain lines at a terminal), with the request's id, without secrets."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from fireside.serving.rules import is_secret, without_secrets

Line = MutableMapping[str, Any]


def _fields(_logger: Any, _method: str, line: Line) -> Line:
    """`log.info("…", extra={"fields": {…}})`: how code that only knows Python's logging adds fields."""
    record = line.get("_record")
    if record is not None:
        line.update(getattr(record, "fields", None) or {})
    return line


def _hide(_logger: Any, _method: str, line: Line) -> Line:
    for name in list(line):
        if is_secret(name):
            line[name] = "…"
    if isinstance(line.get("event"), str):
        line["event"] = without_secrets(line["event"])
    return line


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def formatter(style: str) -> logging.Formatter:
    """ "json", "plain", or "" for plain at a terminal and JSON everywhere else."""
    plain = style == "plain" or (not style and sys.stderr.isatty())
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer()]
        if plain
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[_fields, structlog.stdlib.ProcessorFormatter.remove_processors_meta, _hide, *last],
    )


def config(*, style: str, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything goes to standard error, once."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"house": {"()": "fireside.serving.logs.formatter", "style": style}},
        "handlers": {"house": {"class": "logging.StreamHandler", "formatter": "house"}},
        "root": {"handlers": ["house"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "propagate": True},
            "_granian": {"level": "WARNING"},
            "granian": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
