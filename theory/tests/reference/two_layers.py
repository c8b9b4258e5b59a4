"""A second method for generalised restricted Boltzmann machines: writes two_layers.json.

A unit between Boolean and Gaussian is averaged by a sum over its values x: density of P_Omega(x) exp(H x + A x^2/2)
on a grid (Omega = 0: two values). Memories xi and noise z are two separate trapezoids. Unknowns are the m, q, Q, p, P
of the replica calculation, solved from
  m = E xi<s>, q = E<s>^2, Q = E<s^2>,  field beta Omega_tau m xi + sqrt(beta alpha p) z, reaction alpha beta (P - p)
  p = E<t>^2, P = E<t^2>,               field sqrt(beta q) z,                              reaction beta (Q - q)
and f from its definition with normalised priors. Ends of retrieval, for Boolean visible units: at given m the noise
beta alpha p follows from the first equation, then q, p and alpha, whose largest value is taken over m.
Run: python two_layers.py > two_layers.json
"""
import json

import numpy as np
from scipy.optimize import brentq, minimize_scalar, root

STEP = 0.05
Z = np.arange(-10.0, 10.0 + STEP / 2, STEP)
W = STEP * np.exp(-0.5 * Z * Z) / np.sqrt(2 * np.pi)


def unit(omega, h, a):
    """<x>, <x^2> and ln Z of P_Omega(x) exp(h x + a x^2/2) at each h."""
    h = np.asarray(h, float)
    if omega == 0.0:
        logz = a / 2 + np.abs(h) + np.log1p(np.exp(-2 * np.abs(h))) - np.log(2)
        return np.tanh(h), np.ones_like(h), logz
    out = np.empty((3,) + h.shape)
    width = np.sqrt(omega / (1 - a * omega))
    for i, field in np.ndenumerate(h):
        # The grid covers the Gaussians around both values of the Boolean part.
        centres = [(omega * field + e * np.sqrt(1 - omega)) / (1 - a * omega) for e in (-1, 1)]
        x = np.arange(centres[0] - 9 * width, centres[1] + 9 * width, width / 7)
        parts = [-((x - e * np.sqrt(1 - omega)) ** 2) / (2 * omega) for e in (-1, 1)]
        log = np.logaddexp(*parts) - np.log(2 * np.sqrt(2 * np.pi * omega)) + field * x + a * x * x / 2
        top = log.max()
        weight = np.exp(log - top)
        total = weight.sum()
        out[(0,) + i] = (weight * x).sum() / total
        out[(1,) + i] = (weight * x * x).sum() / total
        out[(2,) + i] = top + np.log(total * width / 7)
    return out


def memory(weights):
    """Values and weights of a condensed component, of which the sign of the Boolean part is fixed."""
    if weights == 0.0:
        return np.array([1.0]), np.array([1.0])
    return np.sqrt(1 - weights) + np.sqrt(weights) * Z, W


def visible(machine, drift, noise, a):
    xi, wxi = memory(machine["weights"])
    if drift == 0.0:
        xi, wxi = np.array([1.0]), np.array([1.0])
    h = drift * xi[:, None] + np.sqrt(noise) * Z[None, :]
    mean, square, logz = unit(machine["visible"], h, a)
    w = wxi[:, None] * W[None, :]
    return [float((w * f).sum()) for f in (xi[:, None] * mean, mean * mean, square, logz)]


def hidden(machine, noise, a):
    mean, square, logz = unit(machine["hidden"], np.sqrt(noise) * Z, a)
    return [float((W * f).sum()) for f in (mean * mean, square, logz)]


def state(machine, alpha, t, condensed, start):
    beta = 1 / t

    def both(y):
        m, q, big, p, bigp = y
        v = visible(machine, beta * machine["hidden"] * m if condensed else 0.0, beta * alpha * p, alpha * beta * (bigp - p))
        return v, hidden(machine, beta * q, beta * (big - q))

    def gap(y):
        v, h = both(y)
        m = v[0] if condensed else 0.0
        return np.array([m, v[1], v[2], h[0], h[1]]) - y

    found = root(gap, start, tol=1e-14)
    y = found.x
    assert np.abs(gap(y)).max() < 1e-11 * (1 + np.abs(y).max()), (machine, alpha, t, found)
    m, q, big, p, bigp = y
    v, h = both(y)
    f = -t * (-0.5 * beta * machine["hidden"] * m * m - 0.5 * beta * alpha * (big * bigp - q * p) + v[3] + alpha * h[2])
    return {"m": m, "q": q, "activity": big, "r": t * p, "chi": beta * (big - q), "free_energy": f}


def capacity(machine, t):
    beta = 1 / t

    def load(m):
        drift = beta * machine["hidden"] * m
        noise = brentq(lambda n: visible(machine, drift, n, 0.0)[0] - m, 1e-9, 400.0, xtol=1e-15, rtol=1e-14)
        q = visible(machine, drift, noise, 0.0)[1]
        if machine["hidden"] * beta * (1 - q) >= 1:
            return 0.0
        return noise / beta / hidden(machine, beta * q, beta * (1 - q))[0]

    def safe(m):
        try:
            return load(m)
        except ValueError:
            return 0.0

    grid = np.arange(0.4, 0.99, 0.02)
    best = max(grid, key=safe)
    found = minimize_scalar(lambda m: -safe(m), bounds=(best - 0.02, best + 0.02), method="bounded", options={"xatol": 1e-10})
    return {"alpha": -found.fun}


def machine(v, h, w):
    return {"visible": v, "hidden": h, "weights": w}


RETRIEVAL = (0.93, 0.9, 1.0, 3.0, 6.0)
STATES = [
    ("retrieval", machine(0.0, 0.75, 0.0), 0.04, 0.3, RETRIEVAL),
    ("retrieval", machine(0.0, 0.5, 0.0), 0.02, 0.25, RETRIEVAL),
    ("retrieval", machine(0.0, 0.25, 0.0), 0.001, 0.15, RETRIEVAL),
    ("retrieval", machine(0.0, 0.75, 0.25), 0.006, 0.3, (0.78, 0.85, 1.0, 3.0, 6.0)),
    ("retrieval", machine(0.0, 1.0, 0.1), 0.02, 0.4, (0.85, 0.85, 1.0, 3.0, 6.0)),
    ("retrieval", machine(0.1, 0.75, 0.0), 0.01, 0.4, (0.9, 0.85, 1.05, 3.0, 6.0)),
    ("spin_glass", machine(0.0, 0.5, 0.0), 0.3, 0.7, (0.0, 0.4, 1.0, 1.5, 4.0)),
    ("spin_glass", machine(0.0, 0.0, 0.0), 0.5, 0.4, (0.0, 0.4, 1.0, 0.4, 1.0)),
    ("spin_glass", machine(0.5, 0.5, 0.5), 0.5, 1.6, (0.0, 0.4, 1.7, 0.4, 2.0)),
]
CAPACITIES = [(machine(0.0, 0.75, 0.0), 0.3), (machine(0.0, 0.25, 0.0), 0.12), (machine(0.0, 0.5, 0.25), 0.15)]

entries = []
for kind, m, alpha, t, start in STATES:
    found = state(m, alpha, t, kind == "retrieval", start)
    entries.append({"state": kind, "machine": m, "alpha": alpha, "T": t, "found": found})
for m, t in CAPACITIES:
    entries.append({"state": "capacity", "machine": m, "T": t, "found": capacity(m, t)})
lines = ",\n".join("  " + json.dumps(entry) for entry in entries)
print('{\n "about": "Two layers between Boolean and Gaussian, by two_layers.py: sums over the values of a unit",\n "values": [')
print(lines + "\n ]\n}")
