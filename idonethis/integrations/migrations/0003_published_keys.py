import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('integrations', '0002_thin_payloads_and_handshakes'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedKeys',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('integration_type', models.CharField(max_length=40, unique=True)),
                ('keys', models.JSONField(default=dict)),
                ('good_until', models.DateTimeField(default=django.utils.timezone.now)),
                ('renew_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('asked_at', models.DateTimeField(null=True)),
            ],
        ),
    ]
