"""Measures a meta-learned model again: the same tasks, the same numbers.

    pip install maml-workbench==VERSION
    python run.py [--data PATH] [--tasks N]

config.json says what was trained, weights.safetensors holds the meta-parameters. To train anew:

    COMMAND
"""

import argparse
from pathlib import Path

from safetensors.torch import load_file

from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig, load_config
from workbench.experiments.evaluation import evaluate
from workbench.experiments.session import build_algorithm, build_family

HERE = Path(__file__).parent
RECORDED = None  # mean and half the 95 % interval that the run recorded


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, help="where the data set lies now")
    parser.add_argument("--tasks", type=int, help="test tasks; as many as in the run by default")
    given = parser.parse_args()

    catalog.load()
    config = ExperimentConfig.from_json(load_config(HERE / "config.json"))
    if given.data is not None:
        config = config.replaced({"task": {"root": given.data.resolve()}})
    family = build_family(config)
    family.prepare(lambda message, share: None)
    algorithm = build_algorithm(config, family)
    curve, _ = evaluate(
        algorithm,
        family,
        load_file(HERE / "weights.safetensors"),
        split="test",
        tasks=given.tasks or config.training.test_tasks,
        steps=algorithm.test_steps,
        seed=config.training.seed,
    )
    algorithm.close()
    print(f"{curve.metric} on {curve.tasks} test tasks, transductive: {curve.transductive}")
    for step, (mean, half) in enumerate(zip(curve.mean, curve.ci95, strict=True)):
        print(f"after {step} steps: {mean!r} +- {half!r}")
    if RECORDED is not None and given.tasks is None:
        print(
            "as recorded"
            if [curve.mean[-1], curve.ci95[-1]] == RECORDED
            else f"recorded: {RECORDED}"
        )


if __name__ == "__main__":
    main()
