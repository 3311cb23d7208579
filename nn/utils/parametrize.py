"""Parametrizations: a parameter that is computed from another, each time that it is read.

A parametrized module gets a class of its own, in which the name of the parameter is a property. Its
child ``parametrizations.<name>`` holds what is learned instead, and the modules that compute it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from autograd._tensor import Tensor
from autograd.errors import ShapeError
from autograd.modes import no_grad
from nn import tree
from nn.containers import ModuleDict, ModuleList
from nn.module import Module
from nn.parameter import Parameter

M = TypeVar("M", bound=Module)

# What has been computed inside a `cached` block, by the id of its `ParametrizationList`.
_known: ContextVar[dict[int, Any] | None] = ContextVar("parametrized", default=None)


@contextmanager
def cached() -> Iterator[None]:
    """A block in which each parametrized tensor is computed only once, for modules that read one
    often.

    >>> import autograd, nn
    >>> class Positive(nn.Module):
    ...     def forward(self, x):
    ...         return x.exp()
    >>> layer = register_parametrization(nn.Dense(2, 2), "weight", Positive())
    >>> layer.weight is layer.weight
    False
    >>> with cached():
    ...     layer.weight is layer.weight
    True
    """
    # A block inside another shares its values.
    token = _known.set({}) if _known.get() is None else None
    try:
        yield
    finally:
        if token is not None:
            _known.reset(token)


class ParametrizationList(ModuleList):
    """What the tensor ``original`` of a module is computed from, and the ``modules`` that do it,
    one after the other.

    The value at the start is the tensor's, if all modules have a ``right_inverse``. What is learned
    is ``original``, or where the first module takes several tensors, ``original0``, ``original1``
    and so on. Raises ShapeError if the modules change the dtype or the shape, unless ``unsafe``.
    """

    def __init__(self, modules: Sequence[Module], original: Tensor, unsafe: bool = False) -> None:
        if not modules:
            raise ShapeError("ParametrizationList: needs at least one module")
        super().__init__(modules)
        self.unsafe = unsafe
        dtype, shape = original.dtype, original.shape
        inverse = self._inverted(original, strict=False)
        self.is_tensor = isinstance(inverse, Tensor)
        self.ntensors = 1
        if self.is_tensor:
            _check_same("right_inverse", inverse, original.dtype)
            original.data = inverse
            _keep(self, "original", original)
        else:
            _check_tensors(inverse)
            self.ntensors = len(inverse)
            self._keep_all(inverse, original)
        if not unsafe:
            _check_same("the parametrization", self(), dtype, shape)

    def _keep_all(self, parts: Sequence[Tensor], original: Tensor) -> None:
        for i, part in enumerate(parts):
            if isinstance(original, Parameter):
                part = Parameter(part.detach(), original.requires_grad)
            _keep(self, f"original{i}", part)

    @property
    def originals(self) -> list[Any]:
        """What the tensor is computed from."""
        return [getattr(self, name) for name in self._original_names]

    @property
    def _original_names(self) -> list[str]:
        return ["original"] if self.is_tensor else [f"original{i}" for i in range(self.ntensors)]

    def forward(self) -> Any:
        first, *others = self
        x = first(*self.originals)
        for module in others:
            x = module(x)
        return x

    def right_inverse(self, value: Any) -> None:
        """Change the originals so that the parametrized tensor becomes ``value``.

        Raises ShapeError if a module has no ``right_inverse``, or one that does not fit.
        """
        inverse = self._inverted(value, strict=True)
        parts = [inverse] if self.is_tensor else inverse
        if not self.is_tensor:
            _check_tensors(parts, self.ntensors)
        for original, part in zip(self.originals, parts):
            _check_same("right_inverse", part, original.dtype)
            original.data = part

    @no_grad()
    def _inverted(self, value: Any, strict: bool) -> Any:
        """What the modules compute ``value`` from; those that can't tell are left out, or with
        ``strict`` an error."""
        for module in reversed(list(self)):
            try:
                inverse = module.right_inverse  # type: ignore[attr-defined]  # it may have one
            except AttributeError:
                if strict:
                    raise ShapeError(
                        f"right_inverse: {type(module).__name__} has none, so the tensor that it "
                        "computes can't be set"
                    ) from None
                continue
            try:
                value = inverse(value)
            except NotImplementedError:
                if strict:
                    raise
        return value


def _keep(module: Module, name: str, tensor: Tensor) -> None:
    """Make ``tensor`` the parameter or the buffer ``name`` of ``module``."""
    if isinstance(tensor, Parameter):
        module.register_parameter(name, tensor)
    else:
        module.register_buffer(name, tensor)


def _check_tensors(parts: Any, count: int | None = None) -> None:
    """``parts``, which a ``right_inverse`` gave, must be tensors; ``count`` of them."""
    if not isinstance(parts, Sequence) or not all(isinstance(part, Tensor) for part in parts):
        raise ShapeError(
            f"right_inverse: must give a tensor or a sequence of tensors, got "
            f"{type(parts).__name__}"
        )
    if count is not None and len(parts) != count:
        raise ShapeError(f"right_inverse: must give {count} tensors, got {len(parts)}")


def _check_same(what: str, value: Any, dtype: Any, shape: Any = None) -> None:
    """``value``, which ``what`` gave, must be a tensor of this dtype and, if given, shape."""
    if not isinstance(value, Tensor):
        raise ShapeError(f"{what}: must give a tensor, got {type(value).__name__}")
    if value.dtype != dtype:
        raise ShapeError(f"{what}: must not change the dtype {dtype}, but gave {value.dtype}")
    if shape is not None and value.shape != shape:
        raise ShapeError(
            f"{what}: must not change the shape {shape}, but gave {value.shape}; if that is meant, "
            "pass unsafe=True"
        )


# -- the class of a parametrized module ------------------------------------------------------------


def _set_class(module: Module) -> None:
    """Give ``module`` the class that has a property for each of its parametrized tensors.

    Classes are never changed, as copies of a module share its class.
    """
    base = type_before_parametrizations(module)
    names = list(vars(module).get("parametrizations", ()))
    if names:
        attributes = {name: _property(name) for name in names}
        members = {"__module__": base.__module__, "__doc__": base.__doc__, "_unparametrized": base}
        module.__class__ = type(f"Parametrized{base.__name__}", (base,), {**members, **attributes})
    else:
        module.__class__ = base


def _property(name: str) -> property:
    """The attribute ``name`` of a module in which it is parametrized."""

    def compute(module: Any) -> Any:
        parametrization, known = module.parametrizations[name], _known.get()
        if known is None:
            return parametrization()
        if id(parametrization) not in known:
            known[id(parametrization)] = parametrization()
        return known[id(parametrization)]

    def assign(module: Any, value: Any) -> None:
        parametrization = module.parametrizations[name]
        (_known.get() or {}).pop(id(parametrization), None)
        parametrization.right_inverse(value)

    return property(compute, assign)


def type_before_parametrizations(module: Module) -> type[Module]:
    """The class of ``module``, or what it was before the first parametrization.

    >>> import nn
    >>> layer = nn.utils.parametrizations.weight_norm(nn.Dense(2, 3))
    >>> type(layer).__name__, type_before_parametrizations(layer).__name__
    ('ParametrizedDense', 'Dense')
    """
    before: type[Module] = getattr(type(module), "_unparametrized", type(module))
    return before


# -- putting on and taking off ---------------------------------------------------------------------


def register_parametrization(
    module: M, tensor_name: str, parametrization: Module, *, unsafe: bool = False
) -> M:
    """Compute the parameter or buffer ``tensor_name`` of ``module`` as
    ``parametrization(original)`` from now on; return the module.

    Parametrizations of a tensor that has one already are applied to its result. If
    ``parametrization`` has a ``right_inverse``, the tensor starts with the value that it had, and
    can be set. Its first one may take several tensors, of which ``right_inverse`` gives a sequence.
    Raises ShapeError if there is no such tensor, and unless the dtype and the shape stay (which
    ``unsafe`` leaves unchecked).

    >>> import autograd, nn
    >>> class Symmetric(nn.Module):
    ...     def forward(self, x):
    ...         return x.triu() + x.triu(1).mT
    >>> layer = register_parametrization(nn.Dense(3, 3), "weight", Symmetric())
    >>> autograd.equal(layer.weight, layer.weight.mT)
    True
    >>> [name for name, _ in layer.named_parameters()]
    ['bias', 'parametrizations.weight.original']
    """
    if is_parametrized(module, tensor_name):
        if not unsafe:
            _check_further(getattr(module, tensor_name), parametrization)
        present: Any = module.parametrizations[tensor_name]  # type: ignore[attr-defined]
        present.append(parametrization)
        present.unsafe |= unsafe
        return module
    own = dict([*tree.own_parameters(module), *tree.own_buffers(module)])
    if tensor_name not in own or tensor_name not in vars(module):
        raise ShapeError(
            f"register_parametrization: {type(module).__name__} has no parameter or buffer "
            f"{tensor_name!r}"
        )
    parametrizations = ParametrizationList([parametrization], own[tensor_name], unsafe)
    delattr(module, tensor_name)
    if not is_parametrized(module):
        module.register_module("parametrizations", ModuleDict())
    held: ModuleDict = module.parametrizations  # type: ignore[attr-defined]  # just made
    held[tensor_name] = parametrizations
    _set_class(module)
    return module


def _check_further(value: Tensor, parametrization: Any) -> None:
    """A further ``parametrization`` of a tensor must keep its dtype and shape, both ways."""
    result = parametrization(value)
    _check_same("the parametrization", result, value.dtype, value.shape)
    if hasattr(parametrization, "right_inverse"):
        try:
            inverse = parametrization.right_inverse(result)
        except NotImplementedError:
            return
        _check_same("right_inverse", inverse, value.dtype, value.shape)


def is_parametrized(module: Module, tensor_name: str | None = None) -> bool:
    """Whether the tensor ``tensor_name`` of ``module`` has a parametrization, or by default any of
    its tensors."""
    parametrizations = vars(module).get("parametrizations")
    if not isinstance(parametrizations, ModuleDict):
        return False
    return len(parametrizations) > 0 if tensor_name is None else tensor_name in parametrizations


def remove_parametrizations(module: M, tensor_name: str, leave_parametrized: bool = True) -> M:
    """Make ``tensor_name`` a plain parameter or buffer of ``module`` again; return the module.

    It keeps its present value, or, unless ``leave_parametrized``, gets the original one back.
    Raises ShapeError if there is no parametrization, and for the latter with several originals.
    """
    if not is_parametrized(module, tensor_name):
        raise ShapeError(
            f"remove_parametrizations: {tensor_name!r} of {type(module).__name__} has none"
        )
    parametrizations: Any = module.parametrizations  # type: ignore[attr-defined]
    found = parametrizations[tensor_name]
    if not leave_parametrized and not found.is_tensor:
        raise ShapeError(
            f"remove_parametrizations: {tensor_name!r} is computed from several tensors, none of "
            "which is its original; pass leave_parametrized=True"
        )
    tensor = found.originals[0]
    if leave_parametrized:
        value = getattr(module, tensor_name)
        if found.is_tensor:
            tensor.data = value.detach()
        else:
            tensor = Parameter(value.detach()) if value.requires_grad else value
    del parametrizations[tensor_name]
    if not parametrizations:
        del module.parametrizations  # type: ignore[attr-defined]
    _set_class(module)
    _keep(module, tensor_name, tensor)
    return module


def transfer_parametrizations_and_params(
    from_module: Module, to_module: M, tensor_name: str | None = None
) -> M:
    """Give ``to_module`` the parametrizations of ``from_module``, all or those of ``tensor_name``,
    with their originals; return it. The two modules share them."""
    if not is_parametrized(from_module):
        return to_module
    source: Any = from_module.parametrizations  # type: ignore[attr-defined]
    names: Iterable[str] = list(source) if tensor_name is None else [tensor_name]
    for name in names:
        if not hasattr(to_module, name):
            setattr(to_module, name, Parameter(getattr(from_module, name).detach()))
        for parametrization in source[name]:
            register_parametrization(to_module, name, parametrization)
        _share_originals(source[name], to_module.parametrizations[name])  # type: ignore[attr-defined]
    return to_module


def _share_originals(source: ParametrizationList, target: ParametrizationList) -> None:
    if source._original_names != target._original_names:
        raise ShapeError("transfer_parametrizations_and_params: the originals are of other numbers")
    for name in source._original_names:
        setattr(target, name, getattr(source, name))
