from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('integrations', '0003_published_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='registeredhook',
            name='former_id',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='registeredhook',
            name='holds_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='registeredhook',
            name='renew_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='repair',
            name='kind',
            field=models.CharField(choices=[('made_again', 'was gone. It was made again.'), ('run_out', 'had run out. It was made again.'), ('switched_on', 'was switched off. It was switched on again.'), ('address', 'sent to another address. It sends here again.'), ('events', 'did not send what it should. Its events were put right.'), ('settings', 'had other settings than we gave it. They were put right.'), ('secret', 'signed with another secret than ours. It was given ours again.'), ('deliveries', 'had deliveries that did not reach us.')], max_length=12),
        ),
    ]
