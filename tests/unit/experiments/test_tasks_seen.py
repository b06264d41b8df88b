"""Every task of an evaluation: drawn again, read back, ranked, told as a table."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Generator

from tests.strangers.guests import MODELS, guests  # noqa: F401 - a fixture
from tests.tiny import prepared, tiny_config, training
from workbench.core.algorithm import Scores
from workbench.core.episode import Episode, stack
from workbench.core.errors import BadInput
from workbench.core.events import Evaluated
from workbench.core.task import Split
from workbench.experiments.evaluation import evaluate, summarise
from workbench.experiments.measuring import Measurement, Question, question_of
from workbench.experiments.record import codec
from workbench.experiments.scores import kept_of
from workbench.experiments.session import untrained
from workbench.experiments.store import open_run
from workbench.experiments.tasks_seen.difficulty import distances, rank_correlation, traits
from workbench.experiments.tasks_seen.draws import all_tasks, one_task
from workbench.experiments.tasks_seen.ranking import Order, gains, histogram, ranked
from workbench.experiments.tasks_seen.seen import Seen, read_seen, seen_now
from workbench.experiments.tasks_seen.table import rows
from workbench.experiments.tasks_seen.together import together
from workbench.tasks.glyphs import Glyphs
from workbench.tasks.sinusoid import Sinusoid

KINDS: dict[str, dict[str, dict[str, Any]]] = {
    "sinusoid": {},
    "glyphs": {
        "task": {"name": "glyphs", "ways": 3, "queries": 2},
        "model": {"name": "conv4", "filters": 4},
    },
    "topics": {
        "task": {"name": "topics", "ways": 3, "queries": 2, "sentences": 8},
        "model": {"name": "text_mlp"},
    },
    **{name: {"task": {"name": name}, "model": {"name": MODELS[name]}} for name in MODELS},
}


def quiet(message: str, share: float) -> None:
    pass


def seen_of(values: torch.Tensor, metric: str = "mse") -> Seen:
    """Of ``values [T, S]``, with losses that are the same."""
    family = prepared(tiny_config(**(KINDS["glyphs"] if metric == "accuracy" else {})))
    algorithm = untrained(tiny_config(), prepared(tiny_config())).algorithm
    scores = Scores(values.float(), values.float(), values.float())
    curve = summarise(scores, family, algorithm, "val")
    algorithm.close()
    return seen_now(curve, scores, 3)


@pytest.mark.usefixtures("guests")
@pytest.mark.parametrize("kind", KINDS)
def test_the_tasks_drawn_again_are_those_that_were_measured(kind: str) -> None:
    """One by one, by their place, and adapted to they give the same numbers."""
    config = tiny_config(**KINDS[kind])
    family = prepared(config)
    learner = untrained(config, family)
    _, scores = evaluate(
        learner.algorithm, family, learner.weights, split="val", tasks=23, steps=2, seed=5
    )
    tasks = all_tasks(family, "val", 23, 5, quiet)
    for place in (0, 19, 20, 22):
        task = one_task(family, "val", 23, 5, place)
        assert task.title == tasks[place].title
        steps = list(learner.adapt(task.episode(), 2))
        adapted = torch.tensor([step.query_metric for step in steps])
        torch.testing.assert_close(adapted, scores.metric[place].float(), rtol=1e-4, atol=1e-5)
    learner.algorithm.close()


def test_a_family_that_draws_together_otherwise_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def mixed(self: Sinusoid, split: Split, count: int, draws: Generator) -> Episode:
        return stack([self.sample(split, draws).episode() for _ in range(count)][::-1])

    monkeypatch.setattr(Sinusoid, "episodes", mixed)
    with pytest.raises(BadInput, match="otherwise than one by one"):
        all_tasks(prepared(tiny_config()), "test", 4, 0, quiet)


@pytest.mark.parametrize("kind", ["sinusoid", "glyphs"])
def test_a_run_keeps_every_task_of_its_test(kind: str, tmp_path: Path) -> None:
    run = training(tiny_config(**KINDS[kind]), tmp_path / "run")
    list(run.events())
    (kept,) = kept_of(run.run.path)
    seen = read_seen(kept.file)
    assert seen.values.shape == (7, 3) and seen.support_loss is not None
    assert seen.support_loss.shape == (7, 3) and seen.split == "test"
    family = prepared(run.config)
    assert seen.fingerprint == family.fingerprint
    tasks = all_tasks(family, "test", 7, seen.seed, quiet)
    assert seen.classes == (tuple(t.class_names for t in tasks) if kind == "glyphs" else ())


def test_a_measurement_is_asked_again_by_what_is_kept(tmp_path: Path) -> None:
    list(training(tiny_config(**KINDS["glyphs"]), tmp_path / "run").events())
    question = Question("val", 6, 4, 9, shots=2, one_at_a_time=True)
    asked = Measurement(open_run(tmp_path / "run"), question)
    family = prepared(asked.config)
    going = asked.evaluate(asked.learner(family), family)
    while True:
        try:
            next(going)
        except StopIteration as end:
            asked.keep(*end.value, {})
            break
    kept = next(one for one in kept_of(tmp_path / "run") if one.variant)
    assert question_of(kept) == question
    assert read_seen(kept.file).values.shape == (6, 5)


def test_a_record_of_an_older_version_still_opens(tmp_path: Path) -> None:
    """Without support losses, classes, fingerprint and quantiles, and without a seal."""
    list(training(tiny_config(), tmp_path / "run").events())
    file = kept_of(tmp_path / "run")[0].file
    values = json.loads(file.read_text())
    for name in ("fingerprint", "crc32"):
        del values[name]
    del values["per_task"]["support_loss"]
    values["steps"] = [
        {name: step[name] for name in ("step", "mean", "ci95", "query_loss", "support_loss")}
        for step in values["steps"]
    ]
    file.write_text(json.dumps(values))
    seen = read_seen(file)
    assert seen.support_loss is None and not seen.classes and not seen.fingerprint
    assert float(seen.quantile("median")[2]) == pytest.approx(float(seen.values[:, 2].median()))
    del values["per_task"]
    file.write_text(json.dumps(values))
    with pytest.raises(BadInput, match=r"keeps no score for each task.*Measure again"):
        read_seen(file)


@pytest.mark.parametrize("damage", ["rows", "numbers", "classes", "split"])
def test_a_damaged_record_says_so(damage: str, tmp_path: Path) -> None:
    list(training(tiny_config(**KINDS["glyphs"]), tmp_path / "run").events())
    file = kept_of(tmp_path / "run")[0].file
    values = json.loads(file.read_text())
    del values["crc32"]
    if damage == "rows":
        values["per_task"]["query_metric"].pop()
    elif damage == "numbers":
        values["per_task"]["query_loss"][0][0] = "many"
    elif damage == "classes":
        values["classes"]["of"][0] = "0 1 999"
    else:
        values["split"] = "all"
    file.write_text(json.dumps(values))
    with pytest.raises(BadInput, match=r"damaged.*Measure again"):
        read_seen(file)


def test_one_task_that_diverges_is_first_and_moves_the_mean_alone() -> None:
    values = torch.full((600, 6), 0.19)
    values[:, 0] = 4.0
    values[417, 1:] = torch.tensor([1.0, 9.0, 25.0, 60.0, 120.0])
    seen = seen_of(values)
    assert seen.measure(5).mean == pytest.approx(0.39, abs=0.01)
    assert seen.measure(5).median == pytest.approx(0.19)
    ruled = seen.ruled(5)
    assert ruled is not None and ruled.by == 1 and ruled.share > 0.5
    assert seen.ruled(0) is None
    assert ranked(seen, 5, Order.HARDEST)[0] == 417
    assert ranked(seen, 5, Order.EASIEST)[-1] == 417 == ranked(seen, 5, Order.IMPROVED)[-1]
    assert histogram(seen.values[:, 5]).beyond <= 1


def test_what_is_no_number_is_hardest_and_never_improved() -> None:
    values = torch.tensor([[3.0, 1.0], [3.0, float("nan")], [3.0, float("inf")], [3.0, 2.0]])
    seen = seen_of(values)
    assert set(ranked(seen, 1, Order.HARDEST)[:2]) == {1, 2}
    assert ranked(seen, 1, Order.EASIEST) == [0, 3, 1, 2]
    assert ranked(seen, 1, Order.IMPROVED)[:2] == [0, 3]
    found = histogram(seen.values[:, 1])
    assert found.beyond == 2 and float(found.counts.sum()) == 2


def test_accuracy_is_the_other_way_round() -> None:
    seen = seen_of(torch.tensor([[0.2, 0.9], [0.2, 0.4], [0.6, 0.7]]), "accuracy")
    assert ranked(seen, 1, Order.HARDEST) == [1, 2, 0]
    assert ranked(seen, 1, Order.IMPROVED) == [0, 1, 2]
    torch.testing.assert_close(gains(seen, 1), torch.tensor([0.7, 0.2, 0.1]).double())


def test_shares_of_a_few_items_have_a_bin_each() -> None:
    values = torch.tensor([k / 25 for k in range(5, 20) for _ in range(3)]).double()
    found = histogram(values.float().double())
    assert found.counts.tolist() == [3.0] * 15 and found.beyond == 0


@pytest.mark.parametrize("values", [[], [0.5], [float("nan")], [0.5] * 40])
def test_a_histogram_of_hardly_anything(values: list[float]) -> None:
    found = histogram(torch.tensor(values).double())
    assert len(found.edges) == len(found.counts) + 1
    assert float(found.counts.sum()) + found.beyond == len(values)


def test_pairs_are_the_means_of_the_tasks_that_hold_both() -> None:
    classes = (("a", "b"), ("b", "c"), ("a", "b"), ("c", "a"))
    pairs = together(classes, torch.tensor([0.2, 0.8, 0.4, float("nan")]).double(), True)
    assert pairs.names == ("a", "b", "c")
    at = pairs.names.index
    assert float(pairs.means[at("a"), at("b")]) == pytest.approx(0.3)
    assert int(pairs.counts[at("a"), at("b")]) == 2 == int(pairs.counts[at("b"), at("a")])
    assert int(pairs.counts[at("a"), at("c")]) == 0
    assert pairs.means[at("a"), at("c")].isnan() and pairs.worst(True) is None


@pytest.mark.parametrize("larger_is_better", [True, False])
def test_the_worst_pair_needs_enough_tasks(larger_is_better: bool) -> None:
    bad, good = (0.1, 0.9) if larger_is_better else (0.9, 0.1)
    classes = (("a", "b"),) * 10 + (("b", "c"),) * 10 + (("a", "c"),) * 9
    values = torch.tensor([bad] * 10 + [good] * 10 + [bad] * 9).double()
    pairs = together(classes, values, larger_is_better)
    worst = pairs.worst(larger_is_better)
    assert worst is not None and {pairs.names[place] for place in worst} == {"a", "b"}


def test_traits_are_told_by_the_tasks_themselves() -> None:
    family = prepared(tiny_config())
    tasks = all_tasks(family, "val", 5, 0, quiet)
    found = traits(tasks, family, "val", quiet)
    assert list(found) == ["amplitude", "phase"]
    assert found["amplitude"].tolist() == pytest.approx([t.traits["amplitude"] for t in tasks])
    glyphs = prepared(tiny_config(**KINDS["glyphs"]))
    shown = traits(all_tasks(glyphs, "val", 5, 0, quiet), glyphs, "val", quiet)
    assert list(shown) == ["distance to the own class / to the others"]


def test_distances_by_hand() -> None:
    family = prepared(tiny_config(**KINDS["glyphs"]))
    episode = all_tasks(family, "val", 1, 0, quiet)[0].episode()
    support, query = (part.x.flatten(1) for part in (episode.support, episode.query))
    wanted = []
    for x, y in zip(query, episode.query.y, strict=True):
        apart = [
            (float((x - s).norm()), int(c)) for s, c in zip(support, episode.support.y, strict=True)
        ]
        own = min(d for d, c in apart if c == int(y))
        wanted.append(own / min(d for d, c in apart if c != int(y)))
    assert distances(episode) == pytest.approx(sum(wanted) / len(wanted), rel=1e-4)


def test_rank_correlation() -> None:
    x = torch.tensor([1.0, 2.0, 3.0, 4.0]).double()
    assert rank_correlation(x, x.exp()) == pytest.approx(1.0)
    assert rank_correlation(x, -x) == pytest.approx(-1.0)
    assert rank_correlation(x, torch.tensor([1.0, 1.0, 2.0, 2.0])) == pytest.approx(
        0.8944, abs=1e-3
    )
    assert rank_correlation(x, torch.ones(4)) is None and rank_correlation(x[:2], x[:2]) is None


def test_the_table_has_a_row_a_task_and_step() -> None:
    seen = replace(
        seen_of(torch.tensor([[3.0, 1.0], [2.0, 0.5]])), classes=(("a", "b"), ("c", "a"))
    )
    head, *lines = rows(seen, {"amplitude": torch.tensor([1.5, 2.5])})
    assert head == [
        *("task", "split", "seed", "transductive", "step", "mse", "query_loss", "support_loss"),
        *("classes", "amplitude"),
    ]
    assert len(lines) == 4
    assert lines[3] == [1, "val", 3, 0, 1, 0.5, 0.5, 0.5, "c | a", 2.5]


def test_validations_tell_their_tasks_and_do_not_record_them(tmp_path: Path) -> None:
    events = list(training(tiny_config(), tmp_path / "run").events())
    told = [e for e in events if isinstance(e, Evaluated) and e.curve.split == "val"]
    assert all(e.scores is not None and e.scores.metric.shape == (5, 3) for e in told)
    assert "scores" not in codec.encode(told[0])
    assert "scores" not in (tmp_path / "run" / "metrics.jsonl").read_text()
    assert codec.decode(codec.encode(told[0])) == told[0]


def test_the_command_line_writes_every_task(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from workbench.cli import main

    list(training(tiny_config(**KINDS["glyphs"]), tmp_path / "run").events())
    file = tmp_path / "tasks.csv"
    command = [
        "evaluate",
        str(tmp_path / "run"),
        "--tasks",
        "4",
        "--tasks-csv",
        str(file),
        "--json",
    ]
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["tasks_csv"] == str(file)
    held = list(csv.DictReader(file.read_text().splitlines()))
    assert len(held) == 4 * 3
    last = [float(row["accuracy"]) for row in held if row["step"] == "2"]
    assert sum(last) / 4 == pytest.approx(told["metrics"]["steps"][2]["mean"])
    assert all(len(row["classes"].split(" | ")) == 3 for row in held)
    command[5] = str(tmp_path / "nowhere" / "tasks.csv")
    assert main(command) == 2
    assert "--tasks-csv" in capsys.readouterr().err


def test_a_run_is_kept_whose_tasks_cannot_be_drawn_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its test is not lost for that: the record has the scores, and no classes."""
    plain = Glyphs.episodes

    def mixed(self: Glyphs, split: Split, count: int, draws: Generator) -> Episode:
        together = plain(self, split, count, draws)
        return stack([together[place] for place in reversed(range(count))])

    monkeypatch.setattr(Glyphs, "episodes", mixed)
    events = list(training(tiny_config(**KINDS["glyphs"]), tmp_path / "run").events())
    assert events[-1].reason == "completed"  # type: ignore[union-attr]
    seen = read_seen(kept_of(tmp_path / "run")[0].file)
    assert seen.tasks == 7 and not seen.classes
