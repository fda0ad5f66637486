
import django.db.models.deletion
import django.utils.timezone
import idonethis.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('integrations', '0005_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='due', max_length=8)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('hash_id', models.CharField(default=idonethis.ids.hash_id, editable=False, max_length=12, unique=True)),
                ('sealed', models.TextField()),
                ('after', models.BigIntegerField(default=0)),
                ('until', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OutgoingHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('backup_made_at', models.DateTimeField()),
            ],
        ),
        migrations.AlterField(
            model_name='integrationlink',
            name='state',
            field=models.CharField(choices=[('active', 'Active'), ('paused', 'Paused'), ('needs_reconnect', 'Reconnect'), ('needs_permission', 'Needs permission'), ('target_gone', 'Target is gone'), ('storm_held', 'Storm held'), ('needs_secret', 'Needs its new secret'), ('removed', 'Removed')], default='active', max_length=16),
        ),
        migrations.CreateModel(
            name='Revocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='due', max_length=8)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('integration_user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='integrations.integrationuser')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
