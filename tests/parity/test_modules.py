"""Every module on PyTorch's own samples (`module_db`): values, gradients, repr and state dict, from
equal weights."""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import autograd
import nn

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")
common = pytest.importorskip("torch.testing._internal.common_modules")

from torch.nn.attention import SDPBackend, sdpa_kernel  # noqa: E402  # torch may be missing

from tests.parity.translate import (  # noqa: E402  # it imports torch, which may be missing
    cotangents,
    ours,
    outcome,
    tensor_of,
    tensors_in,
    value_differences,
)

# Drawn anew at each call: of these only shapes and dtypes can agree, where they are drawn.
RANDOM = {"AlphaDropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "FeatureAlphaDropout",
          "FractionalMaxPool2d", "FractionalMaxPool3d", "RReLU"}  # fmt: skip
ALWAYS_RANDOM = {"FractionalMaxPool2d", "FractionalMaxPool3d"}  # in eval mode too

# Where PyTorch's gradient is NaN, at windows of zeros, it is 0 here: no use of them is a use of it.
NAN_IN_PYTORCH = {"LPPool1d", "LPPool2d", "LPPool3d"}

MISSING = {
    "Container": "deprecated; Module does what it did",
    "SyncBatchNorm": "synchronises several GPUs",
}
# Parameters of constructors that there are not.
WITHOUT = {
    "min_value": "of Hardtanh, deprecated; min_val is its name",
    "max_value": "of Hardtanh, deprecated; max_val is its name",
}


def infos() -> Iterator[Any]:
    for info in common.module_db:
        yield pytest.param(info, id=info.module_cls.__name__)


def our_class(theirs: type) -> Any:
    found = getattr(nn, theirs.__name__, None)
    if found is None:
        pytest.skip(MISSING.get(theirs.__name__, "not written yet"))
    return found


def samples(info: Any, training: bool) -> list[Any]:
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = info.module_inputs_func(
            info,
            device="cpu",
            dtype=torch.float64,
            requires_grad=True,
            training=training,
        )
    made = [sample for sample in made if sample.forward_input is not None]
    return made if training or info.train_and_eval_differ else made[:8]


def both(value: Any, known: dict[int, Any]) -> tuple[Any, Any]:
    """``value`` for us and for PyTorch; tensors as new leaves, the same ones where they were."""
    if isinstance(value, torch.Tensor):
        if id(value) not in known:
            leaf = value.detach().requires_grad_(value.requires_grad)
            known[id(value)] = tensor_of(leaf), leaf
        return known[id(value)]  # type: ignore[no-any-return]  # a pair, see above
    if isinstance(value, torch.nn.TransformerEncoderLayer):
        return our_layer(value), value
    if getattr(value, "__name__", None) in vars(torch.nn.functional):
        return getattr(nn.functional, value.__name__), value
    if isinstance(value, dict):
        items = {key: both(item, known) for key, item in value.items()}
        translated = {key: mine for key, (mine, _) in items.items() if key != "device"}
        return translated, {key: theirs for key, (_, theirs) in items.items()}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        found = [both(item, known) for item in value]
        return type(value)(mine for mine, _ in found), type(value)(theirs for _, theirs in found)
    return ours(value), value


def our_layer(theirs: Any) -> Any:
    mine = nn.TransformerEncoderLayer(
        theirs.linear1.in_features,
        theirs.self_attn.num_heads,
        theirs.linear1.out_features,
        theirs.dropout.p,
        getattr(nn.functional, theirs.activation.__name__),
        batch_first=theirs.self_attn.batch_first,
        norm_first=theirs.norm_first,
        bias=theirs.linear1.bias is not None,
        dtype=ours(theirs.linear1.weight.dtype),
    )
    mine.load_state_dict(theirs.state_dict())
    return mine


def pairs(sample: Any, info: Any, training: bool) -> tuple[Any, Any]:
    """Our module and PyTorch's, made alike, with the same values."""
    torch.manual_seed(0)
    my_args, args = both(sample.constructor_input.args, {})
    my_kwargs, kwargs = both(sample.constructor_input.kwargs, {})
    theirs = info.module_cls(*args, **kwargs).double()
    mine = our_class(info.module_cls)(*my_args, **my_kwargs).double()
    for module in (theirs, mine):
        module.train(training)
    if not info.is_lazy:
        assert mine.load_state_dict(theirs.state_dict()).missing_keys == []
    return mine, theirs


def leaves(values: Any) -> list[Any]:
    """The tensors in ``values`` that want a gradient, each once."""
    found = {id(t): t for t in tensors_in(values, (torch.Tensor, autograd.Tensor))}
    return [tensor for tensor in found.values() if tensor.requires_grad]


def call(module: Any, args: Any, kwargs: Any) -> Any:
    args, kwargs = list(args), dict(kwargs)
    if "input" in kwargs and isinstance(module, nn.Module):  # which is x in this library
        args.insert(0, kwargs.pop("input"))
    return module(*args, **kwargs)


def differentiable(result: Any, kind: type) -> list[Any]:
    return [out for out in tensors_in(result, kind) if out.requires_grad]


def gradients(library: Any, outputs: Any, inputs: list[Any], seeds: list[Any], second: bool) -> Any:
    grad = library.autograd.grad if library is torch else library.grad
    return grad(outputs, inputs, seeds, create_graph=second, allow_unused=True)


def compared(got: Any, expected: Any, what: str, forgive_nan: bool = False) -> Iterator[str]:
    if (got is None) != (expected is None):
        missing, there = ("ours", expected) if got is None else ("theirs", got)
        if np.any(np.asarray(there.detach())):  # PyTorch may say None or zeros
            yield f"{what}: {missing} is None"
    elif got is not None:
        if got.dtype != ours(expected.dtype):
            yield f"{what}: {got.dtype}, not {expected.dtype}"
        for text in value_differences(got, expected, forgive_nan):
            yield f"{what}: {text}"


def complaints(sample: Any, info: Any, training: bool) -> Iterator[str]:
    """What differs between our module and PyTorch's on ``sample``."""
    mine, theirs = pairs(sample, info, training)
    name = info.module_cls.__name__
    if renamed(repr(mine)) != renamed(repr(theirs)):
        yield f"repr: {mine}, not {theirs}"
    known: dict[int, Any] = {}
    my_args, args = both(sample.forward_input.args, known)
    my_kwargs, kwargs = both(sample.forward_input.kwargs, known)
    expected = call(theirs, args, kwargs)
    got = call(mine, my_args, my_kwargs)
    if info.is_lazy:  # now they have values, which can be made equal
        yield from described(mine, theirs)
        mine.load_state_dict(theirs.state_dict())
        expected, got = call(theirs, args, kwargs), call(mine, my_args, my_kwargs)
    yield from described(mine, theirs)
    outs = list(tensors_in(got, autograd.Tensor)), list(tensors_in(expected, torch.Tensor))
    if [tuple(out.shape) for out in outs[0]] != [tuple(out.shape) for out in outs[1]]:
        yield f"shapes {[out.shape for out in outs[0]]}, not {[out.shape for out in outs[1]]}"
        return
    if name in ALWAYS_RANDOM or (name in RANDOM and training):
        return
    for out, wanted in zip(*outs):
        yield from compared(out, wanted, "value")
    for buffer, other in zip(mine.buffers(), theirs.buffers()):
        yield from compared(buffer, other, "buffer")
    my_inputs = [*leaves((my_args, my_kwargs)), *mine.parameters()]
    inputs = [*leaves((args, kwargs)), *theirs.parameters()]
    for text in gradient_complaints(got, expected, my_inputs, inputs, name in NAN_IN_PYTORCH):
        yield text
        return  # one is enough, and second gradients of wrong ones are wrong


def gradient_complaints(
    got: Any, expected: Any, my_inputs: list[Any], inputs: list[Any], forgive: bool
) -> Iterator[str]:
    outputs = differentiable(expected, torch.Tensor)
    my_outputs = differentiable(got, autograd.Tensor)
    if not outputs or not inputs:
        return
    if len(outputs) != len(my_outputs):
        yield f"{len(my_outputs)} outputs require grad, not {len(outputs)}"
        return
    seeds = cotangents(outputs, 1)
    first = gradients(torch, outputs, inputs, seeds, True)
    my_first = gradients(autograd, my_outputs, my_inputs, ours(seeds), True)
    for i, (gradient, wanted) in enumerate(zip(my_first, first)):
        yield from compared(gradient, wanted, f"gradient {i}", forgive)
    usable = [
        i
        for i, (a, b) in enumerate(zip(my_first, first))
        if a is not None and b is not None and a.requires_grad and b.requires_grad
    ]
    if not usable:
        return
    picked = [first[i] for i in usable]
    seeds = cotangents(picked, 2)
    twice, error = outcome(gradients, torch, picked, inputs, seeds, False)
    if error is not None:  # PyTorch has no second derivative of some losses
        assert "not implemented" in str(error), error
        return
    mine = gradients(autograd, [my_first[i] for i in usable], my_inputs, ours(seeds), False)
    for i, (gradient, wanted) in enumerate(zip(mine, twice)):
        yield from compared(gradient, wanted, f"second gradient {i}", forgive)


def described(mine: Any, theirs: Any) -> Iterator[str]:
    """Where repr and state dict differ."""
    if renamed(repr(mine)) != renamed(repr(theirs)):
        yield f"repr: {mine}, not {theirs}"
    layouts = [
        [(key, tuple(value.shape)) for key, value in module.state_dict().items()]
        for module in (mine, theirs)
    ]
    if layouts[0] != layouts[1]:
        yield f"state dict: {layouts[0]}, not {layouts[1]}"


def renamed(text: str) -> str:
    """A repr of PyTorch's with the names of this library."""
    text = re.sub(r"\b(?:NonDynamicallyQuantizable)?Linear\(", "Dense(", text)
    text = re.sub(r"\bLazyLinear\(", "LazyDense(", text)
    return re.sub(r"\b([A-Z]\w*[a-z]?[123])d\(", r"\1D(", text)


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("info", list(infos()))
def test_module_agrees_with_pytorch(info: Any, training: bool) -> None:
    our_class(info.module_cls)
    found = []
    with warnings.catch_warnings(), sdpa_kernel(SDPBackend.MATH):  # the others have no second order
        warnings.simplefilter("ignore")
        for i, sample in enumerate(samples(info, training)):
            place = f"sample {i} ({sample.desc or sample.constructor_input.kwargs})"
            found += [f"{place}: {text}" for text in complaints(sample, info, training)]
    assert found == []


def error_inputs() -> Iterator[Any]:
    for info in common.module_db:
        if info.module_error_inputs_func is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                made = info.module_error_inputs_func(
                    info, device="cpu", dtype=torch.float64, requires_grad=False, training=True
                )
            for i, error_input in enumerate(made):
                yield pytest.param(info.module_cls, error_input, id=f"{info.name}-{i}")


def attempt(theirs: type, sample: Any, forward: bool) -> None:
    made = sample.constructor_input
    module = our_class(theirs)(*ours(made.args), **ours(made.kwargs))
    if forward:
        module = module.double() if list(module.parameters()) else module
        call(module, ours(sample.forward_input.args), ours(sample.forward_input.kwargs))


@pytest.mark.parametrize(("theirs", "error_input"), list(error_inputs()))
def test_what_pytorch_refuses_is_refused(theirs: type, error_input: Any) -> None:
    forward = error_input.error_on is common.ModuleErrorEnum.FORWARD_ERROR
    with pytest.raises(error_input.error_type):
        attempt(theirs, error_input.module_error_input, forward)


def classes() -> Iterator[Any]:
    for name, theirs in vars(torch.nn).items():
        if inspect.isclass(theirs) and issubclass(theirs, torch.nn.Module):
            yield pytest.param(theirs, id=name)


@pytest.mark.parametrize("theirs", list(classes()))
def test_constructors_take_pytorchs_arguments(theirs: type) -> None:
    mine = our_class(theirs)
    signatures = [
        [
            (p.name, getattr(p.default, "__name__", p.default), p.kind)
            for p in list(inspect.signature(cls.__init__).parameters.values())[1:]
            if p.name not in WITHOUT
        ]
        for cls in (mine, theirs)
    ]
    if any(kind is inspect.Parameter.VAR_POSITIONAL for _, _, kind in signatures[1]):
        pytest.skip("PyTorch's signature says nothing")
    assert signatures[0] == signatures[1]
