"""The hooks of modules beside PyTorch's."""

import copy
import warnings

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import DTypeError

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")


def test_forward_hooks():
    layer = nn.Identity()
    calls = []
    with layer.register_forward_pre_hook(lambda m, args: (args[0] + 1,)):
        handle = layer.register_forward_hook(lambda m, args, out: calls.append((args, out)))
        layer.register_forward_hook(
            lambda m, args, kwargs, out: out * 10, with_kwargs=True, prepend=True
        )
        assert layer(1) == 20
    assert calls == [((2,), 20)]
    handle.remove()
    assert layer(1) == 10
    assert len(calls) == 1


def hooked(module, torch_like):
    seen = []

    def hook(m, grad_input, grad_output):
        seen.append(([None if g is None else np.asarray(g).tolist() for g in grad_input],
                     [np.asarray(g).tolist() for g in grad_output]))  # fmt: skip
        return tuple(None if g is None else g * 2 for g in grad_input)

    module.register_full_backward_hook(hook)
    return seen


def test_full_backward_hooks_see_and_replace_the_gradients_like_pytorch():
    class Two:
        def forward(self, x, y):
            return x * y, x + y

    class Ours(Two, nn.Module):
        pass

    class Theirs(Two, torch.nn.Module):
        pass

    results = []
    for library, module in ((autograd, Ours()), (torch, Theirs())):
        seen = hooked(module, library)
        x = library.tensor([1.0, 2.0], requires_grad=True)
        y = library.tensor([3.0], requires_grad=True)
        a, b = module(x * 1, y * 1)
        (a.sum() + (b * 3).sum()).backward()
        results.append((seen, x.grad.tolist(), y.grad.tolist()))
    assert results[0] == results[1]


def test_full_backward_hook_without_input_gradients_and_pre_hook():
    layer = nn.Dense(2, 1)
    seen = []
    layer.register_full_backward_hook(lambda m, gi, go: seen.append((gi, go[0].tolist())))
    layer.register_full_backward_pre_hook(lambda m, go: (go[0] * 3,))
    layer(autograd.ones(1, 2)).sum().backward()
    assert seen == [((None,), [[3.0]])]
    assert layer.bias.grad.tolist() == [3.0]


def test_a_backward_hook_with_too_few_gradients_is_refused():
    layer = nn.Identity()
    layer.register_full_backward_hook(lambda m, gi, go: (gi[0], gi[0]))
    x = autograd.ones(1, requires_grad=True)
    with pytest.raises(DTypeError, match="2 gradients in place of 1"):
        layer(x * 1).sum().backward()


def test_hooks_may_replace_keyword_arguments():
    class Add(nn.Module):
        def forward(self, x, *, y=0):
            return x + y

    layer = Add()
    layer.register_forward_pre_hook(lambda m, args, kwargs: (args, {"y": 5}), with_kwargs=True)
    layer.register_forward_pre_hook(lambda m, args: args[0] + 1)
    layer.register_forward_pre_hook(lambda m, args, kwargs: None, with_kwargs=True)
    assert layer(1, y=2) == 7
    layer.register_forward_pre_hook(lambda m, args, kwargs: {"y": 5}, with_kwargs=True)
    with pytest.raises(RuntimeError, match="tuple \\(args, kwargs\\)"):
        layer(1)


def order_of_calls(n):
    calls = []
    layer = n.Identity()

    def note(name):
        return lambda *args: calls.append(name)

    layer.register_forward_pre_hook(note("before 1"))
    layer.register_forward_pre_hook(note("before 2"), prepend=True)
    layer.register_forward_hook(note("after 1"))
    layer.register_forward_hook(note("after 2"), prepend=True)
    layer.register_full_backward_hook(note("backward 1"))
    layer.register_full_backward_hook(note("backward 2"), prepend=True)
    layer.register_full_backward_pre_hook(note("backward before 1"))
    layer.register_full_backward_pre_hook(note("backward before 2"), prepend=True)
    return layer, calls


def test_hooks_are_called_in_pytorchs_order():
    orders = []
    for library, n in ((autograd, nn), (torch, torch.nn)):
        layer, calls = order_of_calls(n)
        layer(library.ones(1, requires_grad=True) * 2).sum().backward()
        orders.append(calls)
    assert orders[0] == orders[1]


def test_hooks_that_are_always_called():
    seen = []
    for n in (nn, torch.nn):

        class Failing(n.Module):
            def forward(self, x):
                raise ValueError("inside")

        layer, calls = Failing(), []
        layer.register_forward_hook(lambda m, args, out, calls=calls: calls.append("never"))
        layer.register_forward_hook(
            lambda m, args, kwargs, out, calls=calls: calls.append((args, kwargs, out)),
            always_call=True,
            with_kwargs=True,
        )
        with pytest.raises(ValueError, match="inside"):
            layer(1)
        seen.append(calls)
    assert seen[0] == seen[1] == [((1,), {}, None)]


def test_a_hook_that_fails_after_the_call_failed_warns():
    layer = nn.Module()
    layer.register_forward_hook(lambda m, args, out: out.shape, always_call=True)
    with (
        pytest.warns(UserWarning, match="always_call=True raised AttributeError"),
        pytest.raises(NotImplementedError),
    ):
        layer(1)


def test_backward_hooks_without_gradients_of_inputs():
    seen = []
    for library, n in ((autograd, nn), (torch, torch.nn)):
        layer = n.Bilinear(2, 2, 1)
        layer.register_full_backward_hook(lambda m, gi, go: seen.append((gi, len(go))))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of PyTorch's, that no input requires grad
            layer(library.ones(1, 2), library.ones(1, 2)).sum().backward()
    assert seen[0] == seen[1] == ((None, None), 1)
    layer = nn.Dense(2, 1)
    layer.register_full_backward_hook(lambda m, gi, go: (go[0],))
    with pytest.raises(DTypeError, match="no gradient to replace"):
        layer(autograd.ones(1, 2)).sum().backward()


def test_the_older_backward_hook_is_the_newer():
    layer, seen = nn.Identity(), []
    layer.register_backward_hook(lambda m, gi, go: seen.append(len(gi)))
    layer(autograd.ones(2, requires_grad=True) * 1).sum().backward()
    assert seen == [1]


def test_hooks_are_copied_with_the_module_and_leave_with_their_handle():
    layer = nn.Identity()
    handle = layer.register_forward_hook(lambda m, args, out: out + 1)
    twin = copy.deepcopy(layer)
    handle.remove()
    handle.remove()
    assert (layer(1), twin(1)) == (1, 2)
