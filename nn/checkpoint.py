"""`Checkpoint`: the whole state of a training run in a folder, whole at any moment.

A checkpoint is two files: the arrays, ``000012-step-3000.safetensors``, and then a manifest,
``000012-step-3000.json``, with everything else and a checksum of each array. Both appear under
their names only when they are on the disk, and no file is ever written over; so a checkpoint whose
manifest is there is whole, and files without one are what a killed program left behind.
"""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograd.core.variable import Array
from autograd.creation import integer
from autograd.errors import AutogradError, DTypeError, ShapeError
from autograd.generator import Generator
from nn import tree
from nn.checkpoint_random import RandomStates
from nn.checkpoint_state import Arrays, from_json, to_json
from nn.folder_lock import lock_to_read, lock_to_write
from nn.module import Module
from nn.saving import read_arrays, serialized, synchronize_folder, write_atomically

_FORMAT = 1
_RANDOM = "random state"  # the name of what no part may be called
_NAME = re.compile(r"(\d+)-step-\d+\.(json|safetensors)")
# What is in a manifest besides its checksum.
_ENTRIES = {
    "format": int,
    "step": int,
    "metrics": dict,
    "parts": dict,
    "random": dict,
    "arrays": dict,
}
# What is raised where a manifest says something else than it should.
_WRONG = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
_UNFINISHED = re.compile(rf"\.{_NAME.pattern}\.[0-9a-f]{{16}}")


class Restored(NamedTuple):
    """What `Checkpoint.load` found."""

    step: int
    metrics: dict[str, Any]
    path: Path


class Checkpoint:
    """The state of a training run in ``folder``: the last ``keep`` ones saved, or all with None.

    Saving is atomic and durable: a program that is killed, a full disk or a loss of power leaves
    the checkpoint before or the new one. Several programs may save into a folder, and load from it;
    they wait for each other. (On Windows, and where the file system has no locks, let only one
    save.)

    >>> import nn, optim, tempfile
    >>> model = nn.Dense(2, 1)
    >>> optimizer = optim.Adam(model.parameters())
    >>> checkpoint = nn.Checkpoint(tempfile.mkdtemp())
    >>> path = checkpoint.save(100, model=model, optimizer=optimizer, metrics={"loss": 0.5})
    >>> path.name
    '000001-step-100.json'
    >>> restored = checkpoint.load(model=model, optimizer=optimizer)
    >>> restored.step, restored.metrics
    (100, {'loss': 0.5})
    """

    def __init__(self, folder: str | Path, keep: int | None = 3) -> None:
        if keep is not None and integer("Checkpoint: keep", keep) < 1:
            raise ShapeError(f"Checkpoint: keep must be positive, or None to keep all, got {keep}")
        self.folder, self.keep = Path(folder), keep

    def save(self, step: int, *, metrics: Mapping[str, Any] | None = None, **parts: Any) -> Path:
        """Save the states of ``parts``, ``step``, ``metrics`` and all random states; return the
        path of the manifest, once everything is on the disk.

        A part is whatever has ``state_dict`` and ``load_state_dict``, or an `autograd.Generator`.
        Old checkpoints are deleted afterwards. Raises DTypeError for a state with something in it
        that is no number, string, None, tensor, array, list, tuple or dict, and OSError where the
        folder can't be written; then the checkpoints are as they were.
        """
        step = integer("Checkpoint.save: step", step)
        if step < 0:
            raise ShapeError(f"Checkpoint.save: step must not be negative, got {step}")
        arrays: Arrays = {}
        body = {
            "format": _FORMAT,
            "step": step,
            "metrics": to_json(dict(metrics or {}), "metrics", arrays),
            "parts": {name: _part_to_json(name, part, arrays) for name, part in parts.items()},
            # Last: a loader that is asked for its state may draw its seed.
            "random": to_json(RandomStates().state_dict(), "random", arrays),
        }
        data = serialized(arrays, "Checkpoint.save")
        body["arrays"] = {name: _description(array) for name, array in arrays.items()}
        _make_folder(self.folder)
        with lock_to_write(self.folder):
            number = 1 + max((_number(path) for path in self._files()), default=0)
            self._delete_unfinished()
            path = self.folder / f"{number:06d}-step-{step}.json"
            write_atomically(path.with_suffix(".safetensors"), data)
            write_atomically(path, _sealed(body))
            self._delete_all_but(self._manifests()[: self.keep])
        return path

    def load(self, *, random_state: bool = True, **parts: Any) -> Restored | None:
        """Load the last checkpoint that is whole into ``parts``; None if nothing was ever saved.

        Everything is verified first, and if a part refuses its state, or Ctrl-C comes meanwhile,
        all are as they were. Warns of damaged checkpoints that were skipped.
        ``random_state=False`` leaves the generators alone: to use a model, not to go on training
        it. Raises AutogradError if no checkpoint is whole, a part was not saved or does not fit.
        """
        for name, part in parts.items():
            _check_part(name, part)
        with lock_to_read(self.folder):
            path, body, arrays = self._last_whole()
        if path is None:
            return None
        saved = {name: _saved_state(path, body, name, part) for name, part in parts.items()}
        restored = Restored(body["step"], _decoded(body["metrics"], arrays, path), path)
        states = _decoded(saved, arrays, path)
        generators = RandomStates()
        states[_RANDOM] = (
            _decoded(body["random"], arrays, path) if random_state else generators.state_dict()
        )
        _load_all(path, {**parts, _RANDOM: generators}, states)
        return restored

    def _files(self) -> list[Path]:
        """What belongs to checkpoints, the last saved first."""
        found = self.folder.iterdir() if self.folder.is_dir() else ()
        return sorted((path for path in found if _NAME.fullmatch(path.name)), key=_number)[::-1]

    def _manifests(self) -> list[Path]:
        return [path for path in self._files() if path.suffix == ".json"]

    def _last_whole(self) -> tuple[Path | None, Any, Arrays]:
        """The last checkpoint that is whole: its path, manifest and arrays."""
        skipped = []
        for path in self._manifests():
            try:
                found = path, *_read(path)
            except (AutogradError, OSError) as error:
                skipped.append(f"\n  {path.name}: {error}")
                continue
            if skipped:
                warnings.warn(
                    f"Checkpoint: using {path}, for newer ones are damaged:{''.join(skipped)}",
                    stacklevel=3,
                )
            return found
        if skipped:
            raise AutogradError(
                f"Checkpoint: no checkpoint in {str(self.folder)!r} is whole:{''.join(skipped)}\n"
                "restore the files, or start anew in another folder"
            )
        return None, None, {}

    def _delete_unfinished(self) -> None:
        """Delete what killed programs have left behind: the disk may have no room for it and for a
        new checkpoint."""
        for path in self.folder.iterdir():
            if _UNFINISHED.fullmatch(path.name):
                path.unlink(missing_ok=True)
        self._delete_all_but(self._manifests())

    def _delete_all_but(self, kept: list[Path]) -> None:
        """Delete the checkpoints that don't have these manifests. Manifests go first: there are no
        arrays missing where there is a manifest."""
        names = {path.stem for path in kept}
        old = [path for path in self._files() if path.stem not in names]
        for path in sorted(old, key=lambda path: path.suffix):
            path.unlink(missing_ok=True)


def _number(path: Path) -> int:
    return int(path.name.split("-")[0])


def _make_folder(folder: Path) -> None:
    """Make ``folder`` and those around it, if they are not there, so that they survive a loss of
    power."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        synchronize_folder(folder.parent)


# -- manifests -------------------------------------------------------------------------------------


def _sealed(body: Mapping[str, Any]) -> bytes:
    """The manifest that says ``body``, with a checksum of it."""
    return json.dumps({"sha256": _seal(body), **body}, indent=1).encode()


def _read(path: Path) -> tuple[Any, Arrays]:
    """The manifest ``path`` and its arrays. Raises AutogradError or OSError unless they are what
    was saved."""
    body = _unsealed(path.read_bytes())
    arrays = read_arrays(path.with_suffix(".safetensors"), "Checkpoint")
    found = {name: _description(array) for name, array in arrays.items()}
    wrong = [name for name in body["arrays"] if body["arrays"][name] != found.get(name)]
    if wrong or len(found) != len(body["arrays"]):
        raise AutogradError(f"the arrays are not those that were saved: {', '.join(wrong)}")
    return body, arrays


def _unsealed(data: bytes) -> Any:
    try:
        body = json.loads(data)
        seal = body.pop("sha256")
        actual = _seal(body)
    except _WRONG as error:
        raise AutogradError(f"the manifest is damaged: {error}") from error
    if seal != actual:
        raise AutogradError("the manifest is damaged: its checksum is another")
    if body.get("format") != _FORMAT:
        raise AutogradError(f"the manifest has format {body.get('format')}; update this library")
    if not _has_all_entries(body):
        raise AutogradError("the manifest lacks something, though its checksum is right")
    return body


def _has_all_entries(body: Mapping[str, Any]) -> bool:
    return {name: type(entry) for name, entry in body.items()} == _ENTRIES and all(
        type(part) is dict and {"class", "state"} <= part.keys() for part in body["parts"].values()
    )


def _seal(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body).encode()).hexdigest()


def _description(array: Array) -> dict[str, Any]:
    """All that tells ``array`` from others."""
    data = np.require(array, requirements="C").reshape(-1).view(np.uint8)
    digest = hashlib.sha256(data).hexdigest()
    return {"dtype": array.dtype.name, "shape": list(array.shape), "sha256": digest}


# -- parts -----------------------------------------------------------------------------------------


def _check_part(name: str, part: Any) -> None:
    """Raise DTypeError if ``part`` has no state."""
    methods = hasattr(part, "state_dict") and hasattr(part, "load_state_dict")
    if not (methods or isinstance(part, Generator)):
        raise DTypeError(
            f"Checkpoint: {name} must have state_dict() and load_state_dict(), or be an "
            f"autograd.Generator; got a {type(part).__name__}"
        )


def _state_of(part: Any) -> Any:
    return part.get_state() if isinstance(part, Generator) else part.state_dict()


def _load_state(part: Any, state: Any) -> None:
    if isinstance(part, Generator):
        part.set_state(state)
    else:
        part.load_state_dict(state)


def _part_to_json(name: str, part: Any, arrays: Arrays) -> dict[str, Any]:
    _check_part(name, part)
    return {"class": type(part).__name__, "state": to_json(_state_of(part), name, arrays)}


def _saved_state(path: Path, body: Any, name: str, part: Any) -> Any:
    """What the manifest ``path`` says of ``part``. Raises AutogradError if that is nothing, or of
    another kind."""
    saved = body["parts"]
    if name not in saved:
        raise AutogradError(
            f"Checkpoint: {path} has no {name!r}{tree.near(name, saved)}; there are "
            f"{', '.join(saved) or 'no parts'}"
        )
    found, needed = saved[name]["class"], type(part).__name__
    # An AdamW would take the state of an Adam, and become one.
    if found != needed and not isinstance(part, Module):
        raise AutogradError(
            f"Checkpoint: {name} is a {needed}, but the one in {path} is a {found}; nothing has "
            "been changed"
        )
    return saved[name]["state"]


def _load_all(path: Path, parts: Mapping[str, Any], states: Mapping[str, Any]) -> None:
    """Give each of ``parts`` its state; if one refuses it, all get back those they had. The last
    are the generators, from which the others may draw."""
    generators = parts[_RANDOM]
    random = generators.state_dict()
    before: dict[str, Any] = {}
    begun: list[str] = []
    name = ""
    try:
        for name, part in parts.items():
            before[name] = deepcopy(_state_of(part))
        for name, part in parts.items():
            begun.append(name)
            _load_state(part, states[name])
    except BaseException as error:
        lost = {each: _restore(parts[each], before[each]) for each in reversed(begun)}
        generators.load_state_dict(random)
        if not isinstance(error, Exception):  # Ctrl-C
            raise
        outcome = "nothing has been changed"
        if any(lost.values()):
            reasons = ", ".join(f"{each} ({why})" for each, why in lost.items() if why)
            outcome = f"{reasons} did not take the old state back; all others have theirs"
        raise AutogradError(
            f"Checkpoint: {name} does not fit {path}, and {outcome}: {error}"
        ) from error


def _restore(part: Any, state: Any) -> str:
    """Give ``part`` its old state back; why it does not take it, or nothing."""
    try:
        _load_state(part, state)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _decoded(value: Any, arrays: Arrays, path: Path) -> Any:
    """The state that ``value`` in the manifest ``path`` stands for."""
    try:
        return from_json(value, arrays)
    except _WRONG as error:
        raise AutogradError(
            f"Checkpoint: {path} holds something that is no state: {error}"
        ) from error
