"""One attempt at a step, from claim to commit."""

import logging

from registry.spec.component import ComponentSpec
from registry.store import StoreError
from runner.engine.messages import failure
from runner.engine.ranks import BadDistribution
from runner.environments import EnvironmentFailed, Interpreter, ensure
from runner.executors import identity, memory
from runner.executors.ahead import calls_ahead
from runner.executors.artifacts import gather_artifacts
from runner.executors.azure_variables import Of
from runner.executors.environment import cold_note, step_environment
from runner.executors.gpus import gpus
from runner.executors.held import Stop, held
from runner.executors.logs import LogWriter
from runner.executors.loops import run_loop
from runner.executors.outputs import BadOutput, are_large, keep_outputs
from runner.executors.processes import Call, CommandExecutor, LauncherGone
from runner.executors.staging import CannotStage, Stage, lay_out, tidy
from runner.executors.starting import start_of
from runner.executors.tracking import Tracker
from runner.executors.warm import warm_starts
from runner.models import Step
from runner.previews.client import helper
from runner.services.attempts import (
    Claim,
    LostLease,
    attempt_claim,
    attempt_complete,
    attempt_fail,
    attempt_finalizing,
    attempt_hand_back,
    attempt_progress,
    attempt_put_off,
    attempt_running,
    attempt_tell,
)
from runner.services.loops import metric_told
from runner.services.steadfast import CUT, steadfast
from runner.services.versions import code_of, spec_of, workspace_slug
from runner.slots import slots

HANDED_BACK = "The server stopped while this step ran; it starts again."
log = logging.getLogger("portline.worker")
executor = CommandExecutor(warm_starts.start)


class _Stopped(Exception):
    """The attempt was told to stop; its Stop says why."""


def run_attempt(step_id: int) -> None:
    """Claim a queued step and see it through; returns at once if there is nothing to claim."""
    if held.closing:
        return
    claim = attempt_claim(step_id, identity.name)
    try:
        while claim is not None:
            claim = _see_through(claim)
    finally:
        tidy()


def _see_through(claim: Claim) -> Claim | None:
    """Bring a claimed step to its end; answers the next one, where that was taken along with the end of this."""
    stop = held.add(claim.step.pk, claim.token)
    try:
        return run_loop(claim, stop) if claim.step.kind == Step.Kind.LOOP else _run(claim, stop)
    except LostLease as lost:
        log.warning("%s; what this worker did is dropped", lost)
        return None
    finally:
        held.remove(claim.step.pk)


def _run(claim: Claim, stop: Stop) -> Claim | None:
    writer = LogWriter(
        claim.attempt,
        on_progress=lambda progress: attempt_progress(claim, progress),
        on_metric=lambda name, value: _metric(claim, name, value),
    )
    stage: Stage | None = None
    interpreter: Interpreter | None = None
    try:
        interpreter = ensure(claim.step.environment, log=writer.note, stop=stop, idle=writer.idle)
        if interpreter is None:
            raise _Stopped
        spec, stage = _laid_out(claim)
        if spec.outputs:
            helper.warm()
        code, tracker = _execute(claim, spec, stage, interpreter, stop, writer)
        if code != 0:
            attempt_fail(claim, failure(code, writer.stderr_tail), code, writer.rest())
            return None
        made = []
        gather_artifacts(stage, tracker.logged)
        if stage.outputs:
            attempt_finalizing(claim)
            attempt_tell(claim, at_once=are_large(stage.outputs.values()))
            made = keep_outputs(spec, stage.outputs)
        return attempt_complete(claim, made, code, writer.rest(), another=not (held.closing or slots.closed))
    except _Stopped:
        _stopped(claim, stop, writer)
    except (EnvironmentFailed, CannotStage, BadDistribution, BadOutput) as error:
        writer.note(str(error))
        attempt_fail(claim, str(error), log=writer.rest())
    except (StoreError, LauncherGone) as error:
        writer.note(str(error))
        attempt_put_off(claim, str(error), writer.rest())
    except CUT as error:
        log.warning("%s: the database cannot be reached: %s", claim.step, error)
        attempt_put_off(claim, "The database could not be reached while this step ran. It is tried again.")
    except LostLease:
        raise
    except Exception as error:
        # A fault of Portline's or of the machine (a full disk): the step fails with it rather than hang.
        log.exception("%s could not be run", claim.step)
        attempt_fail(claim, f"Portline could not run this step: {error}", log=writer.rest())
    finally:
        if stage is not None:
            stage.remove()
        if interpreter is not None:
            interpreter.release()
    return None


@steadfast
def _laid_out(claim: Claim) -> tuple[ComponentSpec, Stage]:
    spec = spec_of(claim.step.component_version_id)
    return spec, lay_out(claim.step, spec, claim.attempt.number)


@steadfast
def _metric(claim: Claim, name: str, value: float) -> None:
    if claim.step.iteration_id is not None:
        metric_told(claim.step.iteration_id, name, value)


def _execute(
    claim: Claim, spec: ComponentSpec, stage: Stage, interpreter: Interpreter, stop: Stop, writer: LogWriter
) -> tuple[int, Tracker]:
    step, token = claim.step, claim.token.hex
    start = start_of(spec, step.launch, stage, interpreter)
    of = Of(claim.job, step.pk, workspace_slug(claim.workspace), claim.experiment)
    tracker = Tracker(claim, stage, start.shown, lambda name, value: _metric(claim, name, value))
    asked = step.resources.get("gpus", 0)
    with gpus.share(asked) as devices, memory.watch.over(token, step.resources.get("memory"), stop) as watched:
        env = step_environment(
            interpreter,
            of=of,
            token=token,
            root=stage.root,
            literals=stage.literals,
            inputs=stage.inputs,
            outputs={name: str(place) for name, place in stage.outputs.items()},
            extra=tracker.variables | step.launch.get("environment_variables", {}),
            cores=step.resources.get("cpu"),
            devices=devices,
        )
        warm = interpreter.warm and start.plain
        code = code_of(step.component_version_id)
        call = Call(start.argv, stage.code, env, token, step.timeout, warm, writer.note, stage.let_go, code)
        warm_starts.prepare(call, stop, calls_ahead(step, call, interpreter))
        if stop.reason:
            raise _Stopped
        attempt_running(claim, start.shown)
        for note in start.notes:
            writer.note(note)
        if note := cold_note(call, interpreter):
            writer.note(note)
        if len(devices) < asked:
            writer.note(f"The step may use {asked} GPUs, but its worker has only {len(devices)}.")
        try:
            exit_code = executor.run(call, stop, writer.feed, lambda: _meanwhile(claim, writer, tracker))
            if stop.reason:
                stop.why = _why(stop, step, watched)
                writer.note(stop.why)
        finally:
            claim.attempt.peak_memory = watched.peak
            writer.close()
            tracker.close()
    if stop.reason:
        raise _Stopped
    return exit_code, tracker


_WHY = {
    "cancel": "The step was cancelled.",
    "lost": "This worker lost the step to another.",
    "shutdown": HANDED_BACK,
}


def _why(stop: Stop, step: Step, watched: memory.Watched) -> str:
    if stop.reason == "memory":
        return watched.why
    if stop.reason == "timeout":
        return f"killed: took longer than its timeout of {step.timeout:g} s"
    return _WHY[stop.reason or "cancel"]


def _meanwhile(claim: Claim, writer: LogWriter, tracker: Tracker) -> float | None:
    """What is done while a step's process runs; answers in how many seconds something will be due again."""
    tidy()
    waits = (writer.idle(), attempt_tell(claim), tracker.idle())
    return min((wait for wait in waits if wait is not None), default=None)


def _stopped(claim: Claim, stop: Stop, writer: LogWriter) -> None:
    if stop.reason == "shutdown":
        writer.flush()
        attempt_hand_back(claim, HANDED_BACK)
    elif stop.reason in ("timeout", "memory"):
        attempt_fail(claim, stop.why, log=writer.rest())
    else:
        # Cancelled: the step's row says so, and `attempt_fail` ends it as that. Lost: this raises LostLease.
        attempt_fail(claim, "Cancelled.", log=writer.rest())
