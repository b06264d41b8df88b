"""Raced from any preset, what is printed of a contender is what it runs with."""

from __future__ import annotations

import argparse
import sys

import pytest

from tests.tiny import prepared, tiny_config
from workbench.algorithms.inner_loop import InnerLoopMethod
from workbench.cli.arguments import add_config, read_config
from workbench.core import resources
from workbench.core.registry import get, names
from workbench.experiments import catalog
from workbench.experiments.config import fitting, load_config
from workbench.experiments.contenders import line_up
from workbench.experiments.session import build_algorithm, build_family

catalog.load()
PAPER = tiny_config(
    task={"name": "glyphs", "ways": 5},
    model={"name": "conv4", "filters": 4},
    algorithm={"name": "maml", "inner_rate": 0.4, "reduction": "paper", "test_steps": 3},
)
OWN = load_config(resources.path("race", "accuracy.json"))


@pytest.mark.parametrize("name", fitting("algorithm", build_family(PAPER).spec))
def test_a_rate_raced_from_a_paper_preset_is_the_rate_that_is_printed(name: str) -> None:
    family = prepared(PAPER)
    (contender,) = line_up(PAPER, [name], family)
    assert contender.config is not None
    algorithm = build_algorithm(contender.config, family)
    printed = contender.own.get("algorithm", {})
    if isinstance(algorithm, InnerLoopMethod):
        rate = printed.get("inner_rate", 0.4)
        times = 5 if printed.get("reduction", "paper") == "paper" else 1
        assert algorithm.inner_rate == pytest.approx(rate * times)
        own = OWN.get(name, {}).get("algorithm", {})
        if "inner_rate" in own:
            assert algorithm.inner_rate == own["inner_rate"]
    for field, value in printed.items():
        assert getattr(contender.config.algorithm, field) == value
    algorithm.close()


def test_those_without_a_rate_of_their_own_share_that_of_the_base() -> None:
    family = prepared(PAPER)
    for contender in line_up(PAPER, ["fomaml", "anil", "meta_sgd", "random_init"], family):
        assert contender.config is not None
        given = contender.config.algorithm
        assert (given.inner_rate, given.reduction) == (0.4, "paper")


def test_meta_sgd_starts_at_mamls_rate_and_is_tested_as_it_was_trained() -> None:
    for preset in ("sinusoid", "glyphs"):
        config = catalog.preset(preset).config
        (contender,) = line_up(config, ["meta_sgd"], prepared(config))
        assert contender.config is not None
        given = contender.config.algorithm
        assert (given.start, given.inner_rate) == ("alpha", config.algorithm.inner_rate)
        assert given.inner_steps == given.test_steps


@pytest.mark.parametrize("name", ["boil", "cavia", "imaml", "maml_plus_plus"])
def test_a_rate_given_with_another_name_has_its_own_reduction(name: str) -> None:
    changed = PAPER.replaced({"algorithm": {"name": name, "inner_rate": 0.1}})
    assert changed.algorithm.reduction == "mean"
    assert PAPER.replaced({"algorithm": {"inner_rate": 0.1}}).algorithm.reduction == "paper"


def test_on_the_command_line_too() -> None:
    parser = argparse.ArgumentParser(description="Race.")
    words = ["--preset", "omniglot-maml-5w1s", "--algorithm.name", "boil"]
    add_config(parser, words)
    given = parser.parse_args([*words, "--algorithm.inner_rate", "0.5"])
    algorithm = read_config(given).algorithm
    assert (algorithm.inner_rate, algorithm.reduction) == (0.5, "mean")
    shared = read_config(parser.parse_args(words)).algorithm
    assert (shared.inner_rate, shared.reduction) == (0.4, "paper")


def test_every_algorithm_says_what_it_does_otherwise_than_its_authors() -> None:
    for name in names("algorithm"):
        module = sys.modules[get("algorithm", name).build.__module__]
        assert "\nDiffers from the authors' code: " in (module.__doc__ or ""), name
