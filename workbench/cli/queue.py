"""``queue``: what waits to be trained, in its order; the window shows the same queue."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.cli import consent, queue_run, race, search_flags
from workbench.cli.arguments import add_config, add_json, read_config, whole
from workbench.cli.going_on import refuse_other_settings
from workbench.cli.queue_table import print_entries, rows_of
from workbench.cli.table import print_text
from workbench.cli.train import add_weights
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.experiments.labbook.finding import find_run
from workbench.experiments.queue.admission import admitted, more_of
from workbench.experiments.queue.folder import ExperimentQueue
from workbench.experiments.queue.work import MoreOfRun, NewRun, SearchOfMany, Work

Answer = tuple[dict[str, Any], int]
WHERE = ("up", "down", "first", "last")
_RACE_ALONE = ("seeds", "arithmetic", "split_by_seed")
_RACES = (
    marked("is one of a race's terms"),
    marked("Say with --algorithms who races, or leave it out"),
)
_NEW_ALONE = ("resume", "weights", "algorithms")
_SEARCHES = (
    marked("is one of a search's terms"),
    marked("Say with --search what is searched, or leave it out"),
)


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser(
        "queue",
        help="line experiments up, and work through them",
        description="Experiments that wait to be trained, one after the other. The window and the "
        "command line share one queue.",
    )
    inner = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    _add_add(inner, arguments)
    shown = inner.add_parser(
        "list", help="show the entries in their order", description="Show the entries in order."
    )
    _answered_by(shown, _list)
    moved = inner.add_parser(
        "move",
        help="give an entry another place",
        description="Give an entry that waits another place among those that wait.",
    )
    moved.add_argument("entry", metavar="ID", help="as `queue list` shows it")
    moved.add_argument("to", metavar="WHERE", help=f"{', '.join(WHERE)}, or a number from 1")
    _answered_by(moved, _move)
    removed = inner.add_parser(
        "remove",
        help="take entries out; their runs stay",
        description="Take entries out of the queue. Runs that they have made stay where they are.",
    )
    removed.add_argument("entries", metavar="ID", nargs="*", help="as `queue list` shows them")
    removed.add_argument("--ended", action="store_true", help="all that are done or have failed")
    _answered_by(removed, _remove)
    worked = inner.add_parser(
        "run",
        help="work through the queue",
        description="Train what waits, one after the other. What fails is told, and the next goes "
        "on. Ctrl-C keeps a checkpoint and puts the entry that runs back in first place.",
    )
    consent.add_trust(worked)
    _answered_by(worked, queue_run.run)


def _add_add(inner: Any, arguments: list[str]) -> None:
    parser = inner.add_parser(
        "add",
        help="line up a run, a run that is to go on, a race, or a search",
        description="Line up a run with the flags of `train`, a recorded run that is to go on "
        "(--resume), with --algorithms a race with the flags of `race`, or with --search a search "
        "with the flags of `sweep`; --seconds is then how long each turn of it lasts.",
        usage="%(prog)s [--preset NAME] [--SECTION.FIELD VALUE ...] [options]",
    )
    parser.add_argument("--first", action="store_true", help="in front of the others")
    parser.add_argument("--resume", type=Path, metavar="RUN", help="go on from its checkpoint")
    add_weights(parser)
    race.add_terms(parser, required=False)
    search_flags.add_plan(parser)
    consent.add_trust(parser)
    add_config(parser, arguments[1:] if arguments[:2] == ["queue", "add"] else [])
    _answered_by(parser, _add)


def _answered_by(parser: argparse.ArgumentParser, answer: Any) -> None:
    add_json(parser)
    parser.set_defaults(run=answer)


def _add(given: argparse.Namespace) -> Answer:
    work = _work(given)
    consent.ask(work.config)
    queue = ExperimentQueue()
    entry = queue.add(admitted(work), first=given.first)
    return _told(given, queue, [entry.id])


def _work(given: argparse.Namespace) -> Work:
    if given.search:
        _refuse(given, _NEW_ALONE, marked("has no part in a search"), marked("Leave it out"))
        _refuse(given, _RACE_ALONE, *_RACES)
        return SearchOfMany(search_flags.plan_of(given, read_config(given)))
    _refuse(given, search_flags.ALONE, *_SEARCHES)
    if given.algorithms is not None:
        why = marked("every contender of a race begins with weights that are drawn")
        _refuse(given, ("resume", "weights"), why, marked("Leave the flag out"))
        return race.asked_for(given)
    _refuse(given, _RACE_ALONE, *_RACES)
    race.spend_training_time(given)
    return _more(given) if given.resume else NewRun(read_config(given), given.weights)


def _refuse(given: argparse.Namespace, flags: Sequence[str], why: str, remedy: str) -> None:
    """Those that have no meaning beside the others."""
    for flag in flags:
        if vars(given)[flag]:
            raise BadInput(f"--{flag.replace('_', '-')}", why, remedy)


def _more(given: argparse.Namespace) -> MoreOfRun:
    if given.weights:
        raise BadInput(
            "--weights",
            marked("a run that goes on has weights of its own"),
            marked("Leave --weights out, or line up a new run"),
        )
    wanted = given.iterations or vars(given)["training.iterations"]
    iterations = None if wanted is None else whole(wanted, "--iterations", 1)
    work = more_of(find_run(given.resume), iterations)
    refuse_other_settings(given, work.config)
    return work


def _list(given: argparse.Namespace) -> Answer:
    return _told(given, ExperimentQueue(), None)


def _move(given: argparse.Namespace) -> Answer:
    queue = ExperimentQueue()
    named = queue.find(given.entry).id
    waiting = [one.id for one in queue.entries() if one.pending]
    queue.move(named, _place(given.to, waiting, named))
    return _told(given, queue, None)


def _place(to: str, waiting: Sequence[str], named: str) -> int:
    """From 0; one that does not wait stays where it is, and `move` says why."""
    if to not in WHERE:
        return whole(to, "WHERE", 1) - 1
    now = waiting.index(named) if named in waiting else 0
    return {"up": now - 1, "down": now + 1, "first": 0, "last": len(waiting)}[to]


def _remove(given: argparse.Namespace) -> Answer:
    queue = ExperimentQueue()
    ended = [one.id for one in queue.entries() if one.ended] if given.ended else []
    if not (given.entries or given.ended):
        raise BadInput("ID", marked("nothing is named"), marked("Name entries, or give --ended"))
    named = list(dict.fromkeys([*(queue.find(one).id for one in given.entries), *ended]))
    for one in named:
        queue.remove(one)
    if not given.json:
        print_text(f"removed: {', '.join(named) or 'nothing had ended'}; runs stay where they are")
    return {"removed": named}, 0


def _told(given: argparse.Namespace, queue: ExperimentQueue, only: list[str] | None) -> Answer:
    """All entries, or those just added, each with its place among all."""
    rows = [row for row in rows_of(queue) if only is None or row["id"] in only]
    if not given.json:
        print_entries(rows)
    return {"queue": rows, "worker": queue.worker if queue.is_worked else None}, 0
