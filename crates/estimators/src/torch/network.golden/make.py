import numpy
import torch
from golden import case, iris
from golden.networks import CLOSE, Network, Probable, edges, save_tar, train, windows
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from torch import nn

STEPS, FEATURES = 5, 3
SHARES = {"predict_proba": CLOSE["predict"]}
NEWEST = ["2.15"]


def seeded(build):
    torch.manual_seed(0)
    return build()


def fitted(module, layers, window=(STEPS, FEATURES), scaler=None, **how):
    X, y = windows(40, *window)
    train(module, X, y, window)
    if scaler is not None:
        scaler.fit(100 + 7 * X.reshape(-1, window[-1]))
        X = 100 + 7 * X
    return Network(module, window, layers, scaler, **how), edges(X) if scaler is None else X[:8]


class Chain(nn.Module):
    """Named modules one after the other; `steps` says how, where it is not by calling them."""

    def __init__(self, names, **how):
        super().__init__()
        for name, module in names:
            self.add_module(name, module)
        self.how = how

    def forward(self, x):
        for name, module in self.named_children():
            x = self.how.get(name, lambda module, x: module(x))(module, x)
        return x


def sequence(module, x):
    return module(x)[0]


def last(module, x):
    return module(x)[0][:, -1]


def attended(module, x):
    return (torch.softmax(module(x), dim=1) * x).sum(dim=1)


ATTENTION = """
[[layers]]
kind = "lstm"
prefix = "lstm"
batch_first = true

[[layers]]
kind = "attention"
prefix = "attention.attention"

[[layers]]
kind = "linear"
prefix = "fc"
"""


def attention(**how):
    score = seeded(lambda: Chain([("attention", nn.Linear(4, 1))]))
    module = Chain(
        [("lstm", nn.LSTM(FEATURES, 4, 2, batch_first=True)), ("attention", score), ("fc", nn.Linear(4, 1))],
        lstm=sequence,
        attention=attended,
    )
    return fitted(module, how.pop("layers", ATTENTION), **how)


@case(methods=["predict"], tolerance=CLOSE, dump="native:pth")
def lstm_attention():
    return attention()


@case(methods=["predict"], tolerance=CLOSE, dump="native:pth", versions=["1.0", "2.15"])
def checkpoint():
    return attention(saved=lambda it: {"model_state_dict": it.state_dict(), "epoch": 3, "loss": numpy.float64(0.5)})


@case(methods=["predict"], tolerance=CLOSE, dump="native:safetensors", versions=NEWEST)
def safetensors():
    return attention()


@case(methods=["predict"], tolerance=CLOSE, dump="native:pth", versions=NEWEST)
def old_format():
    found, rows = attention()
    found.write = lambda it, path: torch.save(it, path, _use_new_zipfile_serialization=False)
    return found, rows


@case(methods=["predict"], tolerance=CLOSE, dump="native:pth", versions=NEWEST)
def tar_archive():
    found, rows = attention()
    found.write = save_tar
    return found, rows


@case(methods=["predict"], tolerance=CLOSE, dump="native:pth", versions=NEWEST)
def other_types():
    """Loading a state dict makes its numbers float32; one is a transposed view, one shares its storage."""

    def saved(module):
        tensors = module.state_dict()
        shared = torch.cat([torch.zeros(3), tensors["fc.bias"].double()])
        tensors["lstm.weight_hh_l0"] = tensors["lstm.weight_hh_l0"].t().contiguous().t()
        return {**tensors, "fc.bias": shared[3:], "unused": shared, "fc.weight": nn.Parameter(tensors["fc.weight"])}

    found, rows = attention(layers='ignore = ["unused"]\n' + ATTENTION, saved=saved)
    for name, kind in [("lstm.weight_ih_l0", torch.bfloat16), ("lstm.bias_ih_l0", torch.float16)]:
        tensor = dict(found.module.named_parameters())[name]
        tensor.data = tensor.data.to(kind).float()
        found.saved = lambda it, saved=found.saved, name=name, kind=kind: {**saved(it), name: it.state_dict()[name].to(kind)}
    return found, rows


@case(methods=["predict"], tolerance=CLOSE, dump="native:pth", versions=NEWEST)
def scaled():
    return attention(scaler=StandardScaler())


@case(methods=["predict"], tolerance=CLOSE, dump="native:pth", versions=NEWEST)
def scaled_inputs():
    found, rows = attention(layers='inputs = "scaled"\n' + ATTENTION, scaler=MinMaxScaler())
    return found, found.scaler.transform(rows.reshape(-1, FEATURES)).reshape(rows.shape)


@case(methods=["predict"], tolerance=CLOSE, dump="native:pth", versions=["1.0", "2.15"])
def bidirectional_state():
    layers = '[[layers]]\nkind = "lstm"\nprefix = "lstm"\noutput = "hidden"\n[[layers]]\nkind = "linear"\nprefix = "fc"'
    both = lambda module, x: torch.cat([module(x)[1][0][-2], module(x)[1][0][-1]], dim=1)
    lstm = seeded(lambda: nn.LSTM(FEATURES, 3, 2, batch_first=True, bidirectional=True, bias=False))
    return fitted(Chain([("lstm", lstm), ("fc", nn.Linear(6, 2))], lstm=both), layers)


@case(methods=["predict"], tolerance=CLOSE, dump="native:pth", versions=["1.0", "2.15"])
def gru_last():
    layers = '[[layers]]\nkind = "gru"\nprefix = "gru"\n[[layers]]\nkind = "pool"\nover = "last"\n[[layers]]\nkind = "linear"\nprefix = "fc"'
    gru = seeded(lambda: nn.GRU(FEATURES, 9, 2, batch_first=True))
    return fitted(Chain([("gru", gru), ("fc", nn.Linear(9, 1))], gru=last), layers)


@case(methods=["predict"], tolerance=CLOSE, dump="native:pth", versions=["1.0", "2.15"])
def rnn_mean():
    layers = """
[[layers]]
kind = "rnn"
prefix = "first"
nonlinearity = "relu"
[[layers]]
kind = "layer_norm"
prefix = "norm"
[[layers]]
kind = "rnn"
prefix = "second"
[[layers]]
kind = "pool"
over = "mean"
"""
    first = seeded(lambda: nn.RNN(FEATURES, 3, nonlinearity="relu", batch_first=True, bidirectional=True))
    modules = [("first", first), ("norm", nn.LayerNorm(6)), ("second", nn.RNN(6, 3, batch_first=True))]
    mean = lambda module, x: module(x)[0].mean(dim=1)
    return fitted(Chain(modules, first=sequence, second=mean), layers)


@case(methods=["predict"], tolerance=CLOSE, dump="native:pth", versions=["1.0", "2.15"])
def convolutions():
    layers = """
[[layers]]
kind = "transpose"
[[layers]]
kind = "conv1d"
prefix = "first"
stride = 2
padding = 1
[[layers]]
kind = "batch_norm1d"
prefix = "norm"
[[layers]]
kind = "relu"
[[layers]]
kind = "conv1d"
prefix = "second"
dilation = 2
groups = 2
padding = 2
[[layers]]
kind = "max_pool1d"
kernel_size = 2
stride = 1
padding = 1
[[layers]]
kind = "avg_pool1d"
kernel_size = 3
stride = 2
padding = 1
[[layers]]
kind = "flatten"
[[layers]]
kind = "linear"
prefix = "fc"
"""
    first = seeded(lambda: nn.Conv1d(4, 6, 3, stride=2, padding=1))
    modules = [
        ("first", first), ("norm", nn.BatchNorm1d(6)), ("relu", nn.ReLU()), ("second", nn.Conv1d(6, 4, 3, dilation=2, groups=2, padding=2)),
        ("max", nn.MaxPool1d(2, stride=1, padding=1)), ("mean", nn.AvgPool1d(3, stride=2, padding=1)), ("fc", nn.Linear(12, 1)),
    ]  # fmt: skip
    module = Chain(modules, first=lambda module, x: module(x.transpose(1, 2)), fc=lambda module, x: module(x.reshape(len(x), -1)))
    return fitted(module, layers, window=(10, 4))


@case(methods=["predict"], tolerance=CLOSE, dump="native:pth", versions=["1.0", "2.15"])
def embedding():
    layers = """
[[layers]]
kind = "embedding"
prefix = "words"
[[layers]]
kind = "pool"
over = "max"
[[layers]]
kind = "linear"
prefix = "fc"
"""
    words = seeded(lambda: nn.Embedding(6, 4))
    modules = [("words", words), ("fc", nn.Linear(4, 2))]
    module = Chain(modules, words=lambda module, x: module(x.long()).max(dim=1)[0])
    X = numpy.resize([0.0, 5, 3, 2, 2, 1, 4], (12, 4))
    train(module, X, X.sum(axis=1), (4,))
    return Network(module, (4,), "window = [4]\n" + layers), X


@case(methods=["predict", "predict_proba"], tolerance=SHARES, dump="native:pth", versions=["1.0", "2.15"])
def classifier():
    layers = 'classes = ["setosa", "versicolor", "virginica"]\n' + "".join(
        '[[layers]]\nkind = "%s"\n%s' % (kind, more)
        for kind, more in [("linear", 'prefix = "0"\n'), ("tanh", ""), ("linear", 'prefix = "2"\n'), ("softmax", "")]
    )
    X, y = iris()
    module = seeded(lambda: nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 3), nn.Softmax(dim=1)))
    train(module, X, y.astype("float64"), (4,))
    names = numpy.array(["setosa", "versicolor", "virginica"])
    return Probable(module, (4,), layers, answer=lambda it: names[it.argmax(axis=1)]), X[::10]


@case(methods=["predict"], dump="native:pth", versions=NEWEST, unsupported=True)
def unused_tensor():
    found, rows = attention(saved=lambda it: {**it.state_dict(), "decoder.weight": torch.zeros(2, 2)})
    return found, rows


@case(methods=["predict"], dump="native:pth", versions=NEWEST, unsupported=True)
def projection():
    layers = '[[layers]]\nkind = "lstm"\nprefix = "lstm"\noutput = "hidden"'
    lstm = seeded(lambda: nn.LSTM(FEATURES, 4, batch_first=True, proj_size=2))
    return fitted(Chain([("lstm", lstm)], lstm=last), layers)


@case(methods=["predict"], tolerance=CLOSE, dump="native:pth", versions=NEWEST)
def windowed_sequential():
    module = seeded(lambda: nn.Sequential(nn.Conv1d(2, 2, 2), nn.Tanh(), nn.Flatten(), nn.Linear(4, 1)))
    return fitted(module, "", window=(2, 3), saved=lambda it: it)
