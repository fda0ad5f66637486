import django.utils.timezone
from django.db import migrations, models

from idonethis.audit import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor.connection)


def lift(apps, schema_editor):
    triggers.lift(schema_editor.connection)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('who', models.CharField(blank=True, max_length=12)),
                ('action', models.CharField(max_length=40)),
                ('team', models.CharField(blank=True, max_length=12)),
                ('thing', models.CharField(blank=True, max_length=40)),
                ('address', models.CharField(blank=True, max_length=45)),
                ('details', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['team', '-id'], name='changes_of_team'), models.Index(fields=['who', '-id'], name='changes_by_person'), models.Index(fields=['thing', '-id'], name='changes_to_thing')],
            },
        ),
        migrations.RunPython(install, lift),
    ]
