import torch
from golden import case
from golden.networks import CLOSE, Whole, edges, train, windows
from torch import nn

WIDTH = 6


def fitted(*modules, rounds=8):
    module = nn.Sequential(*modules)
    X, y = windows(40, 1, WIDTH)
    train(module, X, y, (WIDTH,), rounds)
    return Whole(module, (WIDTH,)), edges(X)


def among(*names):
    """Those of the modules that this PyTorch has."""
    return [getattr(nn, name)() for name in names if hasattr(nn, name)]


@case(methods=["predict"], tolerance=CLOSE, dump="native:pt")
def nested():
    torch.manual_seed(1)
    inner = nn.Sequential(nn.Dropout(), nn.BatchNorm1d(4), nn.Linear(4, 3, bias=False), nn.PReLU())
    return fitted(nn.Linear(WIDTH, 4), nn.LeakyReLU(0.2), inner, nn.LayerNorm(3), nn.Linear(3, 2))


@case(methods=["predict"], tolerance=CLOSE, dump="native:pt", versions=["1.12", "2.15"])
def activations():
    torch.manual_seed(2)
    names = ["ReLU6", "ELU", "SELU", "Tanh", "Sigmoid", "Softplus", "Softsign", "Hardtanh", "Tanhshrink", "LogSigmoid", "CELU"]
    newer = ["GELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid"]
    modules = [layer for it in among(*names, *newer) for layer in (nn.Linear(WIDTH, WIDTH), it)]
    return fitted(*modules, nn.LogSoftmax(dim=1))


@case(methods=["predict"], tolerance=CLOSE, dump="native:pt", versions=["1.12", "2.15"])
def flattened():
    torch.manual_seed(3)
    return fitted(nn.Linear(WIDTH, 5), nn.GELU(approximate="tanh"), nn.Flatten(), nn.Identity(), nn.Linear(5, 1))


@case(methods=["predict"], dump="native:pt", versions=["2.15"], unsupported=True)
def another_module():
    return fitted(nn.Linear(WIDTH, 4), nn.GLU(), nn.Linear(2, 1))


@case(methods=["predict"], dump="native:pt", versions=["2.15"], unsupported=True)
def double_precision():
    found, rows = fitted(nn.Linear(WIDTH, 1))
    found.module.double()
    return found, rows


@case(methods=["predict"], dump="native:pt", versions=["2.15"], unsupported=True)
def hooked():
    found, rows = fitted(nn.Linear(WIDTH, 1))
    found.module[0].register_forward_hook(print)
    return found, rows
