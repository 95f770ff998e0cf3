from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connectors", "0002_upload_content")]

    operations = [
        migrations.CreateModel(
            name="Renamed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=200)),
                ("topic", models.CharField(blank=True, max_length=250)),
                ("at", models.DateTimeField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("source", "name"), name="renamed_once")]},
        ),
    ]
