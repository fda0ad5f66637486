"""Why a goal is missed, where it is: by what the name of its figure begins with. Said on the page
of performance only as long as it is so."""

from __future__ import annotations

_WORKER = """\
**Reading a hook is work of Python.** A batch of a hundred is looked up, stored and marked in some
thirty statements, and one alone takes twenty. Of the time for such a batch, SQLite has a fifth; a
third is Django's, which makes rows of what is new, and a fifth goes into unpacking the hooks and
understanding them."""
_BACKLOG = """\
**More hooks than can be read wait.** Where they come faster than the worker reads, all of them are
stored and acknowledged, and how long until the last is seen says how long the queue has grown, not
how long one takes. That is the line of the page, one hook at a time."""
_TURNS = """\
**A hook waits for the turn that is under way.** What comes is on the disk before it is
acknowledged, before it is read and before its entry is there, and a turn asks its twenty statements
for one hook, too. On SQLite, people who want to write meanwhile have the file after a long turn,
and the worker waits for them, up to a tenth of a second."""
_SHARED = """\
**One interpreter does everything.** In one process pages, worker and taking take turns on one core,
each up to five milliseconds at a time (`sys.getswitchinterval`). A process that only takes hooks
waits for nobody's pages."""
_QUEUE = """\
**All who send at once stand in one queue.** With so many senders that each wait for an answer, it
takes at least their number divided by the hooks a second; only fewer senders or more hooks a second
make it less."""
_COMMIT = """\
**What a commit of many saves is what a commit costs.** Beside it stay HTTP, the signature, and
compression, which are the same for everybody; on a disk that syncs fast they are most of it."""
_PAGE = """\
**A page asks for more than its list**: session, person, membership, the teams of the menu, what is
wrong with links. Each is found by its key, and none of them becomes more as the log grows; that is
what `tests/growth` holds the pages to."""
_GROWTH = """\
**Delivery ids come in no order**, so each finds its place among all of them, and what does not lie
in memory is read from the disk. Nothing is looked through: `tests/growth` holds work to that."""
_START = """\
**A start loads Django and its libraries first**, and that is most of it: what the integrations add
stands beside it in the table below."""
_SCALE = """\
**Here all processes, the database and what sends share the cores of one small machine.** A second
process of each kind has no core of its own there."""

WHY = {
    "processing.": _WORKER,
    "visible.at_2000.": _BACKLOG,
    "visible.at_200.": _TURNS,
    "latency.busy": _SHARED,
    "latency.at_": _QUEUE,
    "ingest.": _COMMIT,
    "postgres.": _COMMIT,
    "slow_disk.": _COMMIT,
    "pages.": _PAGE,
    "growth.": _GROWTH,
    "start.": _START,
    "memory.": _START,
    "scale.": _SCALE,
}
