"""The network of this example, as its Python service defines it."""

import torch
from torch import nn

STEPS, FEATURES = 60, 10


class Attention(nn.Module):
    """A score for each step, softmax over time, the weighted sum."""

    def __init__(self, hidden):
        super().__init__()
        self.attention = nn.Linear(hidden, 1)

    def forward(self, steps):
        weights = torch.softmax(self.attention(steps), dim=1)
        return (weights * steps).sum(dim=1)


class Network(nn.Module):
    def __init__(self, hidden=16, layers=3):
        super().__init__()
        self.lstm = nn.LSTM(FEATURES, hidden, layers, batch_first=True)
        self.attention = Attention(hidden)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, windows):
        steps, _ = self.lstm(windows)
        return self.fc(self.attention(steps)).squeeze(1)
