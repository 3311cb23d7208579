"""Recurrent networks against PyTorch's, from equal weights, in float64."""

import warnings

import numpy as np
import pytest

import autograd
import nn
from autograd.errors import DTypeError, ShapeError
from nn.utils.rnn import pack_padded_sequence

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

TIME, BATCH, INPUTS, HIDDEN = 5, 4, 3, 4
LENGTHS = [3, 5, 1, 4]


def flattened(value):
    """The tensors in a result, a state or a packed sequence."""
    if value is None:
        return []
    if hasattr(value, "batch_sizes"):
        return [value.data]
    return [t for part in value for t in flattened(part)] if type(value) is tuple else [value]


def pair(name, *args, **params):
    """Our module and PyTorch's, with equal weights."""
    ours = getattr(nn, name)(*args, **params).double()
    theirs = getattr(torch.nn, name)(*args, **params).double()
    assert repr(ours).replace("Dense", "Linear") == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


def both(shape, generator):
    """One random array as a tensor of each library, both of which require grad."""
    array = generator.standard_normal(shape)
    return autograd.tensor(array, requires_grad=True), torch.tensor(array, requires_grad=True)


def start(name, shapes, generator):
    """The state at the start for each library: a tensor, or a pair of them."""
    states = [both(shape, generator) for shape in shapes[: 2 if "LSTM" in name else 1]]
    return [tuple(library) if "LSTM" in name else library[0] for library in zip(*states)]


def assert_same(ours, theirs, tolerance=1e-11):
    assert len(ours) == len(theirs)
    for result, expected in zip(ours, theirs):
        assert tuple(result.shape) == tuple(expected.shape)
        np.testing.assert_allclose(
            result.detach().numpy(), expected.detach().numpy(), atol=tolerance
        )


def assert_agree(ours, theirs, args, theirs_args):
    """Equal results, and equal gradients by all inputs and parameters, of a loss on all results."""
    results, expected = flattened(ours(*args)), flattened(theirs(*theirs_args))
    assert_same(results, expected)
    generator = np.random.default_rng(1)
    factors = [generator.standard_normal(tuple(result.shape)) for result in expected]
    sum((r * autograd.tensor(f)).sum() for r, f in zip(results, factors)).backward()
    sum((r * torch.tensor(f)).sum() for r, f in zip(expected, factors)).backward()
    inputs = [t for t in flattened(tuple(args)) if t.is_leaf] + list(ours.parameters())
    others = [t for t in flattened(tuple(theirs_args)) if t.is_leaf] + list(theirs.parameters())
    assert_same([t.grad for t in inputs], [t.grad for t in others], 1e-10)


def options():
    for name in ("RNN", "GRU", "LSTM"):
        yield name, {}
        yield name, {"num_layers": 3}
        yield name, {"bidirectional": True, "bias": False}
        yield name, {"num_layers": 2, "bidirectional": True, "batch_first": True}
    yield "RNN", {"nonlinearity": "relu", "num_layers": 2}
    yield "LSTM", {"proj_size": 2}
    yield "LSTM", {"proj_size": 2, "num_layers": 2, "bidirectional": True, "bias": False}


OPTIONS = list(options())


def state_shapes(options, batch=(BATCH,)):
    count = options.get("num_layers", 1) * (2 if options.get("bidirectional") else 1)
    return [(count, *batch, options.get("proj_size") or HIDDEN), (count, *batch, HIDDEN)]


@pytest.mark.parametrize(("name", "options"), OPTIONS)
@pytest.mark.parametrize("given", [False, True])
@pytest.mark.parametrize("batched", [False, True])
def test_network_agrees_with_pytorch(name, options, given, batched):
    ours, theirs = pair(name, INPUTS, HIDDEN, **options)
    generator = np.random.default_rng(0)
    shape = (TIME, BATCH, INPUTS) if batched else (TIME, INPUTS)
    x, other = both(shape, generator)
    batch = (BATCH,) if batched else ()
    if batched and options.get("batch_first"):
        batch = (TIME,)
    args, theirs_args = [x], [other]
    if given:
        state, theirs_state = start(name, state_shapes(options, batch), generator)
        args.append(state), theirs_args.append(theirs_state)
    assert_agree(ours, theirs, args, theirs_args)


@pytest.mark.parametrize(("name", "options"), OPTIONS)
@pytest.mark.parametrize("enforce_sorted", [False, True])
def test_packed_sequences_agree_with_pytorch(name, options, enforce_sorted):
    ours, theirs = pair(name, INPUTS, HIDDEN, **options)
    generator = np.random.default_rng(0)
    lengths = sorted(LENGTHS, reverse=True) if enforce_sorted else LENGTHS
    x, other = both((TIME, BATCH, INPUTS), generator)
    states = start(name, state_shapes(options), generator)
    pack = torch.nn.utils.rnn.pack_padded_sequence
    packed = pack_padded_sequence(x, lengths, enforce_sorted=enforce_sorted)
    theirs_packed = pack(other, torch.tensor(lengths), enforce_sorted=enforce_sorted)
    assert_agree(ours, theirs, [packed, states[0]], [theirs_packed, states[1]])
    assert_same([x.grad], [other.grad], 1e-10)
    result, expected = ours(packed)[0], theirs(theirs_packed)[0]
    assert type(result) is type(packed)
    for field, other_field in zip(result[1:], expected[1:]):
        assert_same([] if field is None else [field], [] if field is None else [other_field])


def rows_of_torch():
    from torch.testing._internal.common_modules import module_db

    for row in module_db:
        if row.module_cls.__name__.startswith(("RNN", "LSTM", "GRU")):
            inputs = row.module_inputs_func(row, "cpu", torch.float64, True, True)
            for i, sample in enumerate(inputs):
                yield pytest.param(row.module_cls.__name__, sample, id=f"{row.name}-{i}")


@pytest.mark.parametrize(("name", "sample"), list(rows_of_torch()))
def test_inputs_of_pytorchs_own_tests(name, sample):
    made, given = sample.constructor_input, sample.forward_input
    ours, theirs = pair(name, *made.args, **made.kwargs)

    def converted(value):
        if isinstance(value, tuple):
            return tuple(map(converted, value))
        return autograd.tensor(value.detach().numpy(), requires_grad=value.requires_grad)

    assert not given.kwargs
    assert_agree(ours, theirs, list(map(converted, given.args)), list(given.args))


def errors_of_torch():
    from torch.testing._internal.common_modules import module_db

    for row in module_db:
        if (
            row.module_cls.__name__.startswith(("RNN", "LSTM", "GRU"))
            and row.module_error_inputs_func
        ):
            for i, bad in enumerate(
                row.module_error_inputs_func(row, "cpu", torch.float64, True, 1)
            ):
                yield pytest.param(row.module_cls.__name__, bad, id=f"{row.name}-{i}")


@pytest.mark.parametrize(("name", "bad"), list(errors_of_torch()))
def test_refusals_of_pytorchs_own_tests(name, bad):
    made, given = bad.module_error_input.constructor_input, bad.module_error_input.forward_input
    if given is None:
        with pytest.raises(bad.error_type):
            getattr(nn, name)(*made.args, **made.kwargs)
        return
    made.kwargs.pop("device", None), made.kwargs.pop("dtype", None)
    ours = getattr(nn, name)(*made.args, **made.kwargs).double()

    def converted(value):
        if isinstance(value, tuple):
            return tuple(map(converted, value))
        return autograd.tensor(value.detach().numpy())

    with pytest.raises(bad.error_type):
        ours(*map(converted, given.args))


@pytest.mark.parametrize("name", ["RNN", "GRU", "LSTM"])
@pytest.mark.parametrize("packed", [False, True])
def test_second_derivatives_agree_with_pytorch(name, packed):
    modules = pair(name, INPUTS, HIDDEN, num_layers=2, bidirectional=True)
    xs = both((TIME, BATCH, INPUTS), np.random.default_rng(0))
    grads = autograd.grad, torch.autograd.grad
    packs = pack_padded_sequence, torch.nn.utils.rnn.pack_padded_sequence
    for grad, module, x, pack in zip(grads, modules, xs, packs):
        given = pack(x, LENGTHS, enforce_sorted=False) if packed else x
        loss = sum((result**2).sum() for result in flattened(module(given)))
        (first,) = grad(loss, x, create_graph=True)
        (first**2).sum().backward()
    ours, theirs = ([x, *module.parameters()] for x, module in zip(xs, modules))
    assert_same([t.grad for t in ours], [t.grad for t in theirs], 1e-9)


CELLS = [("RNNCell", {}), ("RNNCell", {"nonlinearity": "relu"}), ("GRUCell", {}), ("LSTMCell", {})]


@pytest.mark.parametrize(("name", "options"), CELLS)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("given", [False, True])
@pytest.mark.parametrize("batch", [(), (1,), (4,)])
def test_cell_agrees_with_pytorch(name, options, bias, given, batch):
    ours, theirs = pair(name, INPUTS, HIDDEN, bias, **options)
    generator = np.random.default_rng(0)
    x, other = both((*batch, INPUTS), generator)
    args, theirs_args = [x], [other]
    if given:
        state, theirs_state = start(name, [(*batch, HIDDEN)] * 2, generator)
        args.append(state), theirs_args.append(theirs_state)
    assert_agree(ours, theirs, args, theirs_args)


def test_time_series_model_agrees_with_pytorch():
    """Two LSTM cells that go on with their own predictions, in float64 (PyTorch's example
    time_sequence_prediction)."""

    def predicted(library, cells, linear, x, future):
        zeros = library.zeros(len(x), 51, dtype=library.float64)
        states, outputs = [(zeros, zeros)] * 2, []
        for step in [*x.split(1, dim=1), *[None] * future]:
            h = outputs[-1] if step is None else step
            for i, cell in enumerate(cells):
                states[i] = cell(h, states[i])
                h = states[i][0]
            outputs.append(linear(h))
        return library.cat(outputs, 1)

    layers = [pair("LSTMCell", 1, 51), pair("LSTMCell", 51, 51), pair("Linear", 51, 1)]
    waves = np.sin((np.arange(20) + np.arange(3)[:, None] * 7) / 20)
    losses, results = [], []
    for library, (first, second, linear) in zip((autograd, torch), zip(*layers)):
        result = predicted(library, [first, second], linear, library.tensor(waves[:, :-1]), 5)
        losses.append(((result[:, :19] - library.tensor(waves[:, 1:])) ** 2).mean())
        results.append(result)
        losses[-1].backward()
    assert_same(results[:1], results[1:])
    for ours, theirs in layers:
        assert_same(
            [p.grad for p in ours.parameters()], [p.grad for p in theirs.parameters()], 1e-9
        )


# -- construction ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["RNN", "GRU", "LSTM", "RNNCell", "GRUCell", "LSTMCell"])
def test_parameters_start_uniform(name):
    module = getattr(nn, name)(30, 400)
    values = np.concatenate([p.detach().numpy().ravel() for p in module.parameters()]) * 20
    assert values.dtype == np.float32
    assert -1 <= values.min() < -0.999 < 0.999 < values.max() < 1  # 1 / sqrt(400) is 1 / 20
    assert abs(values.mean()) < 0.01
    assert abs(values.std() - 3**-0.5) < 0.01


def test_all_weights_are_grouped_by_layer_and_direction():
    ours, theirs = pair("LSTM", 3, 4, num_layers=2, bidirectional=True, proj_size=2)
    shapes = [[tuple(weight.shape) for weight in group] for group in theirs.all_weights]
    assert [[weight.shape for weight in group] for group in ours.all_weights] == shapes
    assert ours.all_weights[3][4] is ours.weight_hr_l1_reverse
    assert ours.flatten_parameters() is None


def test_dropout_between_layers_but_not_after_the_last():
    autograd.manual_seed(0)
    network = nn.GRU(3, 50, num_layers=2, dropout=0.5)
    x = autograd.ones(2, 3, 3)
    first, second = network(x)[0], network(x)[0]
    assert not autograd.allclose(first, second)
    assert first.ne(0).all()
    network.eval()
    assert autograd.equal(network(x)[0], network(x)[0])


def test_dropout_of_a_single_layer_warns():
    with pytest.warns(UserWarning, match="num_layers=1") as caught:
        nn.LSTM(3, 4, dropout=0.5)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nn.LSTM(3, 4, num_layers=2, dropout=0.5)


@pytest.mark.parametrize("name", ["RNN", "GRU", "LSTM"])
@pytest.mark.parametrize(
    ("args", "options", "error", "message"),
    [
        ((0, 4), {}, ValueError, "input_size must be at least 1"),
        ((3, -4), {}, ValueError, "hidden_size must be at least 1"),
        ((3, 4.0), {}, TypeError, "hidden_size must be an int"),
        ((3, 4), {"num_layers": 0}, ValueError, "num_layers must be at least 1"),
        ((3, 4), {"num_layers": 2, "dropout": 1.5}, ValueError, "between 0 and 1"),
        ((3, 4), {"num_layers": 2, "dropout": True}, ValueError, "between 0 and 1"),
        ((3, 4), {"bias": 1}, TypeError, "bias must be True or False"),
        ((3, 4), {"batch_first": None}, TypeError, "batch_first must be True or False"),
    ],
)
def test_impossible_networks(name, args, options, error, message):
    with pytest.raises(error, match=f"{name}: .*{message}"):
        getattr(nn, name)(*args, **options)


def test_impossible_modes_and_projections():
    with pytest.raises(ShapeError, match="'tanh' or 'relu'"):
        nn.RNN(3, 4, nonlinearity="gelu")
    with pytest.raises(ShapeError, match="mode must be one of RNN_TANH"):
        nn.RNNBase("ELMAN", 3, 4)
    for proj_size in (-1, 4):
        with pytest.raises(ShapeError, match="below hidden_size 4"):
            nn.LSTM(3, 4, proj_size=proj_size)
    with pytest.raises(ShapeError, match="only an LSTM has it"):
        nn.RNNBase("GRU", 3, 4, proj_size=2)
    with pytest.raises(NotImplementedError, match="RNNBase"):
        nn.RNNBase("GRU", 3, 4)(autograd.ones(2, 3))


# -- what is refused -------------------------------------------------------------------------------


def zeros(*shapes):
    return tuple(autograd.zeros(shape) for shape in shapes)


@pytest.mark.parametrize(
    ("x", "hx", "error", "message"),
    [
        ((3,), None, ShapeError, r"\(time, batch, 3\)"),
        ((2, 5, 4, 3), None, ShapeError, r"\(time, batch, 3\)"),
        ((5, 4, 2), None, ShapeError, "its input_size last"),
        ((0, 4, 3), None, ShapeError, "at least one time step"),
        ((5, 4, 3), zeros((2, 4, 6)), ShapeError, r"h_0 \(2, 4, 6\), c_0 \(2, 4, 6\)"),
        ((5, 4, 3), zeros((2, 3, 6), (2, 3, 6)), ShapeError, r"got \(2, 3, 6\)"),
        ((5, 4, 3), zeros((2, 6), (2, 6)), ShapeError, r"h_0 \(2, 4, 6\)"),
        ((5, 3), zeros((2, 1, 6), (2, 1, 6)), ShapeError, r"h_0 \(2, 6\)"),
        ((5, 4, 3), autograd.zeros(2, 4, 6), ShapeError, r"c_0 \(2, 4, 6\)"),
    ],
)
def test_networks_refuse_what_does_not_fit(x, hx, error, message):
    with pytest.raises(error, match=f"(?s)LSTM: .*{message}|lstm: .*{message}"):
        nn.LSTM(3, 6, num_layers=2)(autograd.zeros(x), hx)


def test_networks_refuse_other_dtypes():
    network = nn.GRU(3, 4)
    with pytest.raises(ValueError, match=r"x is float64 .*x\.to\('float32'\)"):
        network(autograd.zeros(5, 3, dtype="float64"))
    with pytest.raises(DTypeError, match="one dtype"):
        network(autograd.zeros(5, 3), autograd.zeros(1, 4, dtype="float64"))


def test_batch_first_is_named_in_the_refusal():
    with pytest.raises(ShapeError, match=r"\(batch, time, 3\)"):
        nn.GRU(3, 4, batch_first=True)(autograd.zeros(5, 4, 2))


def test_no_sequences_at_all():
    outputs, (h, c) = nn.LSTM(3, 4)(autograd.zeros(5, 0, 3))
    assert (outputs.shape, h.shape, c.shape) == ((5, 0, 4), (1, 0, 4), (1, 0, 4))


@pytest.mark.parametrize("name", ["RNNCell", "GRUCell", "LSTMCell"])
def test_cells_refuse_what_does_not_fit(name):
    cell = getattr(nn, name)(3, 4)

    def state(*shape):
        return zeros(shape, shape) if name == "LSTMCell" else autograd.zeros(shape)

    for shape in ((1, 2, 3), (2, 2), ()):
        with pytest.raises(ShapeError, match=r"\(batch, 3\) or \(3,\)"):
            cell(autograd.zeros(shape))
    for x, h in (((2, 3), (3, 4)), ((2, 3), (2, 3)), ((2, 3), (4,)), ((3,), (1, 4))):
        with pytest.raises(ShapeError, match="the state for x"):
            cell(autograd.zeros(x), state(*h))


def test_cells_refuse_other_states():
    with pytest.raises(DTypeError, match=r"a pair \(h, c\)"):
        nn.LSTMCell(3, 4)(autograd.zeros(2, 3), autograd.zeros(2, 4))
    with pytest.raises(ShapeError, match="'tanh' or 'relu'"):
        nn.RNNCell(3, 4, nonlinearity="gelu")(autograd.zeros(2, 3))
