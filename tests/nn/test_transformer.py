"""Transformers against PyTorch's, from equal weights, in float64."""

import copy
import math
import warnings

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import ShapeError
from nn import functional as F
from tests.nn.attention_pairs import assert_agree, both, causal, masks, pair

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

pytestmark = pytest.mark.filterwarnings(
    "ignore:enable_nested_tensor", "ignore:Support for mismatched"
)

LENGTH, OTHER, BATCH, FEATURES, HEADS = 5, 4, 3, 8, 2
OPTIONS = [
    {},
    {"norm_first": True},
    {"batch_first": True, "activation": "gelu"},
    {"bias": False, "layer_norm_eps": 1e-3},
]


def sequence(generator, length, batch_first=False):
    shape = (BATCH, length) if batch_first else (length, BATCH)
    return both((*shape, FEATURES), generator)


def padding(length, generator):
    """Which keys are padding: never the first one, so that a causal mask leaves every query one."""
    padded = generator.random((BATCH, length)) < 0.4
    padded[:, 0] = False
    return masks(padded)


@pytest.mark.parametrize("options", OPTIONS)
def test_encoder_layer(options):
    ours, theirs = pair("TransformerEncoderLayer", FEATURES, HEADS, 6, 0.0, **options)
    generator = np.random.default_rng(0)
    x = sequence(generator, LENGTH, options.get("batch_first"))
    assert_agree(ours, theirs, x)
    mask, padded = masks(causal(LENGTH)), padding(LENGTH, generator)
    assert_agree(ours, theirs, x, src_mask=mask, src_key_padding_mask=padded)
    assert_agree(ours.eval(), theirs.eval(), x, src_mask=mask, is_causal=True)


@pytest.mark.parametrize("options", OPTIONS)
def test_decoder_layer(options):
    ours, theirs = pair("TransformerDecoderLayer", FEATURES, HEADS, 6, 0.0, **options)
    generator = np.random.default_rng(0)
    batch_first = options.get("batch_first")
    x, memory = (sequence(generator, length, batch_first) for length in (LENGTH, OTHER))
    assert_agree(ours, theirs, x, memory)
    assert_agree(
        ours,
        theirs,
        x,
        memory,
        tgt_mask=masks(causal(LENGTH)),
        memory_mask=both((LENGTH, OTHER), generator),
        tgt_key_padding_mask=padding(LENGTH, generator),
        memory_key_padding_mask=padding(OTHER, generator),
    )


def test_second_order():
    """PyTorch's fused attention has no second derivative; its plain one has."""
    x = sequence(np.random.default_rng(0), LENGTH)
    ours, theirs = pair("TransformerEncoderLayer", FEATURES, HEADS, 6, 0.0, activation="gelu")
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        assert_agree(ours, theirs, x, src_mask=masks(causal(LENGTH)), second=True)


def test_unbatched():
    generator = np.random.default_rng(0)
    x, memory = (both((length, FEATURES), generator) for length in (LENGTH, OTHER))
    ours, theirs = pair("TransformerDecoderLayer", FEATURES, HEADS, 6, 0.0, batch_first=True)
    assert_agree(ours, theirs, x, memory, memory_key_padding_mask=masks(np.arange(OTHER) > 2))


def stacks(norm=True):
    """An encoder and a decoder of each library, with equal weights."""
    for kind in ("Encoder", "Decoder"):
        libraries = []
        for library, norms in ((nn, nn.LayerNorm), (torch.nn, torch.nn.LayerNorm)):
            layer = getattr(library, f"Transformer{kind}Layer")(FEATURES, HEADS, 6, 0.0)
            stack = getattr(library, f"Transformer{kind}")
            libraries.append(stack(layer, 3, norms(FEATURES) if norm else None).double())
        libraries[0].load_state_dict(libraries[1].state_dict())
        yield libraries


def test_stacks():
    generator = np.random.default_rng(0)
    for norm in (True, False):
        (encoder, theirs), (decoder, their_decoder) = stacks(norm)
        x, memory = (sequence(generator, length) for length in (LENGTH, OTHER))
        for mask in (None, masks(causal(LENGTH)), masks(np.where(causal(LENGTH), -np.inf, 0))):
            assert_agree(encoder, theirs, x, mask=mask)
            assert_agree(decoder, their_decoder, x, memory, tgt_mask=mask)
        assert_agree(encoder, theirs, x, src_key_padding_mask=padding(LENGTH, generator))


def test_copies_are_apart():
    """Each layer of a stack has weights of its own, equal at first to the one it was made of."""
    layer = nn.TransformerEncoderLayer(FEATURES, HEADS, 6)
    encoder = nn.TransformerEncoder(layer, 2)
    first, second = encoder.layers
    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        mine, others = one.detach().numpy(), other.detach().numpy()
        np.testing.assert_array_equal(mine, others)
        assert not np.may_share_memory(mine, others)
    assert len(list(encoder.parameters())) == 2 * len(list(layer.parameters()))


def test_is_causal_is_found_out():
    """What a layer is told about its mask, which PyTorch says to layers of one's own too."""
    told = []

    class Layer(nn.Module):
        def forward(self, src, src_mask=None, src_key_padding_mask=None, is_causal=None):
            told.append(is_causal)
            return src

    encoder = nn.TransformerEncoder(Layer(), 1)
    x = autograd.zeros(3, 1, 2)
    for mask in (None, causal(3), np.where(causal(3), -np.inf, 0), ~causal(3), causal(4)[:3]):
        encoder(x, mask=None if mask is None else autograd.tensor(mask))
    encoder(x, is_causal=True)
    encoder(x, mask=autograd.tensor(causal(3)), is_causal=False)
    assert told == [False, True, True, False, False, True, False]


@pytest.mark.parametrize("options", OPTIONS)
def test_transformer(options):
    params = {"dropout": 0.0, "dim_feedforward": 6, **options}
    ours, theirs = pair("Transformer", FEATURES, HEADS, 1, 2, **params)
    generator = np.random.default_rng(0)
    batch_first = options.get("batch_first")
    x, y = (sequence(generator, length, batch_first) for length in (LENGTH, OTHER))
    assert_agree(ours, theirs, x, y)
    padded = padding(LENGTH, generator)
    assert_agree(
        ours,
        theirs,
        x,
        y,
        src_mask=both((LENGTH, LENGTH), generator),
        tgt_mask=masks(causal(OTHER)),
        memory_mask=both((OTHER, LENGTH), generator),
        src_key_padding_mask=padded,
        tgt_key_padding_mask=padding(OTHER, generator),
        memory_key_padding_mask=padded,
    )


def test_initialisation():
    """Weight matrices are uniform, as Glorot and Bengio have it; the dense layers keep their own
    biases, the projections' are 0."""
    autograd.manual_seed(0)
    model = nn.Transformer(32, 2, 1, 1, 64)
    for name, parameter in model.named_parameters():
        values = parameter.detach().numpy()
        if values.ndim > 1:
            bound = math.sqrt(6 / sum(values.shape))
            assert 0.95 * bound < np.abs(values).max() <= bound
            assert abs(values.std() * math.sqrt(3) / bound - 1) < 0.05
        elif "in_proj_bias" in name or "out_proj" in name:
            assert not values.any()
        elif "linear" in name:
            assert values.any()


def test_square_subsequent_mask():
    mask = nn.Transformer.generate_square_subsequent_mask(4, dtype="float64")
    expected = torch.nn.Transformer.generate_square_subsequent_mask(4, dtype=torch.float64)
    np.testing.assert_array_equal(mask.numpy(), expected.numpy())
    assert mask.dtype == autograd.float64
    assert nn.Transformer.generate_square_subsequent_mask(2).dtype == autograd.float32


def test_custom_parts_and_activations():
    class Doubled(nn.Module):
        def forward(self, src, **options):
            return src * 2

    x = autograd.ones(2, 1, 4)
    model = nn.Transformer(4, 2, 1, 1, 8, custom_encoder=Doubled(), custom_decoder=nn.Identity())
    assert model.encoder(x).tolist() == (x * 2).tolist()
    layer = nn.TransformerEncoderLayer(4, 2, 8, activation=nn.GELU())
    assert "(activation): GELU" in repr(layer)
    assert nn.TransformerEncoderLayer(4, 2, 8, activation=F.silu).activation is F.silu


def language_model(library, tensors):
    """PyTorch's example: a transformer whose decoder is replaced by a dense layer."""

    class Model(library.Transformer):
        def __init__(self):
            super().__init__(
                d_model=FEATURES,
                nhead=HEADS,
                dim_feedforward=6,
                num_encoder_layers=2,
                dropout=0.0,
            )
            self.input_emb = library.Embedding(7, FEATURES)
            self.decoder = library.Linear(FEATURES, 7)

        def forward(self, tokens):
            mask = tensors.log(tensors.tril(tensors.ones(len(tokens), len(tokens))))
            x = self.input_emb(tokens) * math.sqrt(FEATURES)
            x = self.encoder(x, mask=mask.double())
            return library.functional.log_softmax(self.decoder(x), dim=-1)

    return Model().double()


def test_subclass():
    ours, theirs = language_model(nn, autograd), language_model(torch.nn, torch)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(theirs.state_dict())
    tokens = np.random.default_rng(0).integers(0, 7, (LENGTH, BATCH))
    assert_agree(ours, theirs, masks(tokens))


def test_a_copy_learns_by_itself():
    model = nn.TransformerEncoderLayer(FEATURES, HEADS, 6, 0.0)
    other = copy.deepcopy(model)
    x = autograd.ones(2, 1, FEATURES)
    (other(x) * autograd.arange(FEATURES)).sum().backward()
    assert all(parameter.grad is None for parameter in model.parameters())
    assert any(parameter.grad is not None for parameter in other.parameters())
    np.testing.assert_array_equal(model(x).detach().numpy(), other(x).detach().numpy())


def test_dropout_only_in_training():
    autograd.manual_seed(0)
    model = nn.TransformerEncoderLayer(FEATURES, HEADS, 6, 0.5)
    x = autograd.ones(3, 2, FEATURES)
    assert not np.array_equal(model(x).detach().numpy(), model(x).detach().numpy())
    model.eval()
    np.testing.assert_array_equal(model(x).detach().numpy(), model(x).detach().numpy())


def test_refusals():
    with pytest.raises(ShapeError, match="multiple of num_heads"):
        nn.TransformerEncoderLayer(6, 4)
    with pytest.raises(ShapeError, match="'relu', 'gelu' or a function"):
        nn.TransformerDecoderLayer(6, 2, activation="swish")
    model = nn.Transformer(4, 2, 1, 1, 8)
    with pytest.raises(ShapeError, match="d_model 4 features"):
        model(autograd.ones(2, 1, 4), autograd.ones(2, 1, 5))
    with pytest.raises(ShapeError, match="one batch, their dim 1"):
        model(autograd.ones(2, 1, 4), autograd.ones(2, 3, 4))


def test_torch_suite():
    """The modules on inputs of PyTorch's own tests: a fifth of them, of every combination some."""
    suite = pytest.importorskip("torch.testing._internal.common_modules")
    names = ("TransformerEncoderLayer", "TransformerDecoderLayer", "Transformer")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in names:
            samples = getattr(suite, f"module_inputs_torch_nn_{name}")
            for sample in samples(None, "cpu", torch.float64, True, True)[::5]:
                made, called = sample.constructor_input, sample.forward_input
                if any(callable(arg) for arg in made.args):
                    continue  # PyTorch's functions; an activation of one's own is tested above
                ours, theirs = pair(name, *made.args, **made.kwargs)
                args = [both(tuple(x.shape), np.random.default_rng(0)) for x in called.args]
                given = {
                    key: masks(mask.numpy())
                    for key, mask in called.kwargs.items()
                    if mask is not None
                }
                assert_agree(ours, theirs, *args, **given)
