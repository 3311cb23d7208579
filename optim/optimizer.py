"""`Optimizer`: what all update rules share: groups of parameters, their options, and saving."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from autograd._tensor import Tensor
from autograd.core.variable import Variable, make, version_of
from autograd.errors import DTypeError, GraphError, ShapeError

Group = dict[str, Any]


class Optimizer:
    """Changes parameters so that a loss falls. Subclasses write `step`.

    ``params``: an iterable of parameters, of (name, parameter) pairs, or of groups: dicts with a
    ``"params"`` entry and the options in which the group differs from ``defaults``. The groups are
    ``param_groups``; their options, such as ``lr``, may be changed at any time. ``state`` holds
    what a rule remembers of each parameter. Raises DTypeError, GraphError or ShapeError for what
    can't be optimized.
    """

    state: Any

    def __init__(self, params: Any, defaults: Mapping[str, Any]) -> None:
        self.defaults = dict(defaults)
        self.state = defaultdict(dict)
        self.param_groups: list[Group] = []
        for group in _groups(type(self).__name__, params):
            self.add_param_group(group)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters once; ``closure`` computes the loss anew, and its result is
        returned."""
        raise NotImplementedError(
            f"{type(self).__name__} defines no step(); an optimizer is a class that does"
        )

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, so that the next backward pass starts from nothing; or fill them
        with zeros."""
        for group in self.param_groups:
            for param in group["params"]:
                sink = param._sink
                if sink is None or sink.grad is None:
                    continue
                if set_to_none:
                    sink.grad = None
                else:
                    sink.grad = make(np.zeros_like(sink.grad._array))

    def add_param_group(self, param_group: Group) -> None:
        """Optimize ``param_group["params"]`` too, with the options that the dict gives, else the
        defaults."""
        name = type(self).__name__
        if not isinstance(param_group, dict) or "params" not in param_group:
            raise DTypeError(
                f"{name}: a parameter group must be a dict with 'params', got {param_group!r}"
            )
        names, params = _named(name, param_group["params"])
        _check_params(
            name, params, [param for group in self.param_groups for param in group["params"]]
        )
        group = {**self.defaults, **param_group, "params": params}
        if names:
            group["param_names"] = names
        self.check(group)
        self.param_groups.append(group)

    def check(self, group: Group) -> None:
        """Raise ShapeError for options that make no sense. Subclasses say which."""

    def require(self, condition: bool, option: str, value: Any, needed: str) -> None:
        """Raise ShapeError, saying what ``option`` must be, unless ``condition`` holds."""
        if not condition:
            raise ShapeError(f"{type(self).__name__}: {option} must be {needed}, got {value!r}")

    def state_dict(self) -> dict[str, Any]:
        """Everything a later run needs to go on, in PyTorch's layout: parameters are numbered in
        their order."""
        params = [param for group in self.param_groups for param in group["params"]]
        number = {id(param): i for i, param in enumerate(params)}
        known = self.state
        return {
            "state": {i: dict(known[param]) for i, param in enumerate(params) if param in known},
            "param_groups": [
                {**group, "params": [number[id(param)] for param in group["params"]]}
                for group in self.param_groups
            ],
        }

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from ``state_dict``, this library's or PyTorch's. Raises ShapeError if it has other
        parameters."""
        name = type(self).__name__
        if (
            not isinstance(state_dict, Mapping)
            or not {"state", "param_groups"} <= state_dict.keys()
        ):
            raise DTypeError(
                f"{name}: load_state_dict needs a dict with 'state' and 'param_groups'"
            )
        groups = state_dict["param_groups"]
        sizes = [len(group["params"]) for group in self.param_groups]
        saved_sizes = [len(group["params"]) for group in groups]
        if sizes != saved_sizes:
            raise ShapeError(
                f"{name}: the saved state has groups of {saved_sizes} parameters, this optimizer "
                f"of {sizes}; "
                "give it the parameters that were saved, in the same groups"
            )
        state: dict[Any, dict[str, Any]] = {}
        for group, saved in zip(self.param_groups, groups):
            for param, key in zip(group["params"], saved["params"]):
                if key in state_dict["state"]:
                    state[param] = _loaded(name, param, state_dict["state"][key])
        for group, saved in zip(self.param_groups, groups):
            group.update(
                {option: _own(value) for option, value in saved.items() if option != "params"}
            )
        self._set_state(state)

    def _set_state(self, state: dict[Any, dict[str, Any]]) -> None:
        self.state = defaultdict(dict, state)

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for i, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {i}")
            lines += [
                f"    {option}: {group[option]}" for option in sorted(group) if option != "params"
            ]
        return "\n".join([*lines, ")"])


def _groups(name: str, params: Any) -> list[Group]:
    """The groups meant by the argument ``params`` of an optimizer."""
    if (
        isinstance(params, Variable)
        or not isinstance(params, Iterable)
        or isinstance(params, (str, dict))
    ):
        remedy = (
            "pass model.parameters()" if hasattr(params, "parameters") else "put them into a list"
        )
        raise DTypeError(
            f"{name}: params must be an iterable of parameters or dicts, got {_kind(params)}; "
            f"{remedy}"
        )
    params = list(params)
    if not params:
        raise ShapeError(
            f"{name}: got an empty parameter list; an iterator is used up after one pass, and a "
            "model without "
            "parameters has nothing to optimize"
        )
    return params if isinstance(params[0], dict) else [{"params": params}]


def _kind(value: Any) -> str:
    return "one tensor" if isinstance(value, Variable) else f"a {type(value).__name__}"


def _named(name: str, params: Any) -> tuple[list[str], list[Any]]:
    """The names, if any, and the parameters of a group."""
    if isinstance(params, (set, frozenset)):
        raise DTypeError(f"{name}: the order of parameters matters, and a set has none; use a list")
    params = [params] if isinstance(params, Variable) else list(params)
    if params and all(isinstance(param, tuple) and len(param) == 2 for param in params):
        return [str(key) for key, _ in params], [param for _, param in params]
    return [], params


def _check_params(name: str, params: list[Any], known: list[Any]) -> None:
    seen = {id(param) for param in known}
    for i, param in enumerate(params):
        if not isinstance(param, Tensor):
            raise DTypeError(f"{name}: params[{i}] is {_kind(param)}; it must be a tensor")
        if not param.is_leaf and not param.retains_grad:
            raise GraphError(
                f"{name}: params[{i}] was made by {param.grad_fn.name}; only leaves can be "
                "optimized. "
                "Pass the tensors it was made from, or a detached copy: x.detach().requires_grad_()"
            )
        if id(param) in seen:
            raise ShapeError(
                f"{name}: params[{i}] appears twice, here or in another group; pass each "
                "parameter once"
            )
        seen.add(id(param))


def _loaded(name: str, param: Any, saved: Mapping[str, Any]) -> dict[str, Any]:
    """``saved``, the state of ``param``, as tensors of our own: a copy, in its dtype."""
    return {
        key: _own(value, param) for key, value in saved.items() if _fits(name, key, value, param)
    }


def _fits(name: str, key: str, value: Any, param: Any) -> bool:
    shape = getattr(value, "shape", ())
    if shape != () and tuple(shape) != param.shape:
        raise ShapeError(
            f"{name}: the saved {key} has shape {tuple(shape)}, its parameter {param.shape}"
        )
    return value is not None


def _own(value: Any, param: Any = None) -> Any:
    """A copy of ``value`` if it is a tensor, this library's or another's; else ``value``."""
    if not hasattr(value, "shape") or not hasattr(value, "dtype"):
        return value
    array = np.asarray(value.detach() if hasattr(value, "detach") else value).copy()
    if param is None:
        return array.item() if array.ndim == 0 else make(array)
    same_kind = array.shape == param.shape and array.dtype.kind in "fc"
    return make(array.astype(param.dtype, copy=False) if same_kind and array.ndim else array)


def mark_changed(params: Iterable[Any]) -> None:
    """Note in the versions of ``params`` that their memory has just been changed."""
    first = None
    for param in params:
        version = version_of(param)
        if first is None:
            version.bump()
            first = version
        else:
            version.changed = first.changed
