"""The tables of docs/ratings.md: MovieLens 100K, new users, K = 4, 8 and 16, three splits of users.

    python benchmarks/ratings_table.py /path/to/ml-100k [--out DIR] [--seeds 3] [--shots 4 8 16]
    python benchmarks/ratings_table.py /path/to/ml-100k --states

``ml-100k`` holds the typed tables ml-100k.inter, .user and .item. For each seed 600 users are
trained on, 100 select the weights, and 243 are measured once, on the same tasks for every method
and floor. A user counts once: what is averaged are users, over all their tasks and seeds, and
intervals are 1.96 sd / sqrt(users). About 20 minutes on one core. With ``--states`` a fifth of the
films is kept out, and one learner is measured in all four states of new and known users and films.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any, get_args

import torch

from workbench.core.stars import MAE, NDCG, Stars
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.evaluation import CHUNK, draws_of
from workbench.experiments.session import Learner, build_family, learner_of
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training
from workbench.tasks.rated.family import RatedFamily
from workbench.tasks.rated.floors import SHIFTED, predictions
from workbench.tasks.rated.params import State

TASKS = 1000
SHARES = {"val_share": 0.106, "test_share": 0.2577}
STEPS = {"inner_rate": 0.05, "inner_steps": 3, "test_steps": 3}
DECISION = {"name": "ratings_mlp", "adapted": "decision"}
METHODS: dict[str, dict[str, Any]] = {
    "MAML, everything adapts": {"algorithm": {"name": "maml", **STEPS}},
    "MeLU, decision layers adapt": {"algorithm": {"name": "maml", **STEPS}, "model": DECISION},
    "MAML++, decision layers adapt": {
        "algorithm": {"name": "maml_plus_plus", **STEPS, "epoch": 50},
        "model": DECISION,
    },
}
TRAINING = {
    "iterations": 400,
    "meta_batch": 20,
    "outer_rate": 0.001,
    "schedule": "cosine",
    "eval_interval": 50,
    "eval_tasks": 300,
    "checkpoint_interval": 50,
    "test_tasks": 20,
    "workers": 1,
}
Scores = dict[str, dict[str, list[float]]]
"""By method and measure, then by user: the numbers of the user's tasks."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ml100k", type=Path)
    parser.add_argument("--out", type=Path, default=Path("ratings-table"))
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--shots", type=int, nargs="+", default=[8, 4, 16])
    parser.add_argument("--states", action="store_true", help="known and new users and films")
    given = parser.parse_args()
    torch.set_num_threads(1)
    catalog.load()
    if given.states:
        _states(given.ml100k, given.out)
        return
    for shots in given.shots:
        scores: Scores = defaultdict(lambda: defaultdict(list))
        for seed in range(given.seeds):
            for method in METHODS:
                config = config_of(given.ml100k, method, shots, seed)
                family = build_family(config)
                assert isinstance(family, RatedFamily)
                family.prepare(lambda message, fraction: None)
                folder = given.out / f"{shots}-{seed}-{list(METHODS).index(method)}"
                _measure(trained(config, family, folder), family, method, scores)
        _tell(shots, scores)
        (given.out / f"scores-{shots}.json").write_text(json.dumps(scores))


def _states(root: Path, out: Path) -> None:
    method = "MeLU, decision layers adapt"
    config = config_of(root, method, 8, 0).replaced({"task": {"cold_items": 0.2}})
    family = build_family(config)
    assert isinstance(family, RatedFamily)
    family.prepare(lambda message, fraction: None)
    learner = trained(config, family, out / "states")
    for state in get_args(State):
        scores: Scores = defaultdict(lambda: defaultdict(list))
        asked = build_family(config.replaced({"task": {"state": state, "queries": 5}}))
        assert isinstance(asked, RatedFamily)
        asked.prepare(lambda message, fraction: None)
        _measure(learner, asked, method, scores)
        print(state)
        _tell(8, scores)


def config_of(root: Path, method: str, shots: int, seed: int) -> ExperimentConfig:
    tables = {
        "root": str(root / "ml-100k.inter"),
        "item_table": str(root / "ml-100k.item"),
        "user_table": str(root / "ml-100k.user"),
    }
    task = {"name": "ratings", "shots": shots, **tables, **SHARES, "split_seed": seed}
    values = {
        "task": task,
        "model": {"name": "ratings_mlp"},
        "training": {**TRAINING, "seed": seed},
    }
    return ExperimentConfig.from_json({**values, **METHODS[method]})


def trained(config: ExperimentConfig, family: RatedFamily, folder: Path) -> Learner:
    """The learner that is best on validation."""
    run = Run.create(config, folder)
    for _ in Training(config, family, run).events():
        pass
    return learner_of(run.load_checkpoint(), family)


def _measure(learner: Learner, family: RatedFamily, method: str, scores: Scores) -> None:
    """Test tasks of the family, which the seed and K alone settle."""
    by = {measure.name: Stars(measure, *family.scale) for measure in (MAE, NDCG)}
    for start in range(0, TASKS, CHUNK):
        episodes = family.episodes("test", CHUNK, draws_of(0, "test", start))
        floor = predictions(family.pool.overall, episodes.support, episodes.query)
        for place, user in enumerate(episodes.support.user.tolist()):
            y, name = episodes.query.y[place], family.pool.table.users[user]
            first, *_, last = learner.adapt(episodes[place], learner.algorithm.test_steps)
            told = {
                f"{method} | before": first.query_outputs,
                f"{method} | after": last.query_outputs,
            }
            told |= {f"floor | {title}": values[place] for title, values in floor.items()}
            for title, outputs in told.items():
                for measure, objective in by.items():
                    value = float(objective.metric(outputs, y))
                    scores[f"{title} | {measure}"].setdefault(name, []).append(value)


def _tell(shots: int, scores: Scores) -> None:
    """Every mean, and the paired difference to item mean + user shift, on the same users."""
    for title in sorted(scores):
        measure = title.rpartition(" | ")[2]
        own, base = (_users(scores[name]) for name in (title, f"floor | {SHIFTED} | {measure}"))
        print(f"| {shots} | {title} | {_interval(own)} | {_interval(own - base)} |", flush=True)


def _users(values: dict[str, list[float]]) -> torch.Tensor:
    """``[users]``, the mean of each, by their names."""
    return torch.tensor([sum(v) / len(v) for _, v in sorted(values.items())], dtype=torch.double)


def _interval(values: torch.Tensor) -> str:
    return f"{values.mean():.4f} ± {1.96 * values.std() / len(values) ** 0.5:.4f} ({len(values)})"


if __name__ == "__main__":
    main()
