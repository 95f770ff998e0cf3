"""People whom a list told of without a day stood as joined on the day of the import: since the version before, nobody knows when.

Such a row was given the very instant at which its run began or went on, to the microsecond; of a run we know the first (`started_at`)
and the last one (`ended_at`). A date of the list cannot be that: the file was written before.
"""

from typing import Any

from django.db import migrations

AT_ONCE = 500


def mark(apps: Any, editor: Any) -> None:
    runs, identities = apps.get_model("connectors", "ImportRun"), apps.get_model("members", "Identity")
    for source, *began in runs.objects.filter(importer="members").values_list("source", "started_at", "ended_at"):
        rows = identities.objects.filter(source=source, first_seen_at__in=[one for one in began if one])
        last = 0
        while some := list(rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
            for one in some:
                one.data = one.data | {"undated": True}
            identities.objects.bulk_update(some, ["data"])
            last = some[-1].pk


class Migration(migrations.Migration):
    dependencies = [("connectors", "0003_renamed"), ("members", "0001_initial")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
