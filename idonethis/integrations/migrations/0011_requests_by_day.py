from django.db import migrations

# Whatever was stored before stays in the rows of the receipts, and is read there: nothing moves, and
# so this takes no longer the more there is. Each day has a key of its own, and the whole has none:
# pg_restore could not drop what is inherited. What is stored is compressed already.
MAKE = """
    CREATE TABLE integrations_request (
        receipt_id bigint NOT NULL,
        day date NOT NULL,
        request bytea NOT NULL
    ) PARTITION BY RANGE (day);
    CREATE TABLE integrations_request_rest PARTITION OF integrations_request DEFAULT;
    ALTER TABLE integrations_request ALTER COLUMN request SET STORAGE EXTERNAL;
    ALTER TABLE integrations_request_rest ADD PRIMARY KEY (receipt_id)
"""
# The way back writes every receipt that came since, with its request: stop the server, and have time.
TAKE_BACK = """
    UPDATE integrations_receipt SET request = apart.request FROM integrations_request AS apart
    WHERE id = receipt_id AND state <> 'emptied' AND integrations_receipt.request = ''::bytea;
    DROP TABLE integrations_request
"""


def make(apps, schema_editor):
    """SQLite keeps requests in the rows of their receipts."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(MAKE)


def take_back(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TAKE_BACK)


class Migration(migrations.Migration):
    dependencies = [("integrations", "0010_drafts_of_programs")]

    operations = [migrations.RunPython(make, take_back)]
