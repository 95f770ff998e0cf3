from django.conf import settings
from django.db import migrations, models
from django.db.models import Exists, OuterRef


def mark(apps, _editor):
    """Who was put out is told from who left, by the log. Who came in anew is gone no more; whom a merge brought back is out again."""
    gone, belongings = apps.get_model("spaces", "Gone").objects, apps.get_model("spaces", "Belonging").objects
    here = {"space": OuterRef("space"), "member__person": OuterRef("member__person")}
    gone.filter(Exists(belongings.filter(**here, imported=False, since__gte=OuterRef("at")))).delete()
    if not gone.exists():
        return
    lines = apps.get_model("activity", "Activity").objects.filter(kind="spaces.put_out")
    told = set(lines.values_list("space_id", "at"))
    accounts = gone.exclude(member__imported_from__gt="", member__email__isnull=True)
    for pk, *where in list(accounts.values_list("id", "space_id", "at")):
        if tuple(where) in told:
            gone.filter(pk=pk).update(put_out=True)
    belongings.filter(Exists(gone.filter(**here)), imported=True).update(stays_out=True)


class Migration(migrations.Migration):

    dependencies = [
        ('spaces', '0004_gone'),
        ('activity', '0003_letter_let_go'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='belonging',
            name='stays_out',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='gone',
            name='put_out',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
