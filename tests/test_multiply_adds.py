"""What `nn.summary` counts as multiply-adds: by hand, and beside PyTorch's counter."""

import pytest

import autograd
import nn
from nn import functional as F


def rows(model, shape):
    return {row.name: row for row in nn.summary(model, shape).rows}


CONVOLUTIONS = [
    # One product for each result, each channel of its group and each place in the window.
    (nn.Conv1D(4, 6, 3, stride=2, groups=2), (5, 4, 9), 5 * 4 * 6 * (2 * 3)),
    (nn.Conv3D(1, 2, 2, bias=False), (1, 1, 3, 3, 3), 8 * 2 * 8),
    (nn.Conv2D(4, 4, 3, groups=4, padding="same"), (1, 4, 5, 5), 25 * 4 * 9),
    (nn.Conv2D(2, 3, 3, dilation=2), (2, 7, 7), 9 * 3 * (2 * 9)),
    # And for each number given, each channel and each place in the window that it goes to.
    (nn.ConvTranspose2D(3, 4, 2, stride=2), (2, 3, 5, 5), 2 * 3 * 25 * (4 * 4)),
    (nn.ConvTranspose1D(4, 6, 3, groups=2), (1, 4, 8), 4 * 8 * (3 * 3)),
]


@pytest.mark.parametrize(("model", "shape", "expected"), CONVOLUTIONS)
def test_convolutions_by_hand(model, shape, expected):
    assert nn.summary(model, shape).multiply_adds == expected


T, N, I, H = 7, 3, 5, 4  # noqa: E741 - steps, batch, inputs, hidden
RECURRENT = [
    (nn.RNN(I, H), T * N * H * (I + H)),
    (nn.GRU(I, H), T * N * 3 * H * (I + H)),
    (nn.LSTM(I, H), T * N * 4 * H * (I + H)),
    (nn.LSTM(I, H, num_layers=2), T * N * 4 * H * (I + H + H + H)),
    (nn.LSTM(I, H, bidirectional=True), 2 * T * N * 4 * H * (I + H)),
    (nn.LSTM(I, H, proj_size=2), T * N * (4 * H * (I + 2) + 2 * H)),
    (nn.GRU(I, H, bidirectional=True, bias=False), 2 * T * N * 3 * H * (I + H)),
]


@pytest.mark.parametrize(("model", "expected"), RECURRENT)
def test_recurrent_networks_by_hand(model, expected):
    (row,) = nn.summary(model, (T, N, I)).rows
    assert row.multiply_adds == expected
    directions = 2 if model.bidirectional else 1
    assert row.output_shapes[0][:2] == (T, N)
    assert row.output_shapes[1][0] == directions * model.num_layers
    assert len(row.output_shapes) == (3 if isinstance(model, nn.LSTM) else 2)


def test_packed_sequences_and_states():
    packed = nn.utils.rnn.pack_sequence([autograd.ones(4, I), autograd.ones(2, I)])
    found = nn.summary(nn.GRU(I, H), [packed])
    assert found.rows[0].output_shapes[0] == (6, H)
    states = (autograd.zeros(1, N, H), autograd.zeros(1, N, H))
    assert nn.summary(nn.LSTM(I, H), [(T, N, I), states]).multiply_adds == RECURRENT[2][1]


@pytest.mark.parametrize("need_weights", [True, False])
def test_attention_by_hand(need_weights):
    class Attend(nn.Module):
        def __init__(self):
            self.attention = nn.MultiheadAttention(8, 2, batch_first=True)

        def forward(self, x, y):
            return self.attention(x, y, y, need_weights=need_weights)

    found = rows(Attend(), [(3, 5, 8), (3, 6, 8)])
    queries, keys = 3 * 5 * 8 * 8, 3 * 6 * 8 * 8
    scores = 3 * 2 * 5 * 6 * 4
    assert found["attention"].multiply_adds == queries + 2 * keys + 2 * scores + queries
    assert found["attention"].parameters == 3 * 8 * 8 + 3 * 8
    assert found["attention.out_proj"].calls == 0  # its weights are used by the attention
    assert found["attention.out_proj"].parameters == 8 * 8 + 8


def test_products_within_forward_by_hand():
    class Products(nn.Module):
        def forward(self, x, y):
            x @ y @ autograd.ones(4)  # (2, 3), (3, 4) and (4,)
            F.scaled_dot_product_attention(x, x, x)
            return F.bilinear(x[:, :2], x[:, :1], autograd.ones(5, 2, 1))

    found = nn.summary(Products(), [(2, 3), (3, 4)])
    products, attention = 2 * 3 * 4 + 2 * 4, 2 * (2 * 2 * 3)
    bilinear = 2 * 2 * 1 + 2 * 5 * 2 * 1
    assert found.multiply_adds == products + attention + bilinear


def test_einsum_by_hand():
    class Product(nn.Module):
        def forward(self, x, y):
            return autograd.einsum("bij,bjk->bik", x, y)

    assert nn.summary(Product(), [(2, 3, 4), (2, 4, 5)]).multiply_adds == 2 * 3 * 4 * 5


def test_linear_cross_entropy_by_hand():
    class Loss(nn.Module):
        def forward(self, x, weight):
            classes = autograd.zeros(6, dtype="int64")
            options = nn.LinearCrossEntropyOptions(batch_chunk_size=2)
            return F.linear_cross_entropy(x, weight, classes, options=options)

    assert nn.summary(Loss(), [(6, 4), (5, 4)]).multiply_adds == 6 * 4 * 5


def torch_pairs():
    layer = {"d_model": 8, "nhead": 2, "dim_feedforward": 12, "dropout": 0.0}
    for name, kwargs, shapes in [
        ("Linear", {"in_features": 5, "out_features": 3}, [(4, 2, 5)]),
        ("Conv1d", {"in_channels": 4, "out_channels": 6, "kernel_size": 3}, [(2, 4, 9)]),
        (
            "Conv2d",
            {"in_channels": 4, "out_channels": 6, "kernel_size": (3, 2), "groups": 2, "stride": 2},
            [(2, 4, 9, 8)],
        ),
        ("Conv3d", {"in_channels": 1, "out_channels": 2, "kernel_size": 2}, [(1, 1, 4, 3, 3)]),
        (
            "ConvTranspose2d",
            {"in_channels": 3, "out_channels": 4, "kernel_size": 3, "stride": 2},
            [(2, 3, 5, 5)],
        ),
        ("MultiheadAttention", {"embed_dim": 8, "num_heads": 2}, [(5, 3, 8)] * 3),
        ("TransformerEncoderLayer", layer, [(5, 3, 8)]),
        ("TransformerDecoderLayer", layer, [(5, 3, 8), (4, 3, 8)]),
    ]:
        yield pytest.param(name, kwargs, shapes, id=name)


@pytest.mark.parametrize(("name", "kwargs", "shapes"), list(torch_pairs()))
def test_multiply_adds_as_pytorch_counts_operations(name, kwargs, shapes):
    torch = pytest.importorskip("torch")
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    # It counts two for a multiplication and an addition, and nothing for fused attention.
    with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        getattr(torch.nn, name)(**kwargs)(*map(torch.ones, shapes))
    found = nn.summary(getattr(nn, name)(**kwargs), shapes)
    assert 2 * found.multiply_adds == counter.get_total_flops()
