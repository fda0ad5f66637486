import django.db.models.deletion
import idonethis.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('teams', '0001_squashed_0002_when_deleted'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash_id', models.CharField(default=idonethis.ids.hash_id, editable=False, max_length=12, unique=True)),
                ('turn', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('last_read_at', models.DateTimeField(null=True)),
                ('membership', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='feed', to='teams.membership')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feeds', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('membership', None)), fields=('user',), name='one_feed_of_a_person')],
            },
        ),
    ]
