from django.db import migrations, models


def mark(apps, schema_editor):
    """What an archive had brought as HTML was HTML until its first edit here."""
    Edit = apps.get_model("conversation", "Edit")
    first = models.Subquery(Edit.objects.filter(post=models.OuterRef("post")).order_by("id").values("pk")[:1])
    tags = r"^\s*<(p|div|pre|blockquote|ul|ol|table|h[1-6]|hr|span|a|code|em|strong)(\s[^>]*)?>"
    rows = Edit.objects.filter(post__imported=True, pk=first, text_before__regex=tags)
    Edit.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(format_before="html")


class Migration(migrations.Migration):
    dependencies = [
        ("conversation", "0004_accepted_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="edit",
            name="format_before",
            field=models.CharField(choices=[("md", "Markdown"), ("html", "Html")], default="md", max_length=4),
        ),
        migrations.AddField(
            model_name="draft",
            name="seen_edits",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
