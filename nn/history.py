"""`History`: what was measured in each epoch of a training."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograd.errors import AutogradError, DTypeError, ShapeError
from autograd.tables import as_html
from nn import tree
from nn.saving import write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Record = dict[str, Any]

# What counts the epochs, and is no result of them.
COUNTERS = ("epoch", "step")
_VALIDATION = "validation_"
_COLOURS = {"training": "C0", "validation": "C1"}
_COLUMNS = 3  # of panels in a plot


class History(Mapping[str, list[Any]]):
    """The values of each epoch by name, as a dict of lists; ``records`` is a list of dicts.

    Where an epoch lacks a value that others have, it is None.

    >>> import nn
    >>> history = nn.History()
    >>> record = history.append({"epoch": 1, "loss": 0.5})
    >>> record = history.append({"epoch": 2, "loss": 0.25})
    >>> history["loss"]
    [0.5, 0.25]
    >>> dict(history)
    {'epoch': [1, 2], 'loss': [0.5, 0.25]}
    """

    def __init__(self, records: Iterable[Mapping[str, Any]] = ()) -> None:
        self.records: list[Record] = []
        for record in records:
            self.append(record)

    def append(self, record: Mapping[str, Any]) -> Record:
        """Add an epoch; return its entry in ``records``, which may be extended.

        Tensors and arrays become numbers or lists. Raises DTypeError for what JSON has no form of.
        """
        self.records.append({name: _plain(name, value) for name, value in record.items()})
        return self.records[-1]

    def __getitem__(self, name: str) -> list[Any]:
        if name not in set(self):
            raise KeyError(f"History: there is no {name!r}{tree.near(name, list(self))}")
        return [record.get(name) for record in self.records]

    def __iter__(self) -> Iterator[str]:
        """The names, in the order in which they turned up."""
        return iter(dict.fromkeys(name for record in self.records for name in record))

    def __len__(self) -> int:
        """The number of names."""
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return f"History({len(self.records)} epochs: {', '.join(self)})"

    def _repr_html_(self) -> str:
        names = list(self)
        rows = [[_cell(record.get(name)) for name in names] for record in self.records]
        return as_html(names, rows, names=0)

    # -- files -------------------------------------------------------------------------------------

    def save(self, path: str | Path) -> None:
        """Write a table (``.csv``) or an object a line (``.jsonl``) for each epoch, atomically.

        The cells of a table are JSON too. NaN and infinities are written as Python and pandas
        do: ``NaN``, ``Infinity``. Raises ShapeError for another suffix.
        """
        write, _ = _format("History.save", path)
        write_atomically(path, write(self).encode())

    @classmethod
    def load(cls, path: str | Path) -> History:
        """What was saved to ``path``, value for value.

        Raises ShapeError for another suffix, AutogradError for a file that holds something else.
        """
        _, read = _format("History.load", path)
        if not Path(path).is_file():
            raise FileNotFoundError(f"History.load: there is no file {str(path)!r}")
        try:
            return cls(read(Path(path).read_text(encoding="utf-8")))
        except (ValueError, TypeError, AttributeError) as error:
            raise AutogradError(f"History.load: {str(path)!r} is no history: {error}") from error

    # -- drawing -----------------------------------------------------------------------------------

    def plot(self, path: str | Path | None = None) -> Figure:
        """Draw each number against the epochs, those of training and validation together; save the
        picture to ``path``, if given. Needs matplotlib.
        """
        try:
            from nn.plotting import Plot
        except ImportError:
            raise AutogradError(
                "History.plot: needs matplotlib; install it: pip install matplotlib"
            ) from None
        panels = self._panels()
        if not panels:
            raise ShapeError("History.plot: there is nothing to draw; call fit() first")
        columns = min(len(panels), _COLUMNS)
        rows = ceil(len(panels) / columns)
        figure = Plot(figsize=(5 * columns, 4 * rows), layout="constrained")
        for place, (title, names) in enumerate(panels, 1):
            self._draw(figure.add_subplot(rows, columns, place), title, names)
        if path is not None:
            figure.savefig(path, dpi=120)
        return figure

    def _panels(self) -> list[tuple[str, list[str]]]:
        """The names that are numbers, those that belong together in one panel."""
        panels: dict[str, list[str]] = {}
        for name in self:
            numbers = all(is_number(value) for value in self[name] if value is not None)
            if numbers and name not in COUNTERS:
                panels.setdefault(name.removeprefix(_VALIDATION), []).append(name)
        return list(panels.items())

    def _draw(self, axes: Any, title: str, names: list[str]) -> None:
        for name in names:
            points = [(i, v) for i, v in enumerate(self[name], 1) if v is not None]
            label = "validation" if name.startswith(_VALIDATION) else "training"
            axes.plot(*zip(*points), marker=".", label=label, color=_COLOURS[label])
        axes.set(title=title.replace("_", " "), xlabel="epoch")
        axes.xaxis.get_major_locator().set_params(integer=True)
        if names != [title]:
            axes.legend()


def is_number(value: Any) -> bool:
    """Whether ``value`` can be a point of a curve."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _cell(value: Any) -> str:
    """``value`` in a table."""
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _plain(name: str, value: Any) -> Any:
    """``value`` as JSON has it."""
    if hasattr(value, "tolist"):  # a tensor, an array, a number of NumPy's
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(f"{name}.{key}", entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(name, entry) for entry in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise DTypeError(
        f"History: {name} is a {type(value).__name__}; a metric must give numbers, strings, "
        "tensors or arrays, or lists or dicts of such"
    )


# -- the forms of files ----------------------------------------------------------------------------


def _to_csv(history: History) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(history), lineterminator="\n")
    writer.writeheader()
    for record in history.records:
        writer.writerow({name: json.dumps(value) for name, value in record.items()})
    return text.getvalue()


def _from_csv(text: str) -> list[Record]:
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return [{name: json.loads(cell) for name, cell in row.items() if cell != ""} for row in rows]


def _to_lines(history: History) -> str:
    return "".join(f"{json.dumps(record)}\n" for record in history.records)


def _from_lines(text: str) -> list[Record]:
    return [json.loads(line) for line in text.splitlines() if line]


_FORMATS = {".csv": (_to_csv, _from_csv), ".jsonl": (_to_lines, _from_lines)}


def _format(
    operation: str, path: str | Path
) -> tuple[Callable[[History], str], Callable[[str], list[Record]]]:
    suffix = Path(path).suffix
    if suffix not in _FORMATS:
        raise ShapeError(f"{operation}: the name must end in .csv or .jsonl, got {str(path)!r}")
    return _FORMATS[suffix]
