"""What the log says of bringing history in."""

from django.utils.translation import gettext_lazy as _

from fireside.activity.kinds import Kind

BROUGHT_IN = Kind("connectors.brought_in", _("{actor} brought in {records} records from {source_name}"), counts=False)
ASKED_FOR_IMPORT = Kind("connectors.asked_for_import", _("{actor} had history brought in: {importer}"), counts=False)
