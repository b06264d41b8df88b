"""The papers' presets, value by value, against the place that each value was read in."""

from __future__ import annotations

import re

import pytest

from workbench.experiments import catalog

FINN = "cbfinn/maml: main.py, its usage notes and defaults"
FINN_NET = "cbfinn/maml: utils.py normalize, maml.py forward_conv"
RAJESWARAN = "aravindr93/imaml_dev: examples/README.md"
RAJESWARAN_NET = "aravindr93/imaml_dev: implicit_maml/learner_model.py"
RAJESWARAN_LOOP = "aravindr93/imaml_dev: examples/omniglot_implicit_maml.py, measure_accuracy.py"
ANTONIOU = (
    "AntreasAntoniou/HowToTrainYourMAMLPytorch: omniglot_maml++-omniglot_1_8_0.1_64_20_0.json"
)
OH = "HJ-Yoo/BOIL: main.py and maml/model.py; the paper, section 4.1"
SNELL = "jakesnell/prototypical-networks: scripts/train/few_shot/run_train.py, models/few_shot.py"
LI = "Z. Li et al., 2017, section 4"
NICHOL = "openai/supervised-reptile: README.md, the command for 1-shot 5-way Omniglot"
NICHOL_NET = "openai/supervised-reptile: supervised_reptile/models.py"
NICHOL_SINE = "A. Nichol, J. Schulman, 2018: the published example, a sine wave in 80 lines"
SUNG = "floodsung/LearningToCompare_FSL: omniglot/omniglot_train_one_shot.py"
CHEN = "wyharveychen/CloserLookFewShot: methods/baselinefinetune.py"
CHEN_NET = "wyharveychen/CloserLookFewShot: backbone.py Conv4S"
CHEN_LOOP = "wyharveychen/CloserLookFewShot: train.py, five epochs of 88,000 images"
VINYALS = "O. Vinyals et al., 2016, section 4.1"
RAGHU = "A. Raghu et al., 2020, appendix B: the code and settings of C. Finn"
SINE = "C. Finn et al., 2017, section 5.1; cbfinn/maml: main.py"
ZINTGRAF = "lmzintgraf/cavia: regression/default_configs.py; the paper, section 5.1"

Values = dict[str, tuple[object, str]]
OMNIGLOT_MAML: Values = {
    "task.shots": (1, FINN),
    "task.queries": (1, FINN),
    "model.filters": (64, FINN),
    "model.downsample": ("stride", FINN),
    "model.norm": ("batch_shift", FINN_NET),
    "model.head_input": ("mean", FINN_NET),
    "algorithm.reduction": ("paper", "cbfinn/maml: utils.py xent"),
    "algorithm.adapt_norms": (False, FINN_NET),
    "training.iterations": (60_000, FINN),
    "training.optimizer": ("adam", FINN),
    "training.outer_rate": (0.001, FINN),
    "training.schedule": ("constant", FINN),
    "training.gradient_limit": ("none", "cbfinn/maml: maml.py, only mini-ImageNet is clipped"),
}
FIVE_WAYS: Values = {
    "task.ways": (5, FINN),
    "algorithm.inner_rate": (0.4, FINN),
    "algorithm.inner_steps": (1, FINN),
    "algorithm.test_steps": (3, "C. Finn et al., 2017, appendix A.1"),
    "training.meta_batch": (32, FINN),
}
SINUSOID: Values = {
    "task.shots": (10, SINE),
    "task.queries": (10, SINE),
    "model.hidden": ((40, 40), SINE),
    "model.activation": ("relu", SINE),
    "training.meta_batch": (25, SINE),
    "training.iterations": (70_000, SINE),
    "training.outer_rate": (0.001, SINE),
    "training.optimizer": ("adam", SINE),
}
ONE_STEP: Values = {
    "algorithm.inner_rate": (0.01, "C. Finn et al., 2017, section 5.1"),
    "algorithm.inner_steps": (1, SINE),
    "algorithm.test_steps": (10, "C. Finn et al., 2017, figure 3"),
}
POINT = "cbfinn/maml_rl: maml_examples/maml_trpo_point.py"
POINT_TEST = "cbfinn/maml_rl: maml_examples/test_maml_point.py"
POLOPT = "cbfinn/maml_rl: sandbox/rocky/tf/algos/batch_maml_polopt.py"
SOURCES: dict[str, Values] = {
    "navigation-maml": {
        "task.shots": (20, POINT),
        "task.queries": (20, POINT),
        "task.horizon": (100, POINT),
        "task.scale": (0.1, "cbfinn/maml_rl: rllab/envs/normalized_env.py, actions of ±1"),
        "task.discount": (0.99, POLOPT),
        "task.gae": (1.0, POLOPT),
        "model.hidden": ((100, 100), POINT),
        "model.activation": ("relu", POINT),
        "algorithm.inner_rate": (0.5, POINT),
        "algorithm.inner_steps": (1, POINT),
        "algorithm.later_rate": (0.5, POINT_TEST),
        "training.optimizer": ("trpo", POINT),
        "training.max_kl": (0.01, POINT),
        "training.meta_batch": (40, POINT),
        "training.iterations": (100, POINT),
    },
    "sinusoid-maml": {**SINUSOID, **ONE_STEP},
    "sinusoid-fomaml": {**SINUSOID, **ONE_STEP},
    "sinusoid-transfer": {
        **SINUSOID,
        "algorithm.mode": ("all", SINE),
        "algorithm.momentum": (0.0, SINE),
        "algorithm.weight_decay": (0.0, SINE),
    },
    "sinusoid-reptile": {
        "task.shots": (10, NICHOL_SINE),
        "task.queries": (40, NICHOL_SINE + ": 50 points in all"),
        "model.hidden": ((64, 64), NICHOL_SINE),
        "model.activation": ("tanh", NICHOL_SINE),
        "algorithm.inner_optimizer": ("sgd", NICHOL_SINE),
        "algorithm.inner_rate": (0.02, NICHOL_SINE),
        "algorithm.inner_batch": (10, NICHOL_SINE),
        "algorithm.inner_steps": (5, NICHOL_SINE + ": one pass over 50 points"),
        "algorithm.test_steps": (32, NICHOL_SINE),
        "training.meta_batch": (1, NICHOL_SINE),
        "training.iterations": (30_000, NICHOL_SINE),
        "training.outer_rate": (0.1, NICHOL_SINE),
        "training.schedule": ("linear", NICHOL_SINE),
    },
    "omniglot-reptile-5w1s": {
        "task.shots": (1, NICHOL),
        "task.queries": (11, NICHOL + ": 12 images a class in training"),
        "model.filters": (64, NICHOL_NET),
        "model.downsample": ("stride", NICHOL_NET),
        "model.norm": ("batch", NICHOL_NET),
        "model.head_input": ("flatten", NICHOL_NET),
        "algorithm.inner_optimizer": ("adam", NICHOL_NET + ": beta1 = 0"),
        "algorithm.inner_rate": (0.00044, NICHOL),
        "algorithm.inner_steps": (12, NICHOL),
        "algorithm.inner_batch": (5, NICHOL),
        "algorithm.test_steps": (86, NICHOL),
        "algorithm.test_batch": (5, NICHOL),
        "training.meta_batch": (3, NICHOL),
        "training.iterations": (200_000, NICHOL),
        "training.outer_rate": (1.0, NICHOL),
        "training.schedule": ("linear", NICHOL),
        "training.final_rate": (0.0, NICHOL),
        "training.transductive": (False, NICHOL),
    },
    "omniglot-matching-5w1s": {
        "task.ways": (5, VINYALS),
        "task.shots": (1, VINYALS),
        "model.filters": (64, VINYALS),
        "model.downsample": ("maxpool", VINYALS),
        "model.norm": ("batch", VINYALS),
        "algorithm.distance": ("cosine", VINYALS),
    },
    "omniglot-relation-5w1s": {
        "task.ways": (5, SUNG),
        "task.shots": (1, SUNG),
        "task.queries": (19, SUNG),
        "model.filters": (64, SUNG),
        "algorithm.objective": ("squared", SUNG),
        "algorithm.train_ways": (0, SUNG),
        "training.meta_batch": (1, SUNG),
        "training.iterations": (1_000_000, SUNG),
        "training.outer_rate": (0.001, SUNG),
        "training.gradient_limit": ("clip", SUNG),
        "training.gradient_bound": (0.5, SUNG),
    },
    "omniglot-transfer-5w1s": {
        "model.filters": (64, CHEN_NET),
        "model.downsample": ("maxpool", CHEN_NET),
        "model.norm": ("batch", CHEN_NET),
        "algorithm.mode": ("head", CHEN),
        "algorithm.inner_rate": (0.01, CHEN),
        "algorithm.momentum": (0.9, CHEN),
        "algorithm.weight_decay": (0.001, CHEN),
        "algorithm.test_steps": (100, CHEN),
        "algorithm.test_batch": (4, CHEN),
        "training.optimizer": ("adam", CHEN_LOOP),
        "training.outer_rate": (0.001, CHEN_LOOP),
    },
    "omniglot-anil-20w1s": {
        "task.ways": (20, RAGHU),
        "task.shots": (1, RAGHU),
        "task.queries": (1, RAGHU),
        "model.filters": (64, RAGHU),
        "model.downsample": ("stride", RAGHU),
        "model.norm": ("batch_shift", RAGHU),
        "model.head_input": ("mean", RAGHU),
        "algorithm.inner_rate": (0.1, RAGHU),
        "algorithm.reduction": ("paper", RAGHU),
        "algorithm.inner_steps": (5, RAGHU),
        "algorithm.test_steps": (5, RAGHU),
        "training.meta_batch": (16, RAGHU),
        "training.iterations": (60_000, RAGHU),
        "training.outer_rate": (0.001, RAGHU),
    },
    "omniglot-maml-5w1s": {**OMNIGLOT_MAML, **FIVE_WAYS},
    "omniglot-fomaml-5w1s": {**OMNIGLOT_MAML, **FIVE_WAYS},
    "omniglot-maml-20w1s": {
        **OMNIGLOT_MAML,
        "task.ways": (20, FINN),
        "algorithm.inner_rate": (0.1, FINN),
        "algorithm.inner_steps": (5, FINN),
        "algorithm.test_steps": (5, "C. Finn et al., 2017, appendix A.1"),
        "training.meta_batch": (16, FINN),
    },
    "omniglot-imaml-5w1s": {
        "task.ways": (5, RAJESWARAN),
        "task.shots": (1, RAJESWARAN),
        "task.queries": (1, "aravindr93/imaml_dev: implicit_maml/dataset.py, as many as shots"),
        "model.filters": (64, RAJESWARAN_NET),
        "model.downsample": ("stride", RAJESWARAN_NET),
        "model.norm": ("batch", RAJESWARAN_NET),
        "model.head_input": ("flatten", RAJESWARAN_NET),
        "algorithm.inner": ("authors", RAJESWARAN_LOOP),
        "algorithm.inner_rate": (0.1, RAJESWARAN),
        "algorithm.inner_steps": (16, RAJESWARAN),
        "algorithm.test_steps": (16, RAJESWARAN),
        "algorithm.reduction": ("mean", RAJESWARAN_LOOP),
        "algorithm.proximity": (2.0, RAJESWARAN),
        "algorithm.solver_steps": (5, RAJESWARAN),
        "algorithm.damping": (1.0, RAJESWARAN),
        "algorithm.backtracking": (False, RAJESWARAN_LOOP),
        "training.meta_batch": (32, RAJESWARAN),
        "training.iterations": (20_000, RAJESWARAN),
        "training.outer_rate": (0.001, RAJESWARAN),
        "training.schedule": ("constant", RAJESWARAN_LOOP),
    },
    "omniglot-maml-plus-plus-20w1s": {
        "task.ways": (20, ANTONIOU),
        "task.shots": (1, ANTONIOU),
        "task.queries": (1, ANTONIOU),
        "model.filters": (64, ANTONIOU),
        "model.downsample": ("maxpool", ANTONIOU),
        "algorithm.inner_rate": (0.1, ANTONIOU),
        "algorithm.inner_steps": (5, ANTONIOU),
        "algorithm.test_steps": (5, ANTONIOU),
        "algorithm.reduction": ("mean", "few_shot_learning_system.py net_forward"),
        "algorithm.learned_rates": (True, ANTONIOU),
        "algorithm.multi_step_loss": (True, ANTONIOU),
        "algorithm.multi_step_epochs": (10, ANTONIOU),
        "algorithm.per_step_norm": (True, ANTONIOU),
        "algorithm.first_order_epochs": (0, ANTONIOU),
        "algorithm.epoch": (500, ANTONIOU),
        "training.meta_batch": (8, ANTONIOU),
        "training.iterations": (50_000, ANTONIOU),
        "training.outer_rate": (0.001, ANTONIOU),
        "training.schedule": ("cosine", "few_shot_learning_system.py scheduler"),
        "training.final_rate": (1e-5, ANTONIOU),
    },
    "omniglot-boil-5w1s": {
        "task.ways": (5, OH),
        "task.shots": (1, OH),
        "task.queries": (15, OH),
        "model.filters": (64, OH),
        "algorithm.inner_rate": (0.5, OH),
        "algorithm.inner_steps": (1, OH),
        "algorithm.test_steps": (1, OH),
        "algorithm.reduction": ("mean", OH),
        "algorithm.adapt_norms": (True, OH),
        "training.meta_batch": (4, OH),
        "training.iterations": (30_000, OH),
        "training.outer_rate": (0.001, OH),
    },
    "omniglot-protonet-5w1s": {
        "task.shots": (1, SNELL),
        "task.queries": (5, SNELL),
        "model.filters": (64, SNELL),
        "model.downsample": ("maxpool", SNELL),
        "algorithm.train_ways": (60, SNELL),
        "algorithm.statistics": ("running", SNELL),
        "training.meta_batch": (1, SNELL),
        "training.outer_rate": (0.001, SNELL),
    },
    "omniglot-meta-sgd-5w1s": {
        "algorithm.start": ("uniform", LI),
        "algorithm.rate_low": (0.005, LI),
        "algorithm.rate_high": (0.1, LI),
        "algorithm.inner_steps": (1, LI),
        "algorithm.test_steps": (1, LI),
    },
    "sinusoid-meta-sgd": {
        "algorithm.start": ("uniform", LI),
        "algorithm.rate_low": (0.005, LI),
        "algorithm.rate_high": (0.1, LI),
        "algorithm.inner_steps": (1, LI),
        "algorithm.test_steps": (1, LI),
        "training.iterations": (60_000, LI),
    },
    "sinusoid-cavia": {
        "task.shots": (10, ZINTGRAF),
        "task.queries": (10, ZINTGRAF),
        "model.hidden": ((40, 40), ZINTGRAF),
        "algorithm.context": (5, ZINTGRAF),
        "algorithm.inner_rate": (1.0, ZINTGRAF),
        "algorithm.inner_steps": (1, ZINTGRAF),
        "training.meta_batch": (25, ZINTGRAF),
        "training.iterations": (50_000, ZINTGRAF),
        "training.outer_rate": (0.001, ZINTGRAF),
    },
}
FIELDS = [(preset, field) for preset, values in SOURCES.items() for field in values]


@pytest.mark.parametrize(("preset", "field"), FIELDS)
def test_a_value_is_that_of_its_source(preset: str, field: str) -> None:
    section, name = field.split(".")
    wanted, source = SOURCES[preset][field]
    found = getattr(getattr(catalog.preset(preset).config, section), name)
    assert found == wanted, f"{source} says {wanted}"


def test_every_preset_of_a_paper_has_its_sources() -> None:
    """Those named after a data set alone and the quick ones are ours, and say so."""
    ours = {"glyphs", "omniglot", "sinusoid", "topics", "omniglot-one-shot"}
    named = {p.name for p in catalog.presets() if "-alphabets-" not in p.name} - ours
    assert {name for name in named if not name.endswith("-quick")} == set(SOURCES)


def test_the_passes_of_transfer_are_those_of_its_authors() -> None:
    """Five passes over 1,100 characters, four turns each, 20 images."""
    config = catalog.preset("omniglot-transfer-5w1s").config
    task, training = config.task, config.training
    images = training.iterations * training.meta_batch * task.ways * (task.shots + task.queries)
    assert images == pytest.approx(5 * 1100 * 4 * 20, rel=0.01), CHEN_LOOP


@pytest.mark.parametrize("preset", catalog.presets(), ids=lambda preset: preset.name)
def test_a_time_that_was_not_measured_is_called_an_estimate(preset: catalog.Preset) -> None:
    hours = re.search(r"\babout [^.]*\b(hours?|days?)\b", preset.summary, re.IGNORECASE)
    assert hours is None, hours
