"""The user's own sentences: a table, a JSON file or a folder, split by class or by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from workbench.core.errors import BadInput, Missing
from workbench.core.files import parse_json
from workbench.core.findings import Finding, Mend
from workbench.core.marked import marked
from workbench.core.params import param, recorded
from workbench.core.registry import register
from workbench.core.seeds import generator
from workbench.core.task import SPLITS, Report
from workbench.tasks import split_record
from workbench.tasks.split_record import Found, SplitRecord
from workbench.tasks.texts import reading, splitting
from workbench.tasks.texts.corpus import Corpus, gathered
from workbench.tasks.texts.representation import Representation
from workbench.tasks.texts.splitting import Classes
from workbench.tasks.texts.table import Columns
from workbench.tasks.texts.text_family import TextFamily, TextParams

_VECTORS = "Choose a .vec or .txt file of word vectors, as of GloVe or fastText"
_ENCODER = "Choose the folder of a sentence encoder that was saved to disk"


class OwnTextParams(TextParams):
    name: Literal["text"] = "text"
    root: Path = param(
        Path(),
        marked(
            "CSV, TSV or JSON file of sentences with labels, or a folder "
            "of .txt files, one a class."
        ),
        more=marked(
            "JSON: [text, label] pairs, or label: [texts], or splits of "
            "pairs as in CLINC150, whose sentences are pooled. Text files: "
            "a sentence a line."
        ),
    )
    text_column: str = param(
        "text", marked("Column of the sentences."), min_length=1, column_of="root"
    )
    label_column: str = param(
        "label", marked("Column of their classes."), min_length=1, column_of="root"
    )
    split_by: Literal["class", "group", "given"] = param(
        "class",
        marked(
            "Draw classes or whole groups for validation and test, or take "
            "the splits that are given."
        ),
        more=marked(
            "By group, a domain of classes is in one split alone: harder, "
            "and nearer to a new use. Given: by task.split_column or "
            "task.split_file."
        ),
    )
    group_column: str = param(
        "", marked("Column of the groups of classes, if there is one."), column_of="root"
    )
    groups: Path = param(
        Path(), marked("JSON file of label: group, or of group: [labels]."), advanced=True
    )
    split_column: str = param(
        "",
        marked("Column that says train, val or test, the same for a whole class."),
        advanced=True,
        column_of="root",
    )
    split_file: Path = param(
        Path(), marked("JSON file of label: split, or of split: [labels]."), advanced=True
    )
    val_share: float = param(
        0.2,
        marked("Share of classes or groups kept for validation."),
        ge=0.01,
        le=0.6,
        advanced=True,
    )
    test_share: float = param(
        0.2, marked("Share of classes or groups kept for the test."), ge=0.01, le=0.6, advanced=True
    )
    split_seed: int = param(
        0,
        marked("Settles which classes are for training, validation and test."),
        ge=0,
        advanced=True,
    )
    representation: Literal["hashed", "vectors", "encoder"] = param(
        "hashed",
        marked(
            "What a sentence becomes: hashed words, a mean of word vectors, an encoder's vector."
        ),
        more=marked(
            "Hashed words and 4-grams weighed by tf-idf need no other "
            "file. Word vectors and the encoder are read from your disk; "
            "nothing is ever fetched. An encoder stays as it is: what is "
            "meta-learned lies behind it."
        ),
    )
    vectors: Path = param(Path(), marked("Word vectors, a .vec or .txt file."), advanced=True)
    encoder: Path = param(Path(), marked("Folder of a sentence encoder."), advanced=True)
    vector_size: int = param(
        300, marked("Numbers of a word vector, or of an encoder's."), ge=1, le=65_536, advanced=True
    )
    new_classes: Literal["none", "train", "val", "test"] = param(
        "none",
        marked("The split that classes take which came after the run whose splits are kept."),
        advanced=True,
    )
    record: SplitRecord | None = recorded()

    @property
    def settled_by(self) -> str:
        """What settles a split, so that a record of another one is known from it."""
        shares = f"{self.val_share:g}/{self.test_share:g}"
        groups = f"{self.group_column} {self.groups.name}"
        stated = f"{self.split_column} {self.split_file.name}"
        return f"{self.split_by} {shares} {self.split_seed} {groups} {stated}"


@register("task", "text", title=marked("My sentences"), params=OwnTextParams)
class OwnText(TextFamily):
    """Tell classes of your own sentences apart: intents, topics, whatever has labels."""

    params: OwnTextParams
    keeps_splits = True

    def corpus(self, report: Report) -> tuple[Corpus, tuple[str, ...]]:
        params = self.params
        if params.root == Path():
            raise Missing("task.root", marked("no file is chosen"), reading.FORMS)
        columns = Columns(
            params.text_column, params.label_column, params.split_column, params.group_column
        )
        found = reading.read(params.root, columns, report)
        corpus, left_out = gathered(found.rows)
        if len(corpus.class_names) < 2:
            problem = f"{params.root} holds sentences of {_classes(corpus)}"
            told = f" ({'; '.join(left_out)})" if left_out else ""
            raise BadInput(
                "task.root", problem + told, marked("Classes of at least three splits are needed")
            )
        return self._grouped(corpus), (*found.notes, *left_out)

    def divided(self, corpus: Corpus) -> Classes:
        params, record = self.params, self._record(corpus)
        if record is not None:
            return Found(corpus.class_names).placed(record, params.new_classes)
        if params.split_by == "given":
            return splitting.given(corpus, self._stated(corpus))
        cut = splitting.by_class if params.split_by == "class" else splitting.by_group
        draws = generator(params.split_seed, "text", params.split_by)
        return cut(corpus, params.val_share, params.test_share, draws)

    def settled(self) -> dict[str, Any]:
        names, settled_by = self.pool.corpus.class_names, self.params.settled_by
        return {"record": split_record.recorded(names, self._split, settled_by)}

    def departures(self) -> str:
        corpus = self.pool.corpus
        record = self._record(corpus)
        if record is None:
            return ""
        found = Found(corpus.class_names, self._given(corpus))
        return "; ".join(found.departures(self._split, record))

    def notes(self) -> tuple[str, ...]:
        """Told what came of the split that a run has recorded, where one has."""
        if self.params.record is None:
            return super().notes()
        kept = self._record(self.pool.corpus) is not None
        told = split_record.KEPT if kept else Finding(split_record.NOT_OF_THIS)
        return (*super().notes(), told)

    def _record(self, corpus: Corpus) -> SplitRecord | None:
        """What a run has recorded, where it is of this data and of these settings."""
        params = self.params
        return split_record.of_this(params.record, params.settled_by, corpus.class_names)

    def _given(self, corpus: Corpus) -> tuple[str, ...]:
        """The split that the data puts each class into, where it is asked for that."""
        if self.params.split_by != "given":
            return ()
        stated = splitting.given(corpus, self._stated(corpus))
        of = {c: split for split in SPLITS for c in stated[split]}
        return tuple(of.get(c, "") for c in range(len(corpus.class_names)))

    @property
    def vector_size(self) -> int:
        hashed = self.params.representation == "hashed"
        return self.params.features if hashed else self.params.vector_size

    def representation(self, fitted_to: Sequence[str], report: Report) -> Representation:
        params = self.params
        if params.representation == "vectors":
            from workbench.tasks.texts.vectors import read_vectors

            self._needed(params.vectors, "task.vectors", _VECTORS)
            return read_vectors(params.vectors, params.vector_size, fitted_to, report)
        if params.representation == "encoder":
            from workbench.tasks.texts.encoder import Encoder

            self._needed(params.encoder, "task.encoder", _ENCODER)
            return Encoder(params.encoder, params.vector_size)
        return super().representation(fitted_to, report)

    def _grouped(self, corpus: Corpus) -> Corpus:
        file = self.params.groups
        if file == Path():
            return corpus
        held = parse_json(reading.text_of(file, "task.groups"), str(file))
        groups = splitting.labels_of(held, "task.groups", "group")
        names = zip(corpus.class_names, corpus.groups, strict=True)
        return replace(corpus, groups=tuple(groups.get(name, group) for name, group in names))

    def _stated(self, corpus: Corpus) -> dict[str, str]:
        file, column = self.params.split_file, self.params.split_column
        if file == Path() and not column:
            remedy = marked("Give task.split_column or task.split_file, or split by class")
            by_class = Mend("task.split_by", "class")
            raise BadInput("task.split_by", marked("no splits are given"), remedy, by_class)
        if file == Path():
            return dict(zip(corpus.class_names, corpus.splits, strict=True))
        held = parse_json(reading.text_of(file, "task.split_file"), str(file))
        return splitting.labels_of(held, "task.split_file", "split")

    def _needed(self, path: Path, where: str, remedy: str) -> None:
        if path == Path():
            raise Missing(where, marked("nothing is chosen"), remedy)


def _classes(corpus: Corpus) -> str:
    count = len(corpus.class_names)
    return "no class" if not count else f"one class alone, {corpus.class_names[0]}"
