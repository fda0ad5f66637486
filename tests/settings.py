"""The settings of the tests: a data folder of their own, quick passwords, plain static names."""

from __future__ import annotations

import os
import tempfile

if os.environ.get("IDONETHIS_TESTS") != os.environ.get("PYTEST_XDIST_WORKER", "one"):
    # Tests that run side by side share nothing; what one starts has the folder that it says.
    os.environ["IDONETHIS_TESTS"] = os.environ.get("PYTEST_XDIST_WORKER", "one")
    os.environ["IDONETHIS_DATA"] = tempfile.mkdtemp(prefix="idonethis-tests-")
os.environ.setdefault("BASE_URL", "http://testserver")
os.environ.setdefault("ALLOWED_ADDRESSES", "127.0.0.1")

from idonethis.settings import *  # noqa: F403
from idonethis.settings import DATA, DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
ACCOUNT_RATE_LIMITS = False
#: What the mail server in front of tests calls itself.
MAIL_TRUSTED = ["mx.example.org"]
#: What a process remembers of bursts would outlive the test; those of storms set a limit.
STORM_LIMIT = HOOK_RATE = 0
#: Pretend partners take what comes; those of paces say that theirs do not.
PACED = False
#: Nothing is collected for tests; WhiteNoise would warn that there is nothing to serve.
WHITENOISE_AUTOREFRESH = True

# In files, since several threads use them, as in the real process; without waiting for the disk.
for alias, database in DATABASES.items():
    # A thread's connection ends with what it was opened for, so that the database can be dropped.
    database["CONN_MAX_AGE"] = 0
    if "sqlite3" in database["ENGINE"]:
        database["TEST"] = {"NAME": DATA / f"test-{alias}.sqlite3"}
        options = database["OPTIONS"]
        options["init_command"] = options["init_command"].replace("=FULL", "=OFF")
