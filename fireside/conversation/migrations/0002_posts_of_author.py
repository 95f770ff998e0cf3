from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversation", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="post", name="posts_of_author"),
        migrations.AddIndex(model_name="post", index=models.Index(fields=["author", "-at", "-id"], name="posts_of_author")),
    ]
