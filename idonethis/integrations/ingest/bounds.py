"""What one sender, and all of them together, may ask of the way in. Whoever asks for more hears so,
and costs nobody else anything."""

from __future__ import annotations

from idonethis.integrations.values import Response

#: Of one request: its first line and its headers, in bytes; its address; and how many headers.
MOST_HEAD = 32 * 1024
MOST_TARGET = 8 * 1024
MOST_HEADERS = 100
#: How many requests for pages may wait behind one that is answered. Each costs more than what it
#: came in, and no browser has more than one.
MOST_PIPELINED = 100
#: The largest body of anything that is no hook, in bytes: a file that is imported is the largest.
MOST_FORM = 4 * 1024 * 1024
#: What is over a limit is read on and not kept, up to here: a sender still writing would not hear
#: us. In bytes.
MOST_DRAINED = 64 * 1024 * 1024
#: All hooks that wait for anything, and all bodies that are still arriving, in bytes. Beyond it
#: senders hear "later", never nothing. Apart from each other, so that who never finishes does not
#: stand in the way of who does.
MOST_HELD = 128 * 1024 * 1024
MOST_ARRIVING = 64 * 1024 * 1024

#: The longest the first line and the headers may take to arrive, and the whole request, in seconds
#: since its first byte.
HEAD_PATIENCE = 10.0
BODY_PATIENCE = 30.0
#: Seconds after which a connection is closed on which nothing is asked.
IDLE = 5.0
#: How long who is just sending may go on when the server stops, in seconds.
STOPPING = 5.0
#: How long after its last answer a connection stays half open, for a sender who still sends.
LINGER = 1.0
#: Seconds after which who does not read our answers is cut off.
UNREAD = 10.0
#: The longest a hook waits for its answer, in seconds, whatever the database does. Most partners
#: wait for ten, and then they would not hear that they may come again.
ANSWERED = 8.0

LATER = Response(503, b"Not stored. Send it again.", headers=(("retry-after", "5"),))
SLOW = Response(408, b"The request did not arrive in time. Nothing was stored.")
CROWDED = Response(
    503, b"Too many connections. Nothing was read. Come again.", headers=(("retry-after", "5"),)
)
PIPELINED = Response(
    503,
    b"Too many requests wait on this connection. This one was not read. Wait for answers first.",
    headers=(("retry-after", "1"),),
)
LONG_TARGET = Response(
    414, f"The address is longer than {MOST_TARGET:,} bytes. Nothing was read.".encode()
)
LARGE_HEAD = Response(
    431,
    f"More than {MOST_HEADERS} headers, or {MOST_HEAD:,} bytes of them. "
    "Nothing was stored.".encode(),
)
LARGE_FORM = Response(413, f"That is more than {MOST_FORM:,} bytes. Nothing was changed.".encode())
SLOW_FORM = Response(408, b"The request did not arrive in time. Nothing was changed.")
BROKEN = Response(400, b"That is no HTTP/1.1 that this server can read. Nothing was stored.")
OTHER_VERSION = Response(505, b"This server speaks HTTP/1.1. Nothing was read.")
FAULT = Response(500, b"Our own fault. Nothing was stored.")
ENCODED = Response(415, b"Send the body without Content-Encoding. Nothing was stored.")
