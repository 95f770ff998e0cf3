import django.db.models.deletion
from django.db import migrations, models

import fireside.conversation.models

# The words stand in the table alone; FTS5 keeps only where each is found, and reads them there. Whatever empties the table empties the index by its trigger.
# A migration that alters this table on SQLite makes it anew, and must make its triggers anew too.
SQLITE = [
    """CREATE VIRTUAL TABLE conversation_sought_words USING fts5(
        words, content='conversation_sought', content_rowid='post_id', detail=none, columnsize=0, tokenize="unicode61 remove_diacritics 0")""",
    """CREATE TRIGGER conversation_sought_in AFTER INSERT ON conversation_sought BEGIN
        INSERT INTO conversation_sought_words(rowid, words) VALUES (new.post_id, new.words); END""",
    """CREATE TRIGGER conversation_sought_out AFTER DELETE ON conversation_sought BEGIN
        INSERT INTO conversation_sought_words(conversation_sought_words, rowid, words) VALUES ('delete', old.post_id, old.words); END""",
    """CREATE TRIGGER conversation_sought_changed AFTER UPDATE OF words ON conversation_sought WHEN old.words <> new.words BEGIN
        INSERT INTO conversation_sought_words(conversation_sought_words, rowid, words) VALUES ('delete', old.post_id, old.words);
        INSERT INTO conversation_sought_words(rowid, words) VALUES (new.post_id, new.words); END""",
]
POSTGRESQL = [
    "CREATE INDEX conversation_sought_words ON conversation_sought USING gin (words)",
    "ALTER TABLE conversation_sought ALTER COLUMN words SET STATISTICS 1000",  # how common a word is decides which way it is looked for
]


def make(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("in", "out", "changed"):
            schema_editor.execute(f"DROP TRIGGER conversation_sought_{name}", params=None)
        schema_editor.execute("DROP TABLE conversation_sought_words", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("conversation", "0008_tags"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sought",
            fields=[
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="conversation.post",
                    ),
                ),
                ("words", fireside.conversation.models.Tokens()),
            ],
        ),
        migrations.RunPython(make, unmake),
    ]
