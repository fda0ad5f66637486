from __future__ import annotations

import pytest

from faults.broker import RabbitMQ


@pytest.fixture(scope="session")
def rabbitmq():
    if not RabbitMQ.is_installed():
        pytest.skip("RabbitMQ is not installed here.")
    broker = RabbitMQ()
    try:
        broker.start()
        yield broker
    finally:
        broker.stop()
