"""Attention against PyTorch's, in float64, and what it refuses."""

import itertools
import warnings

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import DTypeError, ShapeError
from nn import functional as F
from tests.nn.attention_pairs import assert_agree, assert_same, both, causal, masks, pair

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

pytestmark = pytest.mark.filterwarnings("ignore:Support for mismatched")

QUERIES, KEYS, BATCH, FEATURES, HEADS = 4, 5, 2, 6, 3

# -- one head --------------------------------------------------------------------------------------


def one_head(*pairs, **params):
    """Both libraries' function on the same arguments, to the second order."""
    their_function = torch.nn.functional.scaled_dot_product_attention
    ours, theirs = (
        lambda *args, **named: F.scaled_dot_product_attention(*args, **named, **params),
        lambda *args, **named: their_function(*args, **named, **params),
    )
    assert_agree(ours, theirs, *pairs, second=True)


@pytest.mark.parametrize("shape", [(), (2,), (2, 3)])
def test_scaled_dot_product_attention(shape):
    generator = np.random.default_rng(0)
    query = both((*shape, QUERIES, 3), generator)
    key, value = both((*shape, KEYS, 3), generator), both((*shape, KEYS, 2), generator)
    one_head(query, key, value)
    one_head(query, key, value, is_causal=True)
    one_head(query, key, value, scale=0.7)
    one_head(query, key, value, both((QUERIES, KEYS), generator))
    one_head(query, key, value, both((KEYS,), generator), scale=-1.0)
    one_head(query, key, value, masks(generator.random((*shape, QUERIES, KEYS)) < 0.7))


def test_broadcasting():
    generator = np.random.default_rng(0)
    query, key = both((3, QUERIES, 2), generator), both((2, 1, KEYS, 2), generator)
    one_head(query, key, both((2, 1, KEYS, 4), generator), both((2, 1, 1, KEYS), generator))


def test_shared_heads():
    generator = np.random.default_rng(0)
    query = both((2, 6, QUERIES, 2), generator)
    key, value = both((2, 3, KEYS, 2), generator), both((2, 2, KEYS, 2), generator)
    one_head(query, key, value, enable_gqa=True)


def test_a_query_without_keys():
    """Its result is 0, and so are its gradients; with the softmax of `need_weights`, NaN."""
    generator = np.random.default_rng(0)
    query, key, value = (both((2, 3, 4), generator) for _ in range(3))
    seen = np.ones((3, 3), bool)
    seen[1] = False
    one_head(query, key, value, masks(seen))
    out = F.scaled_dot_product_attention(query[0], key[0], value[0], autograd.tensor(seen))
    assert out.tolist()[0][1] == [0, 0, 0, 0]
    assert_same(
        [F.scaled_dot_product_attention(query[0], key[0][:, :0], value[0][:, :0])],
        [torch.zeros(2, 3, 4)],
    )
    ours, theirs = pair("MultiheadAttention", 4, 2, batch_first=True)
    for need_weights in (True, False):
        params = {"attn_mask": masks(~seen), "need_weights": need_weights}
        assert_agree(ours, theirs, query, key, value, **params)


def test_what_is_left_out_has_no_gradient():
    """Even where it is so large that its exponential would overflow."""
    query, key = autograd.ones(1, 1), autograd.tensor([[1.0], [1e30]], requires_grad=True)
    out = F.scaled_dot_product_attention(
        query, key, autograd.tensor([[1.0], [2.0]]), autograd.tensor([True, False])
    )
    out.sum().backward()
    assert out.item() == 1
    assert key.grad.tolist() == [[0.0], [0.0]]


def test_half_precision():
    generator = np.random.default_rng(0)
    arrays = [generator.standard_normal((2, 8, 16)).astype(np.float16) for _ in range(3)]
    mask = generator.standard_normal((8, 8)).astype(np.float32)
    out = F.scaled_dot_product_attention(*map(autograd.tensor, (*arrays, mask)))
    expected = torch.nn.functional.scaled_dot_product_attention(*map(torch.tensor, (*arrays, mask)))
    assert out.dtype == autograd.float16
    np.testing.assert_allclose(out.numpy(), expected.numpy(), atol=3e-3)


def test_dropout():
    """Each weight is dropped with the probability given, whether training or not."""
    autograd.manual_seed(0)
    query = autograd.zeros(1, 1000, 2)
    value = autograd.eye(1000).unsqueeze(0)
    out = F.scaled_dot_product_attention(query, query, value, dropout_p=0.25).numpy()
    assert abs((out == 0).mean() - 0.25) < 0.01
    np.testing.assert_allclose(out[out != 0], 1 / (0.75 * 1000), rtol=1e-5)
    none = F.scaled_dot_product_attention(query, query, value, dropout_p=1.0)
    assert not none.numpy().any()


X = autograd.ones(2, 3, 4)


@pytest.mark.parametrize(
    ("args", "params", "error", "message"),
    [
        ((X, X, X, autograd.ones(3, 3) > 0), {"is_causal": True}, ShapeError, "not both"),
        ((X, X, X.double()), {}, DTypeError, "value is float64"),
        ((X, X.double(), X.double()), {}, DTypeError, "floats of one dtype"),
        ((X.long(), X.long(), X.long()), {}, DTypeError, "floats of one dtype"),
        ((X[0, 0], X, X), {}, ShapeError, "needs query"),
        ((X, X[0, 0], X), {}, ShapeError, "needs key"),
        ((X, X, X[:, :2]), {}, ShapeError, "one value for each key"),
        ((X, X[..., :2], X), {}, ShapeError, "features"),
        ((X, X, X, autograd.ones(3, 3).long()), {}, DTypeError, "bool or, as query"),
        ((X, X, X, autograd.ones(3, 3).double()), {}, DTypeError, "bool or, as query"),
        ((X, X, X, autograd.ones(3, 2) > 0), {}, ShapeError, "mask must broadcast"),
        ((X, X, X), {"dropout_p": 1.5}, ShapeError, "between 0 and 1"),
        ((X, X[:1], X[:0]), {"enable_gqa": True}, ShapeError, "dim -3 must hold heads"),
        ((X, X.expand(3, 2, 3, 4)[:, 0], X), {"enable_gqa": True}, ShapeError, "multiple of that"),
        ((X[0], X[0], X[0]), {"enable_gqa": True}, ShapeError, "dim -3 must hold heads"),
    ],
)
def test_refusals(args, params, error, message):
    with pytest.raises(error, match=message):
        F.scaled_dot_product_attention(*args, **params)


# -- several heads ---------------------------------------------------------------------------------


def sequences(generator, key_features=FEATURES, value_features=FEATURES, batch_first=False):
    shapes = ((QUERIES, FEATURES), (KEYS, key_features), (KEYS, value_features))
    for length, features in shapes:
        leading = (BATCH, length) if batch_first else (length, BATCH)
        yield both((*leading, features), generator)


def all_masks(generator):
    """Arguments with masks of every kind, none of which leaves out all keys."""
    left_out = generator.random((BATCH * HEADS, QUERIES, KEYS)) < 0.4
    padded = generator.random((BATCH, KEYS)) < 0.4
    left_out[..., 0] = padded[:, 0] = False
    floats = both((QUERIES, KEYS), generator)
    yield {}
    yield {"attn_mask": masks(left_out[0])}
    yield {"attn_mask": masks(left_out), "average_attn_weights": False}
    yield {"attn_mask": floats, "key_padding_mask": masks(padded)}
    yield {"key_padding_mask": both((BATCH, KEYS), generator)}
    yield {"attn_mask": masks(left_out), "key_padding_mask": masks(padded)}
    yield {"attn_mask": masks(causal(KEYS)[:QUERIES]), "is_causal": True}


@pytest.mark.parametrize("need_weights", [True, False])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"bias": False, "kdim": 3, "vdim": 2},
        {"add_bias_kv": True, "batch_first": True},
        {"add_zero_attn": True, "kdim": 4},
        {"add_bias_kv": True, "add_zero_attn": True, "bias": False},
    ],
)
def test_multihead_attention(options, need_weights):
    generator = np.random.default_rng(0)
    ours, theirs = pair("MultiheadAttention", FEATURES, HEADS, **options)
    kinds = (options.get(name, default) for name, default in DEFAULTS)
    args = list(sequences(generator, *kinds))
    for params in all_masks(generator):
        assert_agree(ours, theirs, *args, **params, need_weights=need_weights)
    assert_agree(ours.eval(), theirs.eval(), *args, need_weights=need_weights)


DEFAULTS = (("kdim", FEATURES), ("vdim", FEATURES), ("batch_first", False))


@pytest.mark.parametrize("batch_first", [True, False])
def test_self_attention(batch_first):
    generator = np.random.default_rng(0)
    x = both((BATCH, 4, FEATURES), generator)
    ours, theirs = pair("MultiheadAttention", FEATURES, HEADS, batch_first=batch_first)
    assert_agree(ours, theirs, x, x, x, second=True)
    assert_agree(ours, theirs, x, x, x, need_weights=False)
    memory = both((BATCH, 4, FEATURES), generator)
    assert_agree(ours, theirs, x, memory, memory)


def test_unbatched():
    generator = np.random.default_rng(0)
    ours, theirs = pair("MultiheadAttention", FEATURES, HEADS, batch_first=True)
    args = [both((length, FEATURES), generator) for length in (QUERIES, KEYS, KEYS)]
    padded = masks(np.arange(KEYS) > 2)
    for average, need_weights in itertools.product((True, False), repeat=2):
        params = {"average_attn_weights": average, "need_weights": need_weights}
        assert_agree(ours, theirs, *args, key_padding_mask=padded, **params)
    mask = both((HEADS, QUERIES, KEYS), generator)
    assert_agree(ours, theirs, *args, attn_mask=mask)


def test_static_keys_and_values():
    generator = np.random.default_rng(0)
    args = list(sequences(generator))
    shapes = ((3 * FEATURES, FEATURES), (3 * FEATURES,), (FEATURES, FEATURES), (FEATURES,))
    weights = [both(shape, generator) for shape in shapes]
    static = {
        name: both((BATCH * HEADS, KEYS, FEATURES // HEADS), generator)
        for name in ("static_k", "static_v")
    }

    def call(library):
        def function(query, key, value, weight, bias, out_weight, out_bias, **params):
            settings = (FEATURES, HEADS, weight, bias, None, None, True, 0.0, out_weight, out_bias)
            forward = library.multi_head_attention_forward
            return forward(query, key, value, *settings, **params)

        return function

    assert_agree(call(F), call(torch.nn.functional), *args, *weights, **static)


def test_torch_suite():
    """On the inputs of PyTorch's own tests."""
    suite = pytest.importorskip("torch.testing._internal.common_modules")
    samples = suite.module_inputs_torch_nn_MultiheadAttention
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for sample in samples(None, "cpu", torch.float64, True, True):
            made, called = sample.constructor_input, sample.forward_input
            ours, theirs = pair("MultiheadAttention", *made.args, **made.kwargs)
            args = [both(tuple(x.shape), np.random.default_rng(0)) for x in called.args]
            given = {
                k: masks(mask.numpy()) for k, mask in called.kwargs.items() if mask is not None
            }
            assert_agree(ours, theirs, *args, **given)


def test_initialisation():
    autograd.manual_seed(0)
    for options in ({}, {"kdim": 48}):
        module = nn.MultiheadAttention(64, 4, add_bias_kv=True, **options)
        for name, parameter in module.named_parameters():
            values = parameter.detach().numpy()
            if name == "out_proj.weight":  # as any dense layer's
                assert 0.95 / 8 < np.abs(values).max() <= 1 / 8
            elif "weight" in name:
                bound = (6 / sum(values.shape)) ** 0.5
                assert 0.95 * bound < np.abs(values).max() <= bound
            elif name in ("bias_k", "bias_v"):
                assert abs(values.std() / (2 / (64 + 64)) ** 0.5 - 1) < 0.3
            else:
                assert not values.any()


def test_dropout_of_heads():
    """The weights returned are those that were used: some are 0, the others larger."""
    autograd.manual_seed(0)
    module = nn.MultiheadAttention(4, 2, dropout=0.5)
    x = autograd.ones(30, 1, 4)
    weights = module(x, x, x, average_attn_weights=False)[1].detach().numpy()
    assert 0.4 < (weights == 0).mean() < 0.6
    np.testing.assert_allclose(weights[weights != 0], 2 / 30, rtol=1e-5)
    whole = module.eval()(x, x, x)[1].detach().numpy()
    np.testing.assert_allclose(whole, 1 / 30, rtol=1e-5)


def test_refusals_of_heads():
    with pytest.raises(ShapeError, match="multiple of num_heads, got 6 and 4"):
        nn.MultiheadAttention(6, 4)
    with pytest.raises(ShapeError, match="positive"):
        nn.MultiheadAttention(0, 1)
    x, module = autograd.ones(4, 2, 6), nn.MultiheadAttention(6, 3)
    with pytest.raises(ShapeError, match="without the batch"):
        module(x, x[:, 0], x[:, 0])
    with pytest.raises(ShapeError, match="embed_dim 6 features"):
        module(x[..., :3], x, x)
    with pytest.raises(ShapeError, match="same length"):
        module(x, x, x[:2])
    with pytest.raises(ShapeError, match="same batch"):
        module(x, x[:, :1], x[:, :1])
    with pytest.raises(ShapeError, match="is_causal only says"):
        module(x, x, x, is_causal=True)
    for mask, message in (((4, 5), "attn_mask must be"), ((2, 4, 4), "attn_mask must be")):
        with pytest.raises(ShapeError, match=message):
            module(x, x, x, attn_mask=autograd.zeros(*mask))
    with pytest.raises(ShapeError, match=r"here \(2, 4\); got \(4, 2\)"):
        module(x, x, x, key_padding_mask=autograd.zeros(4, 2))
    with pytest.raises(DTypeError, match="key_padding_mask must be bool or floating"):
        module(x, x, x, key_padding_mask=autograd.zeros(2, 4).long())
    with pytest.raises(DTypeError, match="a mask must be"):
        module(x, x, x, attn_mask=autograd.zeros(4, 4).double())
    forward, weight = F.multi_head_attention_forward, module.in_proj_weight
    rest = (False, 0.0, module.out_proj.weight, None)
    with pytest.raises(ShapeError, match="both bias_k and bias_v"):
        forward(x, x, x, 6, 3, weight, None, autograd.zeros(1, 1, 6), None, *rest)
    with pytest.raises(ShapeError, match="q_, k_ and v_proj_weight, got None"):
        forward(x, x, x, 6, 3, weight, None, None, None, *rest, use_separate_proj_weight=True)
    with pytest.raises(ShapeError, match=r"static_k must be .* here \(6, keys, 2\)"):
        forward(x, x, x, 6, 3, weight, None, None, None, *rest, static_k=x)
