"""`Optimizer`: what all update rules share: groups of parameters, their options, and saving."""

from __future__ import annotations

import inspect
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import numpy as np

from autograd._tensor import Tensor
from autograd.core.variable import Variable, make, version_of
from autograd.errors import DTypeError, ShapeError
from autograd.modes import enable_grad, modes
from optim.hooks import Hooked, replaced, with_hooks
from optim.options import Checks, Group

Params: TypeAlias = Iterable[Tensor] | Iterable[Group] | Iterable[tuple[str, Tensor]]
Number: TypeAlias = float | Tensor
Closure: TypeAlias = Callable[[], Any]

# States that PyTorch saved years ago lack these; the optimizer's own values stay.
_NEWER_OPTIONS = frozenset(
    ("foreach", "maximize", "capturable", "differentiable", "fused", "decoupled_weight_decay")
)


class Optimizer(Hooked, Checks):
    """Changes parameters so that a loss falls. Subclasses write `step`.

    ``params``: an iterable of parameters, of (name, parameter) pairs, or of groups: dicts with a
    ``"params"`` entry and the options in which the group differs from ``defaults``. The groups are
    ``param_groups``; their options, such as ``lr``, may be changed at any time. ``state`` holds
    what a rule remembers of each parameter. ``needs_closure`` is True where `step` computes the
    loss several times. Raises DTypeError or ShapeError for what can't be optimized, and for options
    that make no sense.
    """

    needs_closure = False
    state: Any

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "step" in vars(cls):
            setattr(cls, "step", with_hooks(vars(cls)["step"]))  # noqa: B010  # mypy: no method

    def __init__(self, params: Params, defaults: Mapping[str, Any]) -> None:
        super().__init__()
        self.defaults = dict(defaults)
        self.state = defaultdict(dict)
        self.param_groups: list[Group] = []
        groups = _groups(type(self).__name__, params)
        self.check({"params": [], **self.defaults})
        for group in groups:
            self.add_param_group(group)

    def step(self, closure: Closure | None = None) -> Any:
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
        defaults.

        Warns of a parameter that the group holds twice: it takes two steps at a time. Raises
        ShapeError for one that is in another group already.
        """
        name = type(self).__name__
        if not isinstance(param_group, dict) or "params" not in param_group:
            raise DTypeError(
                f"{name}: a parameter group must be a dict with 'params', got {param_group!r}"
            )
        names, params = _named(name, param_group["params"])
        _check_params(name, params)
        _check_repetitions(name, params, self.param_groups)
        group = {**self.defaults, **param_group, "params": params}
        if names:
            group["param_names"] = names
        if any(("param_names" in other) != bool(names) for other in self.param_groups):
            raise ShapeError(
                f"{name}: either all groups have named parameters or none; this one is "
                f"{'with' if names else 'without'} names"
            )
        self.check(group)
        self.param_groups.append(group)

    def check(self, group: Group) -> None:
        """Raise ShapeError for options that make no sense. Subclasses say which."""

    def state_dict(self) -> dict[str, Any]:
        """Everything a later run needs to go on, in PyTorch's layout: parameters are numbered in
        their order."""
        for hook in list(self._state_dict_pre_hooks.values()):
            hook(self)
        params = [param for group in self.param_groups for param in group["params"]]
        number = {id(param): i for i, param in enumerate(params)}
        known = self.state
        state = {
            "state": {number[id(param)]: dict(known[param]) for param in params if param in known},
            "param_groups": [
                {**group, "params": [number[id(param)] for param in group["params"]]}
                for group in self.param_groups
            ],
        }
        return replaced(self._state_dict_post_hooks, self, state)  # type: ignore[no-any-return]  # a hook's business

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on from ``state_dict``, this library's or PyTorch's, with the options in it. Raises
        ShapeError if it has other parameters, or is the state of an optimizer of another kind."""
        name = type(self).__name__
        if not isinstance(state_dict, Mapping):
            raise DTypeError(f"{name}: load_state_dict needs a dict, got {state_dict!r}")
        state_dict = replaced(self._load_state_dict_pre_hooks, self, dict(state_dict))
        if not {"state", "param_groups"} <= state_dict.keys():
            raise DTypeError(
                f"{name}: load_state_dict needs a dict with 'state' and 'param_groups'"
            )
        groups = state_dict["param_groups"]
        sizes = [len(group["params"]) for group in self.param_groups]
        saved_sizes = [len(group["params"]) for group in groups]
        if sizes != saved_sizes:
            raise ShapeError(
                f"{name}: the saved state has groups of {saved_sizes} parameters, this optimizer "
                f"of {sizes}; give it the parameters that were saved, in the same groups"
            )
        state: dict[Any, dict[str, Any]] = {}
        for group, saved in zip(self.param_groups, groups):
            self._check_kind(group, saved)
            for param, key in zip(group["params"], saved["params"]):
                if key in state_dict["state"]:
                    state[param] = _loaded(state_dict["state"][key], param)
        self._check_state(state)
        for group, saved in zip(self.param_groups, groups):
            group.update(
                {option: _own(value) for option, value in saved.items() if option != "params"}
            )
        self._set_state(state)
        for hook in list(self._load_state_dict_post_hooks.values()):
            hook(self)

    def _check_kind(self, group: Group, saved: Group) -> None:
        """Raise ShapeError if the options ``saved`` are not those of this rule, but of another."""
        lacking = self.defaults.keys() - saved.keys() - _NEWER_OPTIONS
        foreign = (saved.keys() - group.keys()) & _options_of_rules()
        if lacking or foreign:
            differences = [f"has {option}" for option in sorted(foreign)]
            differences += [f"lacks {option}" for option in sorted(lacking)]
            raise ShapeError(
                f"{type(self).__name__}: the saved state is of an optimizer of another kind: it "
                f"{', '.join(differences)}; load it into one of the kind that was saved"
            )

    def _check_state(self, state: Mapping[Any, Mapping[str, Any]]) -> None:
        """Raise ShapeError if ``state``, by parameter, can't be this optimizer's."""

    def _set_state(self, state: Mapping[Any, Mapping[str, Any]]) -> None:
        self.state = defaultdict(dict, {param: dict(known) for param, known in state.items()})

    def _loss(self, closure: Closure | None) -> Any:
        """What ``closure`` returns, called with gradients enabled; None without one."""
        if closure is None:
            return None
        if modes.get().grad:
            return closure()
        with enable_grad():
            return closure()

    def __getstate__(self) -> dict[str, Any]:
        state = {param: dict(known) for param, known in self.state.items()}
        return {"defaults": self.defaults, "state": state, "param_groups": self.param_groups}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        super().__init__()
        self.defaults, self.param_groups = state["defaults"], state["param_groups"]
        self._set_state(state["state"])

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
            "model without parameters has nothing to optimize"
        )
    return params if isinstance(params[0], dict) else [{"params": params}]


def _kind(value: Any) -> str:
    return "one tensor" if isinstance(value, Variable) else f"a {type(value).__name__}"


def _named(name: str, params: Any) -> tuple[list[str], list[Any]]:
    """The names, if any, and the parameters of a group."""
    if isinstance(params, (set, frozenset)):
        raise DTypeError(f"{name}: the order of parameters matters, and a set has none; use a list")
    params = [params] if isinstance(params, Variable) else list(params)
    named = [param for param in params if isinstance(param, tuple) and len(param) == 2]
    if not named:
        return [], params
    if len(named) != len(params):
        raise ShapeError(
            f"{name}: either all parameters of a group are (name, parameter) pairs or none; "
            f"{len(params) - len(named)} of {len(params)} have no name"
        )
    return [str(key) for key, _ in params], [param for _, param in params]


def _check_params(name: str, params: list[Any]) -> None:
    for i, param in enumerate(params):
        if not isinstance(param, Tensor):
            raise DTypeError(f"{name}: params[{i}] is {_kind(param)}; it must be a tensor")
        if not param.is_leaf and not param.retains_grad:
            raise ShapeError(
                f"{name}: params[{i}] was made by {param.grad_fn.name}; only leaves can be "
                "optimized. "
                "Pass the tensors it was made from, or a detached copy: x.detach().requires_grad_()"
            )


def _check_repetitions(name: str, params: list[Any], groups: list[Group]) -> None:
    ids = {id(param) for param in params}
    if len(ids) < len(params):
        warnings.warn(
            f"{name}: a parameter group holds the same parameter more than once; each time "
            "counts as a step of its own. Pass each parameter once",
            UserWarning,
            stacklevel=4,
        )
    for group in groups:
        for i, param in enumerate(group["params"]):
            if id(param) in ids:
                raise ShapeError(
                    f"{name}: a parameter appears twice: it is params[{i}] of an earlier group "
                    "already; pass each parameter once"
                )


def _options_of_rules(rule: type[Optimizer] = Optimizer) -> set[str]:
    """The names of the arguments of all optimizers that there are."""
    parts = (_options_of_rules(part) for part in rule.__subclasses__())
    return set(inspect.signature(rule).parameters).union(*parts)


def _loaded(saved: Mapping[str, Any], param: Any) -> dict[str, Any]:
    """``saved``, the state of ``param``, as tensors of our own: a copy, in its dtype."""
    return {key: _own(value, param) for key, value in saved.items() if value is not None}


def _own(value: Any, param: Any = None) -> Any:
    """A copy of ``value`` in which all tensors, this library's or another's, are our own."""
    if isinstance(value, dict):
        return {key: _own(entry, param) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_own(entry, param) for entry in value)
    if isinstance(value, np.generic) or not (hasattr(value, "shape") and hasattr(value, "dtype")):
        return value
    array = np.asarray(value.detach() if hasattr(value, "detach") else value).copy()
    # What has no dims belongs to the parameter as a whole, such as its step: it keeps its dtype.
    cast = param is not None and array.ndim and array.dtype.kind in "fc"
    return make(array.astype(param.dtype, copy=False) if cast else array)


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
