from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connectors", "0001_initial")]

    operations = [
        migrations.AddField(model_name="upload", name="content", field=models.CharField(blank=True, default="", max_length=64)),
    ]
