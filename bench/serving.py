"""Everybody who takes hooks, as a server on the first core."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from bench.body import HOOK, SECRET, TOKEN
from bench.databases import Kept
from bench.processes import FIRST_CORE, Served, python, running, served
from tests.site import free_port

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; keepalive_requests 1000000000; client_body_temp_path {folder}/nginx-bodies;
    server {{ listen 127.0.0.1:{port}; location / {{ return 200; }} }}
}}
"""
WEBHOOK = {
    "id": TOKEN,
    "execute-command": "/bin/true",
    "trigger-rule": {
        "match": {
            "type": "payload-hmac-sha256",
            "secret": SECRET,
            "parameter": {"source": "header", "name": "X-Hub-Signature-256"},
        }
    },
}
#: How a process of each kind is started; a port follows. The only place that knows.
PARTS = {
    "all": ("idonethis", "up", "--port"),
    "ingest": ("bench.ours", "ingest"),
    "work": ("bench.ours", "work"),
}
Server = AbstractContextManager[Served]


def ours(
    kept: Kept, part: str = "all", *, core: str = FIRST_CORE, env: Mapping[str, str] | None = None
) -> Server:
    """``part``: ``all``, or ``ingest``, which takes hooks and reads none."""
    port = free_port()
    command = python(*PARTS[part], port)
    return served(command, HOOK, port=port, env={**kept.env, **(env or {})}, core=core)


def worker(kept: Kept, core: str = FIRST_CORE) -> AbstractContextManager[object]:
    """What reads hooks."""
    return running(python(*PARTS["work"], free_port()), kept.env, core=core)


def plain_view(folder: Path, env: Mapping[str, str]) -> Server:
    """``env`` may name a PostgreSQL database; else it has a file of SQLite's."""
    port = free_port()
    words = ("-k", "gthread", "--threads", 4, "--log-level", "error", "-b", f"127.0.0.1:{port}")
    command = python("gunicorn", *words, "bench.others.plain_view:application")
    file = {"BENCH_DATABASE": str(folder / f"plain-{port}.sqlite3")}
    return served(command, f"/hook/{TOKEN}", port=port, env={**file, **env})


def bare_asgi() -> Server:
    port = free_port()
    words = ("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "error")
    command = python("uvicorn", "bench.others.bare_asgi:app", *words, "--port", port)
    return served(command, HOOK, port=port, env={})


def nginx(folder: Path) -> Server:
    port, conf = free_port(), folder / "nginx.conf"
    conf.write_text(NGINX.format(folder=folder, port=port))
    return served(["nginx", "-p", str(folder), "-c", str(conf)], HOOK, port=port, env=SBIN)


def webhook(folder: Path) -> Server:
    """Debian's, which runs a command and stores nothing. https://github.com/adnanh/webhook"""
    port, hooks = free_port(), folder / "hooks.json"
    hooks.write_text(json.dumps([WEBHOOK]))
    command = ["webhook", "-hooks", str(hooks), "-ip", "127.0.0.1", "-port", str(port)]
    return served(command, f"/hooks/{TOKEN}", port=port, env={})


#: Where Debian has nginx, which not everybody has in their path.
SBIN = {"PATH": "/usr/sbin:/usr/bin:/bin:/usr/local/bin"}
