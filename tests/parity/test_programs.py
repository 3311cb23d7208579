"""Training programs in PyTorch's words, run with either library from the same weights and data.

Each gets a library under the names that its imports would bind (``torch``, ``nn``, ``F``,
``optim``), and returns the losses of its steps, and what it prints in the end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import autograd
import nn
import optim
from nn import functional

torch = pytest.importorskip("torch", reason="PyTorch is the oracle")

OURS = SimpleNamespace(torch=autograd, nn=nn, F=functional, optim=optim)
PYTORCH = SimpleNamespace(torch=torch, nn=torch.nn, F=torch.nn.functional, optim=torch.optim)

generator = np.random.default_rng(0)
IMAGES = generator.random((16, 1, 28, 28))
DIGITS = generator.integers(0, 10, 16)
TOKENS = generator.integers(0, 20, (13, 4))
WAVES = np.sin(np.arange(40) / 4 + np.arange(5)[:, None])


class Session:
    """One run of a program: its library, and the weights that every run starts from."""

    def __init__(self, library: Any, weights: list[dict[str, Any]] | None) -> None:
        self.library = library
        self.weights = weights
        self.initial: list[dict[str, Any]] = []

    def start(self, model: Any) -> Any:
        """``model`` in double precision, with the weights of the first run."""
        model = model.double()
        if self.weights is not None:
            given = self.weights[len(self.initial)]
            own = {key: self.library.torch.tensor(value) for key, value in given.items()}
            model.load_state_dict(own)
        self.initial.append({k: v.detach().numpy().copy() for k, v in model.state_dict().items()})
        return model

    def tensor(self, array: Any) -> Any:
        return self.library.torch.tensor(array)


def mnist_cnn(session, torch, nn, F, optim):
    """Two convolutions, dropout (none here), log-softmax, Adadelta and StepLR."""

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(1, 4, 3, 1)
            self.conv2 = nn.Conv2d(4, 8, 3, 1)
            self.dropout1 = nn.Dropout(0.0)
            self.fc1 = nn.Linear(1152, 16)
            self.fc2 = nn.Linear(16, 10)

        def forward(self, x):
            x = F.relu(self.conv1(x))
            x = F.relu(self.conv2(x))
            x = F.max_pool2d(x, 2)
            x = self.dropout1(x)
            x = torch.flatten(x, 1)
            x = F.relu(self.fc1(x))
            return F.log_softmax(self.fc2(x), dim=1)

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = session.start(Net()).to(device)
    optimizer = optim.Adadelta(model.parameters(), lr=1.0)
    scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.7)
    model.train()
    for _ in range(3):
        data, target = session.tensor(IMAGES).to(device), session.tensor(DIGITS).to(device)
        optimizer.zero_grad()
        output = model(data)
        loss = F.nll_loss(output, target)
        loss.backward()
        optimizer.step()
        scheduler.step()
        yield loss.item()
    model.eval()
    with torch.no_grad():
        output = model(data)
        yield F.nll_loss(output, target, reduction="sum").item()
        pred = output.argmax(dim=1, keepdim=True)
        yield pred.eq(target.view_as(pred)).sum().item()


def row_lstm(session, torch, nn, F, optim):
    """An LSTM over the rows of images, batch first, initial states made by hand."""

    class RNN(nn.Module):
        def __init__(self, input_size, hidden_size, num_layers, num_classes):
            super().__init__()
            self.hidden_size, self.num_layers = hidden_size, num_layers
            self.lstm = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True)
            self.fc = nn.Linear(hidden_size, num_classes)

        def forward(self, x):
            h0 = torch.zeros(self.num_layers, x.size(0), self.hidden_size, dtype=x.dtype)
            c0 = torch.zeros(self.num_layers, x.size(0), self.hidden_size, dtype=x.dtype)
            out, _ = self.lstm(x, (h0, c0))
            return self.fc(out[:, -1, :])

    model = session.start(RNN(28, 12, 2, 10))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    images, labels = session.tensor(IMAGES).reshape(-1, 28, 28), session.tensor(DIGITS)
    for _ in range(3):
        loss = criterion(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        optimizer.step()
        yield loss.item()
    _, predicted = torch.max(model(images).data, 1)
    yield (predicted == labels).sum().item()


def vae(session, torch, nn, F, optim):
    """A variational auto-encoder; its noise is given, so that both runs have the same."""
    noise = np.random.default_rng(1).standard_normal((3, 16, 4))

    class VAE(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1 = nn.Linear(784, 20)
            self.fc21 = nn.Linear(20, 4)
            self.fc22 = nn.Linear(20, 4)
            self.fc3 = nn.Linear(4, 20)
            self.fc4 = nn.Linear(20, 784)

        def encode(self, x):
            h1 = F.relu(self.fc1(x))
            return self.fc21(h1), self.fc22(h1)

        def reparameterize(self, mu, logvar, eps):
            std = torch.exp(0.5 * logvar)
            assert torch.randn_like(std).shape == std.shape
            return mu + eps * std

        def decode(self, z):
            return torch.sigmoid(self.fc4(F.relu(self.fc3(z))))

        def forward(self, x, eps):
            mu, logvar = self.encode(x.view(-1, 784))
            return self.decode(self.reparameterize(mu, logvar, eps)), mu, logvar

    model = session.start(VAE())
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    data = session.tensor(IMAGES)
    for eps in noise:
        optimizer.zero_grad()
        recon, mu, logvar = model(data, session.tensor(eps))
        bce = F.binary_cross_entropy(recon, data.view(-1, 784), reduction="sum")
        kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
        loss = bce + kld
        loss.backward()
        optimizer.step()
        yield loss.item()
    with torch.no_grad():
        yield from (
            torch.cat([data[:2], recon.view(16, 1, 28, 28)[:2]]).cpu().mean((1, 2, 3)).tolist()
        )


def dcgan(session, torch, nn, F, optim):
    """A generator of transposed convolutions against a discriminator; weights by ``apply``."""

    def weights_init(m):
        classname = m.__class__.__name__
        if classname.find("Conv") != -1:
            torch.nn.init.normal_(m.weight, 0.0, 0.02)
        elif classname.find("BatchNorm") != -1:
            torch.nn.init.normal_(m.weight, 1.0, 0.02)
            torch.nn.init.zeros_(m.bias)

    net_g = nn.Sequential(
        nn.ConvTranspose2d(5, 8, 4, 1, 0, bias=False), nn.BatchNorm2d(8), nn.ReLU(True),
        nn.ConvTranspose2d(8, 1, 4, 2, 1, bias=False), nn.Tanh(),
    )  # fmt: skip
    net_d = nn.Sequential(
        nn.Conv2d(1, 6, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(6, 1, 4, 1, 0, bias=False), nn.Sigmoid(),
    )  # fmt: skip
    for net in (net_g, net_d):
        net.apply(weights_init)
    net_g, net_d = session.start(net_g), session.start(net_d)
    criterion = nn.BCELoss()
    optimizer_d = optim.Adam(net_d.parameters(), lr=0.0002, betas=(0.5, 0.999))
    optimizer_g = optim.Adam(net_g.parameters(), lr=0.0002, betas=(0.5, 0.999))
    real = session.tensor(IMAGES[:, :, :8, :8])
    for noise in np.random.default_rng(2).standard_normal((3, 16, 5, 1, 1)):
        net_d.zero_grad()
        label = torch.full((16,), 1.0, dtype=real.dtype, device=real.device)
        err_real = criterion(net_d(real).view(-1, 1).squeeze(1), label)
        err_real.backward()
        fake = net_g(session.tensor(noise))
        label.fill_(0.0)
        err_fake = criterion(net_d(fake.detach()).view(-1), label)
        err_fake.backward()
        optimizer_d.step()
        net_g.zero_grad()
        label.fill_(1.0)
        err_g = criterion(net_d(fake).view(-1), label)
        err_g.backward()
        optimizer_g.step()
        yield from (err_real.item(), err_fake.item(), err_g.item())


def reinforce(session, torch, nn, F, optim):
    """A policy gradient with a categorical policy; the actions are given."""
    from importlib import import_module

    categorical = import_module(f"{torch.__name__}.distributions").Categorical
    random = np.random.default_rng(3)
    states, actions = random.standard_normal((9, 4)), random.integers(0, 2, 9)

    class Policy(nn.Module):
        def __init__(self):
            super().__init__()
            self.affine1 = nn.Linear(4, 8)
            self.dropout = nn.Dropout(p=0.0)
            self.affine2 = nn.Linear(8, 2)

        def forward(self, x):
            return F.softmax(self.affine2(F.relu(self.dropout(self.affine1(x)))), dim=1)

    policy = session.start(Policy())
    optimizer = optim.Adam(policy.parameters(), lr=1e-2)
    eps = np.finfo(np.float32).eps.item()
    for _ in range(3):
        log_probs, rewards = [], []
        for state, action in zip(states, actions):
            m = categorical(policy(torch.from_numpy(state).unsqueeze(0)))
            assert m.sample().item() in (0, 1)
            log_probs.append(m.log_prob(session.tensor([action])))
            rewards.append(float(state[0]))
        total, returns = 0.0, []
        for r in rewards[::-1]:
            total = r + 0.99 * total
            returns.insert(0, total)
        returns = torch.tensor(returns, dtype=torch.double)
        returns = (returns - returns.mean()) / (returns.std() + eps)
        loss = torch.cat([-p * R for p, R in zip(log_probs, returns)]).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.item()


def polynomial(session, torch, nn, F, optim):
    """A polynomial fitted by hand-written gradient descent on a module's parameters."""
    random = np.random.default_rng(4)
    target, bias = session.tensor(random.standard_normal((4, 1))), session.tensor([0.3])

    def make_features(x):
        x = x.unsqueeze(1)
        return torch.cat([x**i for i in range(1, 5)], 1)

    fc = session.start(torch.nn.Linear(target.size(0), 1))
    for _ in range(5):
        x = make_features(session.tensor(random.standard_normal(32)))
        y = x.mm(target) + bias.item()
        fc.zero_grad()
        output = F.smooth_l1_loss(fc(x), y)
        yield output.item()
        output.backward()
        for param in fc.parameters():
            param.data.add_(-0.1 * param.grad)


def time_series(session, torch, nn, F, optim):
    """Two LSTM cells along sine waves, fitted with L-BFGS."""

    class Sequence(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm1 = nn.LSTMCell(1, 7)
            self.lstm2 = nn.LSTMCell(7, 7)
            self.linear = nn.Linear(7, 1)

        def forward(self, input, future=0):
            outputs = []
            h_t = torch.zeros(input.size(0), 7, dtype=torch.double)
            c_t = torch.zeros(input.size(0), 7, dtype=torch.double)
            h_t2 = torch.zeros(input.size(0), 7, dtype=torch.double)
            c_t2 = torch.zeros(input.size(0), 7, dtype=torch.double)
            for input_t in input.split(1, dim=1):
                h_t, c_t = self.lstm1(input_t, (h_t, c_t))
                h_t2, c_t2 = self.lstm2(h_t, (h_t2, c_t2))
                output = self.linear(h_t2)
                outputs += [output]
            for _ in range(future):
                h_t, c_t = self.lstm1(output, (h_t, c_t))
                h_t2, c_t2 = self.lstm2(h_t, (h_t2, c_t2))
                output = self.linear(h_t2)
                outputs += [output]
            return torch.cat(outputs, dim=1)

    seq = session.start(Sequence())
    criterion = nn.MSELoss()
    optimizer = optim.LBFGS(seq.parameters(), lr=0.8, max_iter=5)
    data = torch.from_numpy(WAVES)
    losses = []

    def closure():
        optimizer.zero_grad()
        out = seq(data[:, :-1])
        loss = criterion(out, data[:, 1:])
        losses.append(loss.item())
        loss.backward()
        return loss

    for _ in range(2):
        optimizer.step(closure)
    with torch.no_grad():
        pred = seq(data[:, :-1], future=3)
        yield criterion(pred[:, :-3], data[:, 1:]).item()
    yield from losses


def siamese(session, torch, nn, F, optim):
    """One network on both images of a pair, judged by binary cross-entropy."""

    class Siamese(nn.Module):
        def __init__(self):
            super().__init__()
            self.features = nn.Sequential(
                nn.Conv2d(1, 4, 5, stride=2), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d((2, 2))
            )
            self.fc = nn.Sequential(nn.Linear(32, 8), nn.ReLU(inplace=True), nn.Linear(8, 1))
            self.sigmoid = nn.Sigmoid()
            self.fc.apply(self.init_weights)

        def init_weights(self, m):
            if isinstance(m, nn.Linear):
                torch.nn.init.xavier_uniform_(m.weight)
                m.bias.data.fill_(0.01)

        def forward_once(self, x):
            output = self.features(x)
            return output.view(output.size()[0], -1)

        def forward(self, one, two):
            both = torch.cat((self.forward_once(one), self.forward_once(two)), 1)
            return self.sigmoid(self.fc(both))

    model = session.start(Siamese())
    optimizer = optim.Adadelta(model.parameters(), lr=1.0)
    criterion = nn.BCELoss()
    one, two = session.tensor(IMAGES[:8]), session.tensor(IMAGES[8:])
    targets = session.tensor((DIGITS[:8] == DIGITS[8:]).astype(np.float64))
    for _ in range(3):
        optimizer.zero_grad()
        outputs = model(one, two).squeeze()
        loss = criterion(outputs, targets)
        loss.backward()
        optimizer.step()
        yield loss.item()
    pred = torch.where(outputs > 0.5, 1, 0)
    yield pred.eq(targets.view_as(pred)).sum().item()


def language_model(kind):
    """A recurrent language model with truncated backpropagation and clipped gradients."""

    def program(session, torch, nn, F, optim):
        class RNNModel(nn.Module):
            def __init__(self, ntoken, ninp, nhid, nlayers):
                super().__init__()
                self.drop = nn.Dropout(0.0)
                self.encoder = nn.Embedding(ntoken, ninp)
                self.rnn = getattr(nn, kind)(ninp, nhid, nlayers, dropout=0.0)
                self.decoder = nn.Linear(nhid, ntoken)
                nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
                nn.init.zeros_(self.decoder.bias)
                self.nlayers, self.nhid, self.ntoken = nlayers, nhid, ntoken

            def forward(self, input, hidden):
                output, hidden = self.rnn(self.drop(self.encoder(input)), hidden)
                decoded = self.decoder(self.drop(output)).view(-1, self.ntoken)
                return F.log_softmax(decoded, dim=1), hidden

            def init_hidden(self, bsz):
                weight = next(self.parameters())
                zeros = weight.new_zeros(self.nlayers, bsz, self.nhid)
                return (zeros, zeros.clone()) if kind == "LSTM" else zeros

        def repackage_hidden(h):
            return h.detach() if isinstance(h, torch.Tensor) else tuple(map(repackage_hidden, h))

        model = session.start(RNNModel(20, 6, 7, 2))
        criterion = nn.NLLLoss()
        source = session.tensor(TOKENS)
        hidden = model.init_hidden(4)
        for i in range(0, 12, 4):
            data, targets = source[i : i + 4], source[i + 1 : i + 5].view(-1)
            model.zero_grad()
            hidden = repackage_hidden(hidden)
            output, hidden = model(data, hidden)
            loss = criterion(output, targets)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 0.25)
            for p in model.parameters():
                p.data.add_(p.grad, alpha=-20)
            yield loss.item()

    return program


def transformer_model(session, torch, nn, F, optim):
    """A causal transformer language model with sinusoidal positions."""

    class PositionalEncoding(nn.Module):
        def __init__(self, d_model, max_len=50):
            super().__init__()
            pe = torch.zeros(max_len, d_model)
            position = torch.arange(0, max_len, dtype=torch.float).unsqueeze(1)
            div = torch.exp(torch.arange(0, d_model, 2).float() * (-np.log(10000.0) / d_model))
            pe[:, 0::2] = torch.sin(position * div)
            pe[:, 1::2] = torch.cos(position * div)
            self.register_buffer("pe", pe.unsqueeze(0).transpose(0, 1))

        def forward(self, x):
            return x + self.pe[: x.size(0), :]

    class TransformerModel(nn.Transformer):
        def __init__(self, ntoken, ninp, nhead, nhid, nlayers):
            super().__init__(d_model=ninp, nhead=nhead, dim_feedforward=nhid,
                             num_encoder_layers=nlayers, dropout=0.0)  # fmt: skip
            self.pos_encoder = PositionalEncoding(ninp)
            self.input_emb = nn.Embedding(ntoken, ninp)
            self.ninp = ninp
            self.decoder = nn.Linear(ninp, ntoken)
            nn.init.uniform_(self.input_emb.weight, -0.1, 0.1)

        def _generate_square_subsequent_mask(self, sz):
            return torch.log(torch.tril(torch.ones(sz, sz)))

        def forward(self, src):
            mask = self._generate_square_subsequent_mask(len(src)).to(src.device).double()
            src = self.pos_encoder(self.input_emb(src) * np.sqrt(self.ninp))
            output = self.encoder(src, mask=mask)
            return F.log_softmax(self.decoder(output), dim=-1)

    model = session.start(TransformerModel(20, 8, 2, 12, 2))
    criterion = nn.NLLLoss()
    source = session.tensor(TOKENS)
    optimizer = optim.SGD(model.parameters(), lr=0.5)
    model.train()
    for i in range(0, 12, 4):
        optimizer.zero_grad()
        output = model(source[i : i + 4]).view(-1, 20)
        loss = criterion(output, source[i + 1 : i + 5].view(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.25)
        optimizer.step()
        yield loss.item()
    model.eval()
    with torch.no_grad():
        yield from model(source[:5])[-1].exp().sum(-1).tolist()


PROGRAMS = {
    "mnist_cnn": mnist_cnn,
    "row_lstm": row_lstm,
    "vae": vae,
    "dcgan": dcgan,
    "reinforce": reinforce,
    "polynomial": polynomial,
    "time_series": time_series,
    "siamese": siamese,
    "lstm language model": language_model("LSTM"),
    "gru language model": language_model("GRU"),
    "transformer language model": transformer_model,
}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.filterwarnings("ignore:enable_nested_tensor:UserWarning")
def test_the_same_losses(name):
    first = Session(PYTORCH, None)
    expected = list(PROGRAMS[name](first, **vars(PYTORCH)))
    second = Session(OURS, first.initial)
    got = list(PROGRAMS[name](second, **vars(OURS)))
    assert len(set(expected)) > 1
    np.testing.assert_allclose(got, expected, rtol=1e-7)
