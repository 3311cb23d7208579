"""The values of a module by name: taken out, and copied back in after checking that all of them
fit."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from autograd.core.variable import Variable, make, version_of
from autograd.errors import AutogradError, DTypeError
from nn import tree
from nn.calling import Hooked
from nn.parameter import is_lazy

if TYPE_CHECKING:
    from autograd._tensor import Tensor
    from autograd.hooks import HookHandle

_EXTRA = "_extra_state"
_SHOWN = 20  # keys in an error or a report


class _Keys(NamedTuple):
    missing_keys: list[str]
    unexpected_keys: list[str]


class LoadResult(_Keys):
    """What `Module.load_state_dict` did not match: ``missing, unexpected = result``. Printed, it
    says also how much it loaded, and which names resemble each other.

    >>> import autograd, nn
    >>> state = {"weight": autograd.ones(2, 1), "bais": autograd.zeros(2)}
    >>> print(nn.Dense(1, 2).load_state_dict(state, strict=False))
    loaded 1 of 2
      Missing key: bias; did you mean 'bais'?
      Unexpected key: bais; did you mean 'bias'?
    """

    # The names of what has now the values of the state dict.
    loaded_keys: list[str]

    def __init__(self, missing_keys: list[str], unexpected_keys: list[str]) -> None:
        self.loaded_keys = []

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return (
            f"LoadResult(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"
        )

    def __str__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return repr(self)
        known = [*self.loaded_keys, *self.missing_keys]
        first = f"loaded {len(self.loaded_keys)} of {len(known)}"
        return "\n  ".join([first, *_unmatched(self, known)])


class Saveable(Hooked):
    """What a module does with its state dict."""

    # Goes into the metadata of a state dict: a class whose names or values have changed raises it,
    # and can tell by it, in a hook, what it is to load.
    _version: ClassVar[int] = 1

    def state_dict(
        self, *, destination: Any = None, prefix: str = "", keep_vars: bool = False
    ) -> dict[str, Tensor]:
        """All parameters and persistent buffers by name, sharing their memory.

        ``keep_vars``: they themselves. ``prefix``: what the names begin with, ``net.``, say.
        ``destination``: a dict to put them into.
        """
        if destination is None:
            destination = OrderedDict()
            destination._metadata = OrderedDict()  # for each module, the version of its class
        found: dict[str, Tensor] = _save(self, destination, prefix, keep_vars, ())
        return found

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> LoadResult:
        """Copy the values of ``state_dict``, this library's or PyTorch's, into the parameters and
        buffers.

        Returns ``(missing_keys, unexpected_keys)``, which prints as a report and has
        ``loaded_keys`` too. Raises one error that lists all that does not fit: shapes, and with
        ``strict`` missing and unexpected names; without, only if no name matches. Then nothing has
        been changed. ``assign``: share the memory of the given tensors instead.
        """
        return _load(self, state_dict, strict, assign)

    def get_extra_state(self) -> Any:
        """What the state dict is to hold besides tensors. Subclasses that define it define
        `set_extra_state` too."""
        raise self._without_extra_state("get_extra_state")

    def set_extra_state(self, state: Any) -> None:
        """Take back what `get_extra_state` has returned. Subclasses define it."""
        raise self._without_extra_state("set_extra_state")

    def _without_extra_state(self, method: str) -> AutogradError:
        name = type(self).__name__
        return AutogradError(f"{name}: has no extra state; define {method} in class {name}")

    # -- hooks -------------------------------------------------------------------------------------

    def register_state_dict_pre_hook(self, hook: Callable[..., None]) -> HookHandle:
        """Call ``hook(module, prefix, keep_vars)`` before the module is put into a state dict."""
        return self._add_hook("saving", hook)

    def register_state_dict_post_hook(self, hook: Callable[..., None]) -> HookHandle:
        """Call ``hook(module, state_dict, prefix, local_metadata)``, which may change the state
        dict, once the module and those inside are in it."""

        def checked(*args: Any) -> None:
            returned: Any = hook(*args)  # type: ignore[func-returns-value]  # that is the question
            if returned is not None:
                raise AutogradError("state_dict: a post-hook must return None; change the dict")

        return self._add_hook("saved", checked)

    def _register_state_dict_hook(self, hook: Callable[..., Any]) -> HookHandle:
        """The older form of `register_state_dict_post_hook`: what it returns replaces the dict."""
        return self._add_hook("saved", hook)

    def register_load_state_dict_pre_hook(self, hook: Callable[..., None]) -> HookHandle:
        """Call ``hook(module, state_dict, prefix, local_metadata, strict, missing_keys,
        unexpected_keys, error_msgs)`` before `load_state_dict` looks at the state dict, a copy
        whose entries the hook may change."""
        return self._add_hook("loading", hook)

    def _register_load_state_dict_pre_hook(
        self, hook: Callable[..., None], with_module: bool = False
    ) -> HookHandle:
        """The older form, without the module as first argument unless ``with_module``."""
        return self._add_hook("loading", hook if with_module else lambda module, *args: hook(*args))

    def register_load_state_dict_post_hook(self, hook: Callable[..., None]) -> HookHandle:
        """Call ``hook(module, incompatible_keys)`` after the values were copied.

        It may change the two lists of names, and so make good what ``strict`` would refuse.
        """
        return self._add_hook("loaded", hook)


# -- saving ----------------------------------------------------------------------------------------


def _save(
    module: Saveable, found: Any, prefix: str, keep_vars: bool, around: tuple[Any, ...]
) -> Any:
    """Put ``module`` and what is inside into ``found``, except for the modules ``around`` it."""
    for hook in module._hooks_for("saving"):
        hook(module, prefix, keep_vars)
    metadata = {"version": module._version}
    if hasattr(found, "_metadata"):
        found._metadata[prefix.removesuffix(".")] = metadata
    for name, tensor in _own_tensors(module):
        found[prefix + name] = tensor if keep_vars else tensor.detach()
    if _overrides(module, "get_extra_state"):
        found[prefix + _EXTRA] = module.get_extra_state()
    around = (*around, module)
    for name, child in tree.own_modules(module):
        if not any(child is outer for outer in around):
            _save(child, found, f"{prefix}{name}.", keep_vars, around)
    for hook in module._hooks_for("saved"):
        returned = hook(module, found, prefix, metadata)
        found = found if returned is None else returned
    return found


def _own_tensors(module: tree.Branch) -> Iterator[tuple[str, Any]]:
    """What the state dict has of ``module`` itself."""
    yield from tree.own_parameters(module)
    yield from tree.saved_buffers(module)


def _overrides(module: Any, method: str) -> bool:
    return getattr(type(module), method) is not getattr(Saveable, method)


# -- loading ---------------------------------------------------------------------------------------


def _load(root: Saveable, state_dict: Any, strict: bool, assign: bool) -> LoadResult:
    if not isinstance(state_dict, Mapping):
        raise DTypeError(
            f"load_state_dict: needs a dict of tensors by name, got {type(state_dict).__name__}"
        )
    modules = list(tree.walk(root))
    saved = dict(state_dict)
    result, problems = LoadResult([], []), list[str]()
    metadata = getattr(state_dict, "_metadata", {})
    for path, module in modules:
        for hook in module._hooks_for("loading"):
            local = metadata.get(path, {})
            prefix = f"{path}." if path else ""
            hook(module, saved, prefix, local, strict, *result, problems)
    current = {
        tree.joined(path, name): tensor
        for path, module in modules
        for name, tensor in _own_tensors(module)
    }
    extra = {
        tree.joined(path, _EXTRA): module
        for path, module in modules
        if _overrides(module, "set_extra_state")
    }
    known = {**current, **extra}
    result.missing_keys.extend(key for key in known if key not in saved)
    result.unexpected_keys.extend(key for key in saved if key not in known)
    arrays = _arrays(current, saved, problems, assign)
    post_hooks = [
        (module, hook) for _, module in reversed(modules) for hook in module._hooks_for("loaded")
    ]
    result.loaded_keys.extend(key for key in known if key in saved)
    # Whoever asks for what matches does not mean nothing: the names have another prefix, say.
    strict = strict or bool(known and not result.loaded_keys)
    # A hook may forgive what is missing, but is to be called with the values in place.
    _refuse(root, known, result, problems, strict and not post_hooks)
    for key, array in arrays.items():
        _put(current[key], array, assign)
    for key, module in extra.items():
        if key in saved:
            module.set_extra_state(saved[key])
    for module, hook in post_hooks:
        hook(module, result)
    _refuse(root, known, result, problems, strict)
    return result


def _arrays(
    current: Mapping[str, Any], saved: Mapping[str, Any], problems: list[str], assign: bool
) -> dict[str, Any]:
    """The saved arrays for the tensors of ``current``; what does not fit is put down in
    ``problems``."""
    arrays = {}
    for key, tensor in current.items():
        if key not in saved or (is_lazy(tensor) and is_lazy(saved[key])):
            continue
        array = as_array(key, saved[key])
        if not is_lazy(tensor) and tensor.shape == () and array.shape == (1,):
            array = array[0, ...]  # numbers were saved like this once, by PyTorch
        if not is_lazy(tensor) and array.shape != tensor.shape:
            problems.append(
                f"size mismatch for {key}: {array.shape} in the state dict, but {tensor.shape} in "
                "the module"
            )
        if array.dtype.kind == "c" and not tensor.is_complex() and not assign:
            problems.append(
                f"dtype mismatch for {key}: {array.dtype} in the state dict, but {tensor.dtype} in "
                "the module"
            )
        arrays[key] = array
    return arrays


def _refuse(
    root: Any, known: Collection[str], result: LoadResult, problems: list[str], strict: bool
) -> None:
    """Raise AutogradError if there are ``problems``; with ``strict``, if keys do not match."""
    unmatched = _unmatched(result, known) if strict else []
    if problems or unmatched:
        name = type(root).__name__
        listed = "".join(f"\n  {line}" for line in [*_shown("of these", problems, str), *unmatched])
        raise AutogradError(
            f"load_state_dict: the state dict does not fit {name}:{listed}"
            f"{_remedy(result) if unmatched else ''}"
        )


def _unmatched(result: LoadResult, known: Collection[str]) -> list[str]:
    """A line for each missing and unexpected key, with the one that it resembles."""
    missing, unexpected = result.missing_keys, result.unexpected_keys
    others = missing or known
    return [
        *_shown("missing", missing, lambda key: f"Missing key: {key}{tree.near(key, unexpected)}"),
        *_shown("unexpected", unexpected, lambda k: f"Unexpected key: {k}{tree.near(k, others)}"),
    ]


def _shown(kind: str, found: list[str], line: Callable[[str], str]) -> list[str]:
    """What ``line`` says of each of ``found``; of hundreds, only of the first."""
    more = [f"and {len(found) - _SHOWN} more {kind}"] if len(found) > _SHOWN else []
    return [*map(line, found[:_SHOWN]), *more]


def _remedy(result: LoadResult) -> str:
    if result.loaded_keys:
        return "\npass strict=False to load what matches"
    return "\nno name matches; is it the state dict of this module, or of one that held it?"


def _put(tensor: Any, array: Any, assign: bool) -> None:
    if is_lazy(tensor):
        tensor.materialize(array.shape)
    if assign:
        tensor.data = make(array)
    else:
        np.copyto(tensor._array, array, casting="unsafe")
        version_of(tensor).bump()


def as_array(key: str, value: Any, operation: str = "load_state_dict") -> Any:
    """``value``, a tensor of this library or another, or an array, as an array; ``key`` is its
    name in the state dict that ``operation`` was given."""
    if isinstance(value, Variable):
        return value._array
    try:
        array = np.asarray(value.detach() if hasattr(value, "detach") else value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise DTypeError(f"{operation}: {key} can't be read as an array: {error}") from error
    if array.dtype.kind not in "biufc":
        raise DTypeError(f"{operation}: {key} is a {type(value).__name__}; it must be a tensor")
    return array
