"""Connections to partners, kept open for the next call, and shared by all threads."""

from __future__ import annotations

import httpcore


class Pool(httpcore.ConnectionPool):
    """Closes no connection that a request has. httpcore's own does, where one thread finds it idle,
    another begins to use it, and the first then finds that something can be read from it: the
    answer to the other. Its request was sent, and seems to have failed.
    https://github.com/encode/httpcore/issues/1110"""

    def create_connection(self, origin: httpcore.Origin) -> httpcore.ConnectionInterface:
        return Held(self, super().create_connection(origin))

    def has_given(self, connection: httpcore.ConnectionInterface) -> bool:
        """It is given to a request under the lock under which the pool asks this."""
        return any(request.connection is connection for request in self._requests)


class Held(httpcore.ConnectionInterface):
    """A connection that is what it is to whoever has it, and busy to everybody else."""

    def __init__(self, pool: Pool, connection: httpcore.ConnectionInterface) -> None:
        self._pool, self._connection = pool, connection

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        return self._connection.handle_request(request)

    def can_handle_request(self, origin: httpcore.Origin) -> bool:
        return self._connection.can_handle_request(origin)

    def is_available(self) -> bool:
        return not self._pool.has_given(self) and self._connection.is_available()

    def has_expired(self) -> bool:
        return not self._pool.has_given(self) and self._connection.has_expired()

    def is_idle(self) -> bool:
        return not self._pool.has_given(self) and self._connection.is_idle()

    def is_closed(self) -> bool:
        return self._connection.is_closed()

    def info(self) -> str:
        return self._connection.info()

    def close(self) -> None:
        self._connection.close()
