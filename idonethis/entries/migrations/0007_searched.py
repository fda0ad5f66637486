from django.db import migrations

from idonethis.entries.search import index


def ensure(apps, schema_editor):
    index.ensure()


def remove(apps, schema_editor):
    index.remove()


class Migration(migrations.Migration):

    dependencies = [
        ('entries', '0006_found_however_much_there_is'),
    ]

    operations = [
        migrations.RunPython(ensure, remove),
    ]
