"""The experiment being written: values as typed, what is wrong with them, and how to undo."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from workbench.core import named_code
from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.params import recorded_fields
from workbench.gui.state.draft_change import DraftChange, Values
from workbench.gui.state.fitting import fitting
from workbench.gui.state.ranges import Ranges, kept
from workbench.gui.state.ranges import problems as range_problems

if TYPE_CHECKING:
    from workbench.experiments.catalog import Preset
    from workbench.experiments.config import ExperimentConfig


class Draft(QObject):
    """Holds any values, valid or not; `config` is there only while nothing is wrong.

    Every change goes through `undo`; typing into one field is one step of it.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo = QUndoStack(self)
        self.preset = ""
        self.values: Values = {}
        self.config: ExperimentConfig | None = None
        self.problems: tuple[BadInput, ...] = ()
        self.ranges: Ranges = {}
        self.range_problems: dict[str, BadInput] = {}
        """What is wrong with ranges, by field; a plain training asks for none of them."""
        self._presets: dict[str, Preset] = {}
        self._typed: dict[str, dict[str, Any]] = {}
        """What was changed by hand, by section; it follows from part to part."""

    def load(self, presets: tuple[Preset, ...], first: str) -> None:
        """Start from a preset, with nothing to undo."""
        self._presets = {preset.name: preset for preset in presets}
        self.become(first, self._preset_values(first), {})
        self.undo.clear()

    @property
    def loaded(self) -> bool:
        """Whether there are presets to choose from, and so values."""
        return bool(self._presets)

    @property
    def preset_titles(self) -> dict[str, str]:
        return {name: preset.title for name, preset in self._presets.items()}

    def use_preset(self, name: str) -> None:
        title = self._presets[name].title
        text = QCoreApplication.translate("Draft", "preset {name}").format(name=title)
        self._typed = {}
        self._push(text, name, self._preset_values(name), ranges={})

    def use_config(self, config: ExperimentConfig) -> None:
        """Take over a whole configuration, e.g. of an old run; nothing is fetched for it."""
        from workbench.experiments.foreign import opened

        text = QCoreApplication.translate("Draft", "settings of a run")
        self._typed = {}
        values = opened(config).complete()
        nearest = min(
            self._presets, key=lambda name: _differences(self._preset_values(name), values)
        )
        self._push(text, nearest, values)

    def use_task(self, values: dict[str, Any]) -> None:
        """Take over a task family with its settings, for a scene.

        What they do not name, such as where the data lies, stays as the user has it; nothing is
        fetched.
        """
        from workbench.core.registry import get
        from workbench.experiments.foreign import without_leave

        name = str(values["name"])
        none = without_leave(get("task", name).params)
        same = self.values["task"]["name"] == name
        start = self.values["task"] if same else self._part("task", name)
        text = QCoreApplication.translate("Draft", "task of a scene")
        self._push(text, self.preset, {**self.values, "task": {**start, **values, **none}})

    def use_data(self, family: str, settings: dict[str, Any]) -> None:
        """Learn from other data: one step of undo.

        Model and method become those that go with it; see `fitting`.
        """
        same = self.values["task"]["name"] == family
        start = self.values["task"] if same else self._part("task", family)
        values = self._fitting({**self.values, "task": {**start, **settings}})
        self._push(QCoreApplication.translate("Draft", "data"), self.preset, values)

    def _fitting(self, values: Values) -> Values:
        return fitting(values, self.values, self._presets.values(), self._part)

    def set_value(self, section: str, field: str, value: Any) -> None:
        self._set(section, field, value, f"{section}.{field}")

    def search(self, field: str, wanted: bool = True) -> None:
        """Give a field, ``section.name``, its own bounds as its range, or take its range away."""
        ranges = {name: text for name, text in self.ranges.items() if name != field}
        if wanted:
            ranges[field] = self.ranges.get(field, "")
        self._push(_search_of(field), self.preset, self.values, ranges=ranges)

    def set_range(self, field: str, text: str) -> None:
        """What is typed as the range or choices of a field that is searched."""
        ranges = {**self.ranges, field: text}
        self._push(_search_of(field), self.preset, self.values, f"range.{field}", ranges)

    def mend(self, mend: Mend) -> None:
        """Take over a setting that ends a trouble: a step of undo by itself."""
        section, _, field = mend.where.partition(".")
        if field == "name":
            self.choose(section, mend.value)
        else:
            self._set(section, field, mend.value)

    def _set(self, section: str, field: str, value: Any, merged: str = "") -> None:
        """Changes that are ``merged`` under one name are one step of undo."""
        value = self._canonical(section, field, value)
        if self.values[section].get(field) == value:
            return
        values = copy.deepcopy(self.values)
        values[section][field] = value
        self._push(field.replace("_", " "), self.preset, values, merged)

    def choose(self, section: str, name: str) -> None:
        """Another task, model or algorithm, with whatever was changed by hand and it has too.

        That holds on the way back as well, past parts that know nothing of a field. With another
        task model and method become those that go with it; see `fitting`.
        """
        if name == self.values[section]["name"]:
            return
        values = {**self.values, section: self._part(section, name)}
        self._push(name, self.preset, self._fitting(values) if section == "task" else values)

    def _part(self, section: str, name: str) -> dict[str, Any]:
        """Another part's values: its own to start with, and over them what was typed."""
        typed = self._typed.setdefault(section, {})
        baseline = self.baseline(section)
        for field, value in self.values[section].items():
            typed.pop(field, None)
            if field != "name" and value != baseline.get(field):
                typed[field] = value
        fresh = self._baseline_of(section, name)
        return {**fresh, **{field: typed[field] for field in fresh if field in typed}}

    def reset(self, section: str = "", field: str = "") -> None:
        """Back to the preset: one field, or everything."""
        if not section:
            self.use_preset(self.preset)
        elif field == "name":
            self.choose(section, self._preset_values(self.preset)[section]["name"])
        else:
            self.set_value(section, field, self.baseline(section)[field])

    def baseline(self, section: str) -> dict[str, Any]:
        """What a section's fields are compared with; see `_baseline_of`."""
        return self._baseline_of(section, str(self.values[section].get("name", "")))

    def _baseline_of(self, section: str, name: str) -> dict[str, Any]:
        """The preset's values; of another part, its defaults and what it shares with the preset's.

        What is shared, `merged` says: the same as for a flag of the command line.
        """
        from workbench.experiments.config import merged, params_class

        values = self._preset_values(self.preset)
        if section != "training" and values[section]["name"] != name:
            values = merged(values, {section: {"name": name}})
        return params_class(section, name).model_validate(values[section]).model_dump(mode="json")

    def is_changed(self, section: str, field: str) -> bool:
        return bool(self.values[section].get(field) != self._compared(section).get(field))

    def changes(self) -> tuple[tuple[str, str], ...]:
        from workbench.experiments.config import params_class

        compared = {section: self._compared(section) for section in self.values}
        return tuple(
            (section, field)
            for section, fields in self.values.items()
            for field, value in fields.items()
            if value != compared[section].get(field)
            and field not in recorded_fields(params_class(section, str(fields.get("name", ""))))
        )

    def _compared(self, section: str) -> dict[str, Any]:
        """What is changed by hand differs from this: the baseline, but of the preset's own part."""
        preset = self._preset_values(self.preset)[section]
        own = {"name": preset["name"]} if "name" in preset else {}
        return {**self.baseline(section), **own}

    def become(self, preset: str, values: Values, ranges: Ranges) -> None:
        """Take on a state; called by the undo stack. Ranges of fields that it lacks are dropped."""
        from workbench.experiments import budget, devices
        from workbench.experiments.config import check

        self.preset, self.values = preset, values
        self.config, self.problems = check(values)
        if self.config is not None:
            self._hold(
                (
                    *budget.problems(self.config),
                    *devices.problems(self.config.training.device),
                )
            )
        self._hold(named_code.refused(values))
        self.ranges = kept(ranges, values)
        self.range_problems = range_problems(self.ranges, self.config)
        self.changed.emit()

    def _hold(self, problems: tuple[BadInput, ...]) -> None:
        """What keeps a configuration from being used though every value in it is sound."""
        if problems:
            self.config, self.problems = None, (*self.problems, *problems)

    @Slot(object, object)
    def refuse(self, config: ExperimentConfig, problem: BadInput) -> None:
        """Only the building of its parts showed what is wrong with this configuration."""
        if config is self.config:
            self.config, self.problems = None, (problem,)
            self.changed.emit()

    def recheck(self) -> None:
        """A file of the user's code may have changed on the disk since it was trusted."""
        if named_code.names_any(self.values):
            self.become(self.preset, self.values, self.ranges)

    def _push(
        self,
        text: str,
        preset: str,
        values: Values,
        merged: str = "",
        ranges: Ranges | None = None,
    ) -> None:
        """The ranges stay where none are given; for ``merged`` see `DraftChange`."""
        before = (self.preset, self.values, self.ranges)
        after = (preset, values, self.ranges if ranges is None else ranges)
        if after != before:
            self.undo.push(DraftChange(self.become, text, before, after, merged))

    def _preset_values(self, name: str) -> Values:
        return copy.deepcopy(self._presets[name].config.to_json())

    def _canonical(self, section: str, field: str, value: Any) -> Any:
        """Text as the value it stands for, so that ``1e-3`` and ``0.001`` are the same."""
        from pydantic import ValidationError

        from workbench.experiments.config import params_class

        params = params_class(section, str(self.values[section].get("name", "")))
        try:
            return params.model_validate({field: value}).model_dump(mode="json")[field]
        except ValidationError:
            return value


def _search_of(field: str) -> str:
    name = field.partition(".")[2].replace("_", " ")
    return QCoreApplication.translate("Draft", "search of {0}").format(name)


def _differences(one: Values, other: Values) -> int:
    """How many fields differ, those that only one has too; a part's name counts for a field."""
    return sum(
        one[section].get(field) != other[section].get(field)
        for section in one
        for field in one[section].keys() | other[section].keys()
    )
