"""What the tests of attention and of transformers share: modules of both libraries, side by side.

An argument for both is a pair: the library's tensor, and PyTorch's."""

import warnings

import numpy as np

import autograd
import nn

try:
    import torch
except ImportError:  # the tests skip themselves
    torch = None


def pair(name, *args, **params):
    """Our module and PyTorch's, with equal weights."""
    ours = getattr(nn, name)(*args, **params).double()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = getattr(torch.nn, name)(*args, **params).double()
    if "ModuleList" not in repr(ours):  # PyTorch shows equal layers once
        assert _spelled(repr(ours)) == repr(theirs)
    state = theirs.state_dict()
    assert {key: tuple(value.shape) for key, value in state.items()} == {
        key: value.shape for key, value in ours.state_dict().items()
    }
    assert list(ours.state_dict()) == list(state)
    for parameter in theirs.parameters():
        torch.nn.init.normal_(parameter)
    ours.load_state_dict(state)
    return ours, theirs


def _spelled(text):
    text = text.replace("Dense", "Linear")
    return text.replace("(out_proj): Linear", "(out_proj): NonDynamicallyQuantizableLinear")


def masks(array):
    """One array that needs no gradient, for both libraries."""
    return autograd.tensor(array), torch.tensor(array)


def both(shape, generator):
    """One random array for both libraries, which require its gradient."""
    array = generator.standard_normal(shape)
    return autograd.tensor(array, requires_grad=True), torch.tensor(array, requires_grad=True)


def causal(length):
    """True for the keys that come later than the query."""
    return ~np.tri(length, dtype=bool)


def assert_same(ours, theirs, tolerance=1e-9):
    assert len(ours) == len(theirs)
    for result, expected in zip(ours, theirs, strict=True):
        if expected is None:
            assert result is None
            continue
        assert tuple(result.shape) == tuple(expected.shape)
        np.testing.assert_allclose(
            result.detach().numpy(), expected.detach().numpy(), atol=tolerance, rtol=1e-8
        )


def assert_agree(ours, theirs, *pairs, second=False, **named):
    """Equal results, and equal gradients by all inputs and parameters, of a loss on all results;
    with ``second``, equal gradients of the sum of the squares of those too."""
    named = {
        key: (value if type(value) is tuple else (value, value)) for key, value in named.items()
    }
    results = []
    for i, (module, library) in enumerate(((ours, autograd), (theirs, torch))):
        params = {key: value[i] for key, value in named.items()}
        out = module(*(value[i] for value in pairs), **params)
        outs = [o for o in (out if type(out) is tuple else (out,)) if o is not None]
        inputs = [value[i] for value in (*pairs, *named.values()) if hasattr(value[i], "grad")]
        inputs = [x for x in inputs if x.requires_grad]
        inputs += module.parameters() if hasattr(module, "parameters") else []
        generator = np.random.default_rng(7)
        loss = sum(
            (o * library.tensor(generator.standard_normal(tuple(o.shape)))).sum() for o in outs
        )
        gradients = _gradients(library, loss, inputs, second)
        twice = []
        if second:
            total = sum((g * g).sum() for g in gradients if g is not None)
            twice = _gradients(library, total, inputs, False)
        results.append((outs, gradients, twice))
    for mine, expected in zip(*results, strict=True):
        assert_same(mine, expected)


def _gradients(library, loss, inputs, create_graph):
    take = getattr(library, "autograd", library).grad
    return take(loss, inputs, create_graph=create_graph, allow_unused=True)
