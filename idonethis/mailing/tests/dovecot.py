"""A real IMAP server of a test's own, in a folder of its own: Debian's dovecot-imapd."""

from __future__ import annotations

import imaplib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from idonethis.mailing.tests.conftest import free_port

PROGRAM = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")
#: As whom it keeps mails: it refuses to do so as root.
NOBODY = 65534
USER, PASSWORD = "log", "a-secret/of:ours"
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
imap_capability = {capability}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={uid} home={folder}/mail
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


class Imap:
    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def url(self) -> str:
        return f"imap://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/INBOX"

    @contextmanager
    def spoken_to(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=10) as client:
            client.login(USER, PASSWORD)
            yield client

    def put(self, message: bytes, folder: str = "INBOX") -> None:
        with self.spoken_to() as client:
            assert client.append(folder, "", "", message)[0] == "OK"

    def count(self, folder: str = "INBOX") -> int:
        with self.spoken_to() as client:
            said, [found] = client.select(f'"{folder}"', readonly=True)
            return int(found) if said == "OK" else 0


@contextmanager
def running(capability: str = "+") -> Iterator[Imap]:
    folder, port = Path(tempfile.mkdtemp(prefix="dovecot-")), free_port()
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    os.chown(folder / "mail", NOBODY, NOBODY)
    config = folder / "dovecot.conf"
    facts = {"folder": folder, "port": port, "uid": NOBODY, "password": PASSWORD}
    config.write_text(CONFIG.format(**facts, capability=capability))
    process = subprocess.Popen([PROGRAM, "-F", "-c", config], stderr=subprocess.DEVNULL)
    try:
        _wait(port, folder)
        yield Imap(port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(port: int, folder: Path) -> None:
    for _ in range(100):
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=5).shutdown()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError((folder / "log").read_text())
