"""What a worker takes from a real broker and when, and what becomes of messages while the broker is out of reach.

With Dramatiq's own worker and an actor of this test's, without rows.
"""

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import dramatiq
import pika
import pytest
import redis

from runner import broker as broker_module
from runner.broker import make_broker
from runner.outbox import Outbox
from runner.slots import slots
from tests.installation import BROKERS, forget_queues, needs, wait_for
from tests.proxy import Wire

pytestmark = pytest.mark.services


class World:
    """A broker behind a wire, a queue of this test's own, and an actor that works until it is told to end."""

    def __init__(self, url: str, settings: Any) -> None:
        settings.BROKER_PREFIX = f"test_{uuid.uuid4().hex[:12]}"
        self.queue = f"{settings.BROKER_PREFIX}.steps"
        self._prefix, self._url = settings.BROKER_PREFIX, url
        self.wire = Wire(url)
        self.broker = make_broker(self.wire.url)
        self.outbox = Outbox(self.broker)
        self.begun: list[int] = []
        self.end = threading.Event()
        self._workers: list[dramatiq.Worker] = []

        @dramatiq.actor(broker=self.broker, queue_name=self.queue, actor_name="work")
        def work(number: int) -> None:
            self.begun.append(number)
            self.end.wait(30)

        self._actor = work

    def send(self, number: int) -> None:
        self.outbox.put(self._actor.message(number))

    def worker(self, threads: int = 1) -> dramatiq.Worker:
        slots.open(threads)
        worker = dramatiq.Worker(self.broker, queues={self.queue}, worker_threads=threads, worker_timeout=100)
        worker.queue_prefetch = threads
        worker.start()
        self._workers.append(worker)
        return worker

    def waiting(self) -> int:
        """How many messages anybody could take."""
        if self._url.startswith("redis"):
            return redis.Redis.from_url(self._url).llen(f"{self._prefix}:{self.queue}")
        with pika.BlockingConnection(pika.URLParameters(self._url)) as connection:
            try:
                return connection.channel().queue_declare(self.queue, passive=True).method.message_count
            except pika.exceptions.ChannelClosedByBroker:
                return 0

    def close(self) -> None:
        self.end.set()
        slots.close()
        for worker in self._workers:
            worker.stop(timeout=5000)
        self.wire.close()
        forget_queues(self._url, self._prefix)


@pytest.fixture(params=sorted(BROKERS))
def world(request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    needs(request.param, BROKERS[request.param])
    monkeypatch.setattr("dramatiq.worker.CONSUMER_RESTART_DELAY_SECS", 0.2)
    made = World(BROKERS[request.param], settings)
    # What comes back is sent again by the process's own outbox.
    monkeypatch.setattr(broker_module, "outbox", made.outbox)
    yield made
    made.close()


def becomes(find: Callable[[], Any], value: Any) -> None:
    found: list[Any] = []

    def check() -> bool:
        found[:] = [find()]
        return found == [value]

    try:
        wait_for(check, 15)
    except AssertionError:
        assert found == [value]


def test_a_busy_worker_leaves_messages_to_others(world: World) -> None:
    world.worker(threads=1)
    for number in (1, 2, 3):
        world.send(number)
    becomes(lambda: len(world.begun), 1)
    becomes(world.waiting, 2)
    world.end.set()
    becomes(lambda: sorted(world.begun), [1, 2, 3])


def test_two_threads_begin_with_two(world: World) -> None:
    world.worker(threads=2)
    for number in (1, 2, 3):
        world.send(number)
    becomes(lambda: len(world.begun), 2)
    becomes(world.waiting, 1)


def test_rabbitmq_is_told_when_a_thread_begins(world: World) -> None:
    """It closes channels whose messages stay unacknowledged, and sends again what it was not told of."""
    if not world._url.startswith("amqp"):
        return  # Redis keeps no such watch
    worker = world.worker(threads=1)
    world.send(1)
    becomes(lambda: world.begun, [1])
    world.wire.cut()
    for consumer in worker.consumers.values():
        consumer.stop()
    for consumer in worker.consumers.values():
        consumer.join(10)
    assert world.waiting() == 0


def test_a_worker_that_stops_leaves_what_comes(world: World) -> None:
    world.worker(threads=1)
    world.send(1)
    becomes(lambda: world.begun, [1])
    world.end.set()
    slots.close()
    world.send(2)
    becomes(world.waiting, 1)
    assert world.begun == [1]


def test_what_is_begun_with_too_late_goes_back(world: World) -> None:
    """The moment between taking a message and stopping."""
    worker = world.worker(threads=1)
    worker.pause()  # its thread: the message is taken, not begun with
    world.send(1)
    for consumer in worker.consumers.values():
        consumer.resume()
    becomes(lambda: worker.work_queue.qsize(), 1)
    slots.close()
    worker.resume()
    becomes(world.waiting, 1)
    assert world.begun == []


def test_a_cut_connection_is_made_again(world: World) -> None:
    world.worker(threads=1)
    world.end.set()
    world.send(1)
    becomes(lambda: world.begun, [1])
    assert world.wire.cut() > 0
    world.send(2)
    becomes(lambda: sorted(set(world.begun)), [1, 2])


def test_messages_wait_for_a_broker_that_is_out_of_reach(world: World) -> None:
    world.worker(threads=1)
    world.end.set()
    world.wire.refuses = True
    world.wire.cut()
    for number in (1, 2):
        world.send(number)  # neither fails nor waits
    assert not world.outbox.flush(0.5)
    world.wire.refuses = False
    becomes(lambda: sorted(set(world.begun)), [1, 2])
    assert world.outbox.flush()


def test_an_unknown_actor_costs_no_slot(world: World) -> None:
    """A message of another version."""
    world.worker(threads=1)
    world.end.set()
    world.outbox.put(world._actor.message(0).copy(actor_name="of_another_version"))
    world.send(1)
    becomes(lambda: world.begun, [1])
