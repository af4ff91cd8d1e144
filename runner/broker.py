"""Dramatiq as it is used here: it carries wake-ups, and nothing else.

Retries, time limits and results are rules of the engine, kept in rows; so none of Dramatiq's middleware for them is
installed. A message may be lost, repeated or late: `runner.services.recovery` re-sends, and a claim is a
compare-and-set, so the second message finds nothing to do.
"""

import threading
from collections.abc import Iterable
from typing import Any

import dramatiq
from django.conf import settings
from django.db import close_old_connections, connection
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import Middleware

from runner.outbox import Outbox
from runner.slots import Beginning

QUEUE = f"{settings.BROKER_PREFIX}.steps"
HEARTBEAT_SECONDS = 20
TIMEOUT_SECONDS = 10


class ConnectionClosing(Middleware):
    """Give a worker thread's database connection back after each message, so that a broken one is not kept.

    SQLite's cannot break and costs a while to open; it stays.
    """

    def after_process_message(self, *args: Any, **kwargs: Any) -> None:
        if connection.vendor != "sqlite":
            close_old_connections()


class _NoDeadLetters(list[Any]):
    """Where the in-process broker puts messages that failed: the database knows already, so nowhere."""

    def append(self, message: Any) -> None:
        pass


class LocalBroker(StubBroker):
    """Dramatiq's in-process broker, for a worker in the same process."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dead_letters_by_queue.default_factory = _NoDeadLetters


def make_broker(url: str) -> dramatiq.Broker:
    """The broker of a BROKER_URL. Raises ValueError for a scheme that is none of local, redis, rediss, amqp, amqps."""
    scheme = url.partition("://")[0]
    if scheme == "local":
        return LocalBroker(middleware=[ConnectionClosing()])
    if scheme in ("redis", "rediss"):
        return _redis(url)
    if scheme in ("amqp", "amqps"):
        return _rabbitmq(url)
    raise ValueError(f"BROKER_URL is {url!r}, but must begin with local://, redis:// or amqp://")


def _redis(url: str) -> dramatiq.Broker:
    import redis

    from runner.delivery import RedisBroker

    # Without these, a connection that was cut silently would be waited for for ever.
    timeouts = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
    client = redis.Redis.from_url(url, health_check_interval=HEARTBEAT_SECONDS, **timeouts)
    middleware = [ConnectionClosing(), Beginning(lambda message: outbox.put(message))]
    return RedisBroker(client=client, middleware=middleware, namespace=settings.BROKER_PREFIX)


def _rabbitmq(url: str) -> dramatiq.Broker:
    from runner.delivery import RabbitmqBroker

    middleware = [ConnectionClosing(), Beginning(lambda message: outbox.put(message))]
    made = RabbitmqBroker(url=url, middleware=middleware, confirm_delivery=True)
    for parameters in made.parameters if isinstance(made.parameters, list) else [made.parameters]:
        # The same; and RabbitMQ makes publishers wait while its disk is full.
        parameters.heartbeat = parameters.heartbeat or HEARTBEAT_SECONDS
        parameters.blocked_connection_timeout = parameters.blocked_connection_timeout or TIMEOUT_SECONDS
    return made


broker = make_broker(settings.BROKER_URL)
dramatiq.set_broker(broker)
outbox = Outbox(broker)

_served: set[str] = set()
nudge = threading.Event()
"""Set when something was queued for later: this process's reconciler then looks when that is."""


def queue_of(compute_id: int | None) -> str:
    """The queue of a compute target; that of none is the default queue."""
    return QUEUE if compute_id is None else f"{QUEUE}.{compute_id}"


def worker_started(queues: Iterable[str] = (QUEUE,)) -> None:
    """From now on, messages of the in-process broker in these queues have a reader."""
    for queue in queues:
        broker.declare_queue(queue)
        _served.add(queue)


def worker_stopped() -> None:
    _served.clear()


def is_local() -> bool:
    """Whether messages stay within this process."""
    return isinstance(broker, LocalBroker)


def reaches_workers() -> bool:
    """Whether a message sent from this process can arrive. If not, a worker's reconciler finds the row."""
    return bool(_served) or not isinstance(broker, LocalBroker)


def send_steps(steps: Iterable[tuple[int, int | None]]) -> None:
    """Wake workers for steps: (id, id of its compute target). Call it only once the rows are committed."""
    from runner.actors import run_step

    for step_id, compute_id in steps:
        queue = queue_of(compute_id)
        message = run_step.message(step_id).copy(queue_name=queue)
        if not isinstance(broker, LocalBroker):
            outbox.put(message)
        elif queue in _served:
            broker.declare_queue(queue)
            broker.enqueue(message)
