from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integrations", "0009_what_has_gone")]

    operations = [
        migrations.AddField(
            model_name="suggestion",
            name="label",
            field=models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="suggestion",
            name="link",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="suggestions",
                to="integrations.integrationlink",
            ),
        ),
    ]
