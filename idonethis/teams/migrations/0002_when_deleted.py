
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('teams', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='team',
            name='when_deleted',
            field=models.CharField(choices=[('keep', 'what they logged stays, without their name'), ('go', 'what they logged goes with them')], default='keep', max_length=4, verbose_name='when somebody’s account is deleted'),
        ),
    ]
