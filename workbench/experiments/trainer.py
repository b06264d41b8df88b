"""Meta-training as a generator of events. Plain Python: it knows no thread and no window."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from workbench.core.algorithm import Acted, Algorithm, MetaGradient, Scores, Weights
from workbench.core.curve import Curve
from workbench.core.errors import BadInput
from workbench.core.events import (
    ActedSoFar,
    CheckpointSaved,
    Evaluated,
    Event,
    Finished,
    Halt,
    Halted,
    Noticed,
    Preparing,
    Reason,
    StepDone,
)
from workbench.core.marked import marked
from workbench.core.registry import get
from workbench.core.seeds import derive, generator
from workbench.core.task import Split, TaskFamily
from workbench.experiments.changes import before_and_after
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.devices import CPU, device_of, moved_to
from workbench.experiments.divergence import diverged, is_finite
from workbench.experiments.evaluation import Interrupted, beside, watched
from workbench.experiments.foreign import with_data
from workbench.experiments.outer import OuterLoop
from workbench.experiments.rates import Moment, outer_rate
from workbench.experiments.recorder import Recorder
from workbench.experiments.scale.division import meta_gradient
from workbench.experiments.scale.group import ALONE, Group, PeerLost, agreed
from workbench.experiments.scale.refusal import refuse, refuse_draws
from workbench.experiments.scores import write_scores
from workbench.experiments.sentences import sentence
from workbench.experiments.session import Learner, build_algorithm, check_weights
from workbench.experiments.sinks import RunOnDisk, Sinks
from workbench.experiments.standing import Standing
from workbench.experiments.starting import Start
from workbench.experiments.store import Run
from workbench.experiments.tasks_seen.draws import described

log = logging.getLogger(__name__)

_FIRST_TIME = "The first run on a machine may compile kernels for half a minute"


class Training:
    """One run on a prepared task family: meta-train, evaluate on held-out tasks, keep checkpoints.

    ``events`` is consumed by one thread; ``request_stop`` and ``snapshot`` may be called from any.
    """

    def __init__(
        self,
        config: ExperimentConfig,
        family: TaskFamily,
        run: Run,
        *,
        resume: Checkpoint | None = None,
        start: Start | None = None,
        group: Group = ALONE,
    ) -> None:
        """``start`` gives a new run other weights to begin with than those that are drawn.

        ``group`` are the processes that train it together; see `experiments.scale`.
        """
        self.config = config
        self.device = device_of(config.training.device)
        """What computes it; raises `BadInput` where this machine has not what is asked for."""
        self.group = group
        self.run = run
        self._family = family
        self.resume, self.start = resume, start
        self._stop = threading.Event()
        self._recorder = Recorder(config, run, self.result)
        self.sinks = Sinks(RunOnDisk(run))
        """Where the events go beside whoever reads them; others are added before the first."""
        self._algorithm: Algorithm | None = None
        self._watched: Algorithm | None = None
        self._watching = threading.Lock()
        self._outer: OuterLoop | None = None
        self._iteration = 0
        self._seconds = 0.0
        self._acted = 0
        """Steps in environments, where items are met by acting."""
        self._standing = Standing()
        self._saved = (-1, -1)
        """Of what was saved last: its iteration, and that of its best weights."""
        self._settled = True
        """Whether iteration and weights belong together, and what is due at them has been done."""
        self._test: Curve | None = None

    def try_again(self) -> None:
        """After `Halted` because of the disk: write once more when asked for the next event."""
        self._recorder.try_again()

    def request_stop(self) -> None:
        """Ask for an orderly end: after the current step, with a checkpoint."""
        self._stop.set()

    def snapshot(self) -> Learner | None:
        """A copy of the newest meta-parameters; nothing before the first step is prepared.

        It is on the CPU, whatever trains. The training's own algorithm stays its own: whoever
        watches borrows another one.
        """
        newest = self.newest()
        if newest is None:
            return None
        with self._watching:
            if self._watched is None:
                self._watched = build_algorithm(self.config, self._family)
        iteration, weights = newest
        learner = Learner(self.config, self._watched, weights, iteration, "live", self.run.path)
        return learner.lent()

    def newest(self) -> tuple[int, Weights] | None:
        """The newest meta-parameters, on the CPU, and how many outer steps they have taken."""
        outer = self._outer
        return None if outer is None else (self._iteration, moved_to(CPU, outer.copy()))

    def save_elsewhere(self, folder: Path) -> None:
        """Let a run that waits go on in another directory; raises `BadInput` or `OSError`."""
        self.run.make_again(self.config, folder)

    @property
    def path(self) -> Path:
        """The directory of its run."""
        return self.run.path

    @property
    def family(self) -> TaskFamily:
        """What it draws its tasks from; prepared."""
        return self._family

    @property
    def metric(self) -> str:
        """The name of what the task family measures."""
        return self._family.spec.metric

    @property
    def goes_on_from(self) -> int | None:
        """The iteration of the checkpoint that it began with; nothing for a new one."""
        return None if self.resume is None else self.resume.iteration

    @property
    def strategy(self) -> str:
        """How the engine computes, in words; empty before the first step."""
        return "" if self._algorithm is None else self._algorithm.strategy

    def events(self) -> Iterator[Event]:
        """Run to the end. Always ends with exactly one `Finished`; every event goes to the sinks.

        Raises `BadInput`, before anything is written, when another process writes the run.
        """
        self.run.claim()
        if self.resume is not None:
            recorded = ExperimentConfig.from_json(self.resume.config)
            self.run.go_on_from(self.resume.iteration, before_and_after(recorded, self.config))
        try:
            for event in self._recorder.settled(self._guarded()):
                yield from self.sinks.told(event)
        finally:
            self.sinks.close()

    def result(self, last: Event) -> dict[str, Any]:
        """What the command line prints and ``result.json`` keeps."""
        finished = last if isinstance(last, Finished) else Finished(Reason.FAILED)
        measured = self._test or self._standing.best
        return {
            "run": str(self.run.path.resolve()),
            "config": self.config.to_json(),
            "iterations": self._iteration,
            "seconds": self._seconds,
            "metrics": None if measured is None else measured.to_json(),
            "best_iteration": self._standing.iteration,
            "data_fingerprint": self._family.fingerprint,
            "strategy": self.strategy,
            "reason": str(finished.reason),
            "error": finished.error,
        }

    def _guarded(self) -> Iterator[Event]:
        try:
            yield from self._life()
        except BadInput as error:
            log.exception("the run failed")
            yield Finished(Reason.FAILED, self._iteration, str(error), traceback.format_exc())
        except PeerLost as lost:
            yield from self._alone(lost)
        except Exception as error:
            log.exception("the run failed")
            told = sentence(error)
            yield Finished(Reason.FAILED, self._iteration, told, traceback.format_exc())

    def _alone(self, lost: PeerLost) -> Iterator[Event]:
        """Keep what the processes have come to together, for a training that goes on from it."""
        log.error("another process is lost", exc_info=lost)
        outer = self._outer
        if self._settled and outer is not None and self._saved[0] != self._iteration:
            yield from self._checkpoint(outer)
        kept = max(self._saved[0], self.goes_on_from or 0)
        said = f"{lost}; what stands after iteration {kept} is kept, to go on from with --resume"
        yield Finished(Reason.FAILED, self._iteration, said)

    def _life(self) -> Iterator[Event]:
        refuse(self.config, self.group.size)
        algorithm = self._algorithm = build_algorithm(self.config, self._family, self.device)
        try:
            refuse_draws(algorithm, self.group.size)
            if self.start is not None:
                yield Preparing(0, self.start.told)
            initial = algorithm.initial() if self.start is None else self.start.weights
            self._outer = OuterLoop(moved_to(self.device, initial), self.config.training)
            self._standing = Standing(self._outer.copy())
            if self.resume is not None:
                self._go_back_to(self.resume, self._outer)
            yield from self._meta_train(algorithm, self._outer)
        finally:
            algorithm.close()

    def _go_back_to(self, checkpoint: Checkpoint, outer: OuterLoop) -> None:
        older = get("algorithm", self.config.algorithm.name).build.older
        check_weights(checkpoint.weights, outer.weights, older)
        outer.restore(checkpoint.weights, checkpoint.optimizer)
        self._iteration, self._seconds = checkpoint.iteration, checkpoint.seconds
        self._acted = checkpoint.acted
        self._standing = Standing.of(checkpoint)

    def _meta_train(self, algorithm: Algorithm, outer: OuterLoop) -> Iterator[Event]:
        training = self.config.training
        yield Preparing(self._iteration, f"Engine: {self.strategy}. {_FIRST_TIME}")
        if self._standing.best is None and self._standing.iteration == self._iteration:
            yield from self._validate(algorithm, outer)
            if self.group.size > 1:  # so that a training that is started anew has where from
                yield from self._checkpoint(outer)
        trains = algorithm.trains and bool(outer.weights)  # a frozen network leaves some none
        if training.seconds and trains:
            self._gradient(algorithm, outer)  # compiles, so that the clock times training alone
        while trains and self._goes_on():
            step = self._step(algorithm, outer)
            yield step
            if not is_finite(step):
                yield from self._diverged(step, algorithm)
                return
            if self._iteration % training.eval_interval == 0:
                yield from self._validate(algorithm, outer)
            self._settled = True
            if self._iteration % training.checkpoint_interval == 0:
                yield from self._checkpoint(outer)
        if trains and self._standing.is_over(self._iteration, training):
            yield Noticed(self._iteration, _early(training.patience))
        yield from self._end(algorithm, outer)

    def _goes_on(self) -> bool:
        training = self.config.training
        self._seconds, stops = agreed(self.group, self._seconds, self._stop.is_set())
        if stops:
            self._stop.set()
        in_time = not training.seconds or self._seconds < training.seconds
        left = self._iteration < training.iterations and in_time
        over = self._standing.is_over(self._iteration, training)
        return left and not over and not stops  # asked for since then, it is agreed on next time

    def _step(self, algorithm: Algorithm, outer: OuterLoop) -> StepDone:
        began, index = time.perf_counter(), self._iteration
        training = self.config.training
        plateaus = self._standing.plateaus(index, training)
        rate = outer_rate(training, Moment(index, self._seconds, plateaus))
        found = self._gradient(algorithm, outer)
        self._settled = False
        norm = outer.step(found.gradients, rate, found.averages, found.evidence)
        self._iteration += 1
        self._seconds += time.perf_counter() - began
        return StepDone(
            iteration=self._iteration,
            seconds=self._seconds,
            support_loss=found.support_loss,
            query_loss=found.query_loss,
            query_metric=found.query_metric,
            gradient_norm=norm,
            outer_rate=rate,
            acted=self._acted_so_far(found.acted),
        )

    def _acted_so_far(self, acted: Acted | None) -> ActedSoFar | None:
        if acted is None:
            return None
        self._acted += acted.steps
        return ActedSoFar(self._acted, acted.metric_before)

    def _gradient(self, algorithm: Algorithm, outer: OuterLoop) -> MetaGradient:
        """Of the next meta-batch, which the number of steps already taken settles."""
        training, index = self.config.training, self._iteration
        draws = generator(training.seed, "train", index)
        episodes = beside(algorithm.draw(self._family, training.meta_batch, draws), outer.weights)
        seed = derive(training.seed, "dropout", index)
        return meta_gradient(self.group, algorithm, outer.weights, episodes, seed, index)

    def _validate(self, algorithm: Algorithm, outer: OuterLoop) -> Iterator[Event]:
        training = self.config.training
        measured = yield from self._measure(algorithm, outer.weights, "val", training.eval_tasks)
        if measured is None:
            return
        curve, scores = measured
        best = curve.better_than(self._standing.best, training.select_by)
        if best:
            self._standing = self._standing.with_best(
                curve, self._iteration, outer.copy(), training
            )
        yield Evaluated(self._iteration, curve, best, scores)

    def _end(self, algorithm: Algorithm, outer: OuterLoop) -> Iterator[Event]:
        """Keep everything first, then measure once on the test split, then finish."""
        training = self.config.training
        if self._iteration % training.eval_interval != 0:
            yield from self._validate(algorithm, outer)
        if self._saved != (self._iteration, self._standing.iteration):
            yield from self._checkpoint(outer)
        yield from self._test_best(algorithm)
        reason = Reason.STOPPED if self._stop.is_set() else Reason.COMPLETED
        yield Finished(reason, self._iteration)

    def _diverged(self, step: StepDone, algorithm: Algorithm) -> Iterator[Event]:
        """Wait for whoever reads; then measure the best weights, which are untouched, and end."""
        last = diverged(step, self.config)
        yield Halted(step.iteration, Halt.DIVERGED, last.error)
        yield from self._test_best(algorithm)
        yield last

    def _test_best(self, algorithm: Algorithm) -> Iterator[Event]:
        """Measure on the test split, once, unless asked to stop."""
        tasks, seed = self.config.training.test_tasks, self.config.training.seed
        weights = moved_to(self.device, self._standing.weights)
        measured = yield from self._measure(algorithm, weights, "test", tasks)
        if measured is None:
            return
        self._test, scores = measured
        drawn = described(self._family, split="test", tasks=tasks, seed=seed)
        more = {**drawn, "iteration": self._standing.iteration}
        if self.group.rank == 0:
            yield from self._recorder.insist(
                lambda: write_scores(self.run.path, measured[0], scores, seed, more=more, own=True)
            )
        yield Evaluated(self._standing.iteration, self._test, best=True)

    def _measure(
        self, algorithm: Algorithm, weights: Weights, split: Split, tasks: int
    ) -> Generator[Event, None, tuple[Curve, Scores] | None]:
        """The curve over a split with every task's scores; nothing when asked to stop meanwhile."""
        try:
            return (
                yield from watched(
                    algorithm,
                    self._family,
                    weights,
                    split,
                    tasks,
                    algorithm.test_steps,
                    self.config.training.seed,
                    self._stop.is_set,
                    self.group,
                )
            )
        except Interrupted:
            return None

    def _checkpoint(self, outer: OuterLoop) -> Iterator[Event]:
        state = Checkpoint(
            config=with_data(self.config, self._family).to_record(),
            iteration=self._iteration,
            seconds=self._seconds,
            weights=outer.copy(),
            best_weights=self._standing.weights,
            best=self._standing.best,
            best_iteration=self._standing.iteration,
            plateaus_before=self._standing.plateaus_before,
            acted=self._acted,
            optimizer=outer.state(),
            data_fingerprint=self._family.fingerprint,
        )
        path = yield from self._recorder.insist(lambda: self.run.save_checkpoint(state))
        self._saved = (self._iteration, self._standing.iteration)
        yield CheckpointSaved(self._iteration, path)


def _early(patience: int) -> str:
    return marked("Ended early: no better validation in the last {0}").format(patience)
