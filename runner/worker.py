"""A worker: Dramatiq's threads that run steps, a heartbeat that keeps what they hold, and a reconciler."""

import logging
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Sequence

import dramatiq
from django.conf import settings
from django.db import DatabaseError, close_old_connections
from dramatiq import Worker as DramatiqWorker

import runner.actors  # noqa: F401  (declares the actor)
from registry.models import ComputeTarget
from runner import broker
from runner.executors import identity
from runner.executors.held import held
from runner.executors.processes import launcher
from runner.executors.staging import sweep
from runner.executors.warm import warm_starts
from runner.presence import Presence
from runner.previews.client import helper
from runner.services import clock
from runner.services.attempts import leases_renew
from runner.services.recovery import is_gone, leases_reap, next_delay, queue_wake, recover, worker_name
from runner.services.reuse import waiting_release_overdue
from runner.services.schedules import schedules_fire, schedules_look_again
from runner.services.waiting import waiting_tell
from runner.slots import slots

BEAT_SECONDS = 2.0
STOP_SECONDS = 30
"""How long Dramatiq's threads may take to end once their steps were told to."""
log = logging.getLogger("portline.worker")


class Worker:
    """What `up` and `worker` run. One per process. It serves the queues of `targets`, and the default one or not."""

    def __init__(self, slots: int, targets: Sequence[ComputeTarget] = (), default_queue: bool = True) -> None:
        self.slots, self.targets, self.default_queue = slots, targets, default_queue
        self.queues = {broker.queue_of(target.pk) for target in targets}
        if default_queue:
            self.queues.add(broker.QUEUE)
        self._stopping = threading.Event()
        self._hurry = threading.Event()
        self._looked_at = time.time()
        self._threads = [
            threading.Thread(target=self._loop, args=(self._beat, self._stopping), name="heartbeat", daemon=True),
            threading.Thread(target=self._loop, args=(self._reconcile, broker.nudge), name="reconciler", daemon=True),
        ]
        # An idle thread looks whether it shall stop this often; messages wake it at once.
        self._dramatiq = DramatiqWorker(broker.broker, queues=self.queues, worker_threads=slots, worker_timeout=100)
        # As many messages as there are threads: what waits is left to workers elsewhere.
        self._dramatiq.queue_prefetch = slots

    def start(self) -> None:
        """Take back what this machine's last worker left, and begin."""
        identity.name, identity.slots = worker_name(uuid.uuid4().hex[:8]), self.slots
        self._presence = Presence(identity.name, self.slots, self.targets, self.default_queue)
        self._presence.enter()
        clock.look()
        held.open()
        slots.open(self.slots)
        broker.worker_started(self.queues)
        sweep(lambda name: name != identity.name and is_gone(name))
        taken = recover(identity.name)
        schedules_look_again()
        if taken:
            log.info("%d steps were in flight when the last worker ended; they start again", taken)
        dramatiq.set_broker(broker.broker)
        # Dramatiq leaves a hook of each worker behind; the broker is to forget this one when it stops.
        self._middleware = list(broker.broker.middleware)
        broker.broker.emit_after("process_boot")
        self._dramatiq.start()
        for thread in self._threads:
            thread.start()
        close_old_connections()  # this thread's: it may not need one again for days

    def stop(self, wait: float = 0) -> None:
        """Take nothing more, give the steps in flight `wait` seconds to end, hand back those that did not, and return
        once nothing runs here any more.
        """
        slots.close()
        self._tell(self._presence.stopping)
        self._wait_for_steps(wait)
        log.info("steps that go back to the queue: %d", len(held.tokens()))
        held.close()
        self._stop_dramatiq()
        broker.broker.middleware = self._middleware
        self._stopping.set()
        broker.nudge.set()
        for thread in self._threads:
            thread.join(timeout=5)
        self._tell(self._presence.leave)
        warm_starts.stop()
        launcher.stop()
        helper.stop()
        broker.worker_stopped()
        if not broker.outbox.flush():
            log.warning("the broker cannot be reached; the steps that were handed back start within a minute")

    def hurry(self) -> None:
        """Have `stop` hand back what runs without waiting any longer."""
        self._hurry.set()

    def _stop_dramatiq(self) -> None:
        """Dramatiq waits without end for a broker that does not answer; here it is left behind, and said where it is.

        Its threads end with the process. What they hold, the database gives to others.
        """
        stopping = threading.Thread(target=self._dramatiq.stop, args=(STOP_SECONDS * 1000,), name="stop", daemon=True)
        stopping.start()
        stopping.join(STOP_SECONDS)
        if stopping.is_alive():
            frames = sys._current_frames()
            for thread in (stopping, *self._dramatiq.workers, *self._dramatiq.consumers.values()):
                if thread.is_alive() and thread.ident in frames:
                    where = "".join(traceback.format_stack(frames[thread.ident]))
                    log.warning("%s did not end within %d seconds; it is here:\n%s", thread.name, STOP_SECONDS, where)

    def _wait_for_steps(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        if held.tokens() and seconds:
            limit = "" if seconds == float("inf") else f", within {seconds:g} seconds"
            log.info("steps that may end first%s: %d; stop again to hand them back now", limit, len(held.tokens()))
        while held.tokens() and time.monotonic() < end and not self._hurry.wait(0.1):
            pass

    def _tell(self, tell: Callable[[], None]) -> None:
        """What others would see by themselves after a while."""
        try:
            tell()
        except DatabaseError as error:
            log.warning("the database could not be told that this worker stops: %s", error)
        finally:
            close_old_connections()

    def _loop(self, work: Callable[[], float], wakes: threading.Event) -> None:
        while not self._stopping.is_set():
            wait = BEAT_SECONDS
            try:
                wait = work()
            except DatabaseError as error:
                log.warning("%s: %s; tried again", threading.current_thread().name, error)
            except Exception:
                log.exception("%s failed; tried again", threading.current_thread().name)
            finally:
                close_old_connections()
            wakes.wait(wait)

    def _beat(self) -> float:
        clock.look()
        lost, cancelled = leases_renew(held.tokens())
        held.stop(lost, "lost")
        held.stop(cancelled, "cancel")
        self._presence.beat()
        return BEAT_SECONDS

    def _reconcile(self) -> float:
        broker.nudge.clear()
        # After the machine slept, every lease looks old: whoever is alive is given time to beat first.
        passed = time.time() - self._looked_at
        slept = passed > settings.STEP_LEASE_SECONDS / 2
        self._looked_at = time.time()
        if not slept:
            clock.look()
            leases_reap(held.tokens().values())
        waiting_release_overdue()
        queue_wake()
        waiting_tell()
        if passed < -1:  # the clock was put back
            schedules_look_again()
        schedules_fire()
        return max(0.01, next_delay())
