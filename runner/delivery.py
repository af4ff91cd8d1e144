"""Dramatiq's brokers, with consumers that leave messages where they are while this worker's threads are busy.

RabbitMQ closes a channel whose message stays unacknowledged for 30 minutes. So it is told of the receipt when a thread
begins: from then on the database knows who holds the step.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pika.exceptions
import redis
from dramatiq import Message, MessageProxy
from dramatiq.brokers.rabbitmq import RabbitmqBroker as _RabbitmqBroker
from dramatiq.brokers.rabbitmq import _RabbitmqConsumer
from dramatiq.brokers.redis import RedisBroker as _RedisBroker
from dramatiq.brokers.redis import _RedisConsumer
from dramatiq.errors import ConnectionClosed

from runner.slots import slots

PATIENCE_SECONDS = 0.2
"""How long a busy worker keeps what was sent to it already, for a thread that may be free in a moment."""


class RabbitmqBroker(_RabbitmqBroker):
    @property
    def consumer_class(self) -> type["RabbitmqConsumer"]:
        return RabbitmqConsumer


class _Received(MessageProxy):
    """A message from RabbitMQ, with what acknowledges it on the connection that it came by."""

    def __init__(self, message: MessageProxy, receipt: Callable[[], None]) -> None:
        super().__init__(message._message)
        self.receipt = receipt


class RabbitmqConsumer(_RabbitmqConsumer):
    """Leaves messages in the queue while this worker's threads are busy."""

    def __init__(self, broker: _RabbitmqBroker, queue_name: str, prefetch: int, timeout: int) -> None:
        super().__init__(broker, queue_name, prefetch, timeout)
        self._timeout = timeout / 1000
        self._listening = True
        self._full_since: float | None = None
        # Ends the waiting of `_rest`.
        self._wake = partial(self.connection.add_callback_threadsafe, lambda: None)
        slots.listen(self._wake)

    def __next__(self) -> MessageProxy | None:
        try:
            if slots.full:
                self._rest()
                return None
            self._full_since = None
            if not self._listening:
                self.iterator = self.channel.consume(self.queue_name, inactivity_timeout=self._timeout)
                self._listening = True
            message = super().__next__()
            if message is None:
                return None
            tag = message._tag
            self.known_tags.discard(tag)
            if slots.take(found := _Received(message, partial(self._receipt, tag))):
                return found
            self.channel.basic_reject(tag, requeue=True)
            return None
        except (pika.exceptions.AMQPConnectionError, pika.exceptions.AMQPChannelError) as error:
            raise ConnectionClosed(error) from None

    def _rest(self) -> None:
        """Wait for a free thread; soon without keeping what others could do."""
        now = time.monotonic()
        self._full_since = self._full_since or now
        if self._listening and (slots.closed or now - self._full_since >= PATIENCE_SECONDS):
            self._listening = False
            self.channel.cancel()
        self.connection.process_data_events(time_limit=self._timeout)
        if not self.channel.is_open:
            raise pika.exceptions.ChannelClosed(0, "by RabbitMQ")

    def _receipt(self, tag: int) -> None:
        """Acknowledge a message, from any thread. Where the connection broke, it is sent again, which is harmless."""
        with contextlib.suppress(pika.exceptions.AMQPError):
            self.connection.add_callback_threadsafe(partial(self.channel.basic_ack, tag))

    def ack(self, message: MessageProxy) -> None:
        """Nothing: it was acknowledged when a thread began with it."""

    def nack(self, message: MessageProxy) -> None:
        """One of an actor that this version does not know. The database has the step, so nothing is kept."""
        if isinstance(message, _Received):
            message.receipt()

    def close(self) -> None:
        slots.forget(self._wake)
        super().close()


class RedisBroker(_RedisBroker):
    @property
    def consumer_class(self) -> type["RedisConsumer"]:
        return RedisConsumer


class RedisConsumer(_RedisConsumer):
    """The same for Redis, where a message that is being worked on is kept until it is done, and nobody minds."""

    def __init__(self, broker: _RedisBroker, queue_name: str, prefetch: int, timeout: int) -> None:
        super().__init__(broker, queue_name, prefetch, timeout)
        self._freed = threading.Event()
        slots.listen(self._freed.set)

    def __next__(self) -> MessageProxy | None:
        try:
            if slots.full:
                self._return(Message.decode(data) for data in self.message_cache)
                self.message_cache = []
                self._freed.clear()
                if slots.full:
                    self._freed.wait(self.timeout / 1000)
                return None
            message = super().__next__()
            if message is not None and not slots.take(message):
                self._return([message])
                return None
            return message
        except redis.TimeoutError as error:
            raise ConnectionClosed(error) from None

    def _return(self, messages: Iterable[Any]) -> None:
        messages = list(messages)
        self.requeue(messages)
        self.queued_message_ids -= {message.message_id for message in messages}

    def ack(self, message: MessageProxy) -> None:
        try:
            super().ack(message)
        except redis.TimeoutError as error:
            raise ConnectionClosed(error) from None

    def close(self) -> None:
        slots.forget(self._freed.set)
        super().close()
