"""Machines with hidden units that no table lists, with mpmath (40 digits): writes interactions.json.

  small     every state of the visible units, and of the hidden ones where they have levels (there K is never formed):
            couplings by inclusion-exclusion or by the average over all spins, ln Z, moments, gradients
  tiny      weights of 1e-3: the same alternating sums, where they lose 20 of 40 digits
  many      up to 60 spins with weights on a lattice: the law of the field of one hidden unit by convolution
  ensemble  normal weights: E J and E J^2 of orders 1 to 3 by trapezoidal sums over the weights themselves
Run: python interactions.py > interactions.json
"""
import json
from itertools import combinations, product

import numpy as np
from mpmath import erfc, exp, log, log1p, mp, mpf, sinh, sqrt

mp.dps = 40

# name of the unit: (K, levels with weights or None). c is a field like q.
LEVELS = {
    "step": [(0, 1), (1, 1)],
    "spin": [(-1, 1), (1, 1)],
    "three-state:crystal-field=0.4": [(-1, exp(mpf("-0.4"))), (0, 1), (1, exp(mpf("-0.4")))],
    "binary:low=-0.5:high=2:threshold=0.3": [(mpf("-0.5"), exp(mpf("0.15"))), (2, exp(mpf("-0.6")))],
}


def by_levels(name):
    return lambda q: log(sum(w * exp(q * z) for z, w in LEVELS[name]) / sum(w for _, w in LEVELS[name]))


K = {name: by_levels(name) for name in LEVELS}
K["gaussian"] = lambda q: q * q / 2
K["poisson"] = lambda q: exp(q) - 1
K["exponential-density:rate=5"] = lambda q: -log(1 - q / 5)
K["relu"] = lambda q: q * q / 2 + log(erfc(-q / sqrt(mpf(2))))
K["uniform"] = lambda q: log(sinh(q) / q) if q else mpf(0)

GOLDEN = (5**0.5 - 1) / 2


def sequence(start):
    """Numbers in [-1, 1) without a generator: a Weyl sequence, rounded so that they are short doubles."""
    x = start
    while True:
        x = (x + GOLDEN) % 1
        yield round(2 * x - 1, 4)


def machine(unit, encoding, visible, hidden, weight, bias, start):
    numbers = sequence(start)
    draw = lambda scale: round(scale * next(numbers), 6)
    return {
        "unit": unit,
        "encoding": encoding,
        "weights": [[draw(weight) for _ in range(hidden)] for _ in range(visible)],
        "visible_bias": [draw(bias) for _ in range(visible)],
        "hidden_bias": [draw(bias) for _ in range(hidden)],
    }


def exactly(m):
    read = lambda row: [mpf(repr(x)) for x in row]
    return [read(row) for row in m["weights"]], read(m["visible_bias"]), read(m["hidden_bias"])


def low(m):
    return 0 if m["encoding"] == "01" else -1


def log_weight(m, v):
    w, b, c = exactly(m)
    k = K[m["unit"]]
    fields = [c[u] + sum(w[i][u] * v[i] for i in range(len(v))) for u in range(len(c))]
    return sum(x * y for x, y in zip(b, v)) + sum(k(q) - k(x) for q, x in zip(fields, c))


def coupling(m, sites, weights):
    n = len(m["weights"])
    if m["encoding"] == "01":
        total = mpf(0)
        for r in range(len(sites) + 1):
            for chosen in combinations(sites, r):
                v = tuple(1 if i in chosen else 0 for i in range(n))
                total += (-1) ** (len(sites) - r) * weights(v)
        return total
    total = mpf(0)
    for v in product((-1, 1), repeat=n):
        sign = 1
        for i in sites:
            sign *= v[i]
        total += sign * weights(v)
    return total / 2**n


def small(m):
    w, b, c = exactly(m)
    n, hidden = len(w), len(c)
    cache = {}

    def weights(v):
        if v not in cache:
            cache[v] = log_weight(m, v)
        return cache[v]

    states = list(product((low(m), 1), repeat=n))
    z = sum(exp(weights(v)) for v in states)
    p = {v: exp(weights(v)) / z for v in states}
    out = dict(m)
    out["log_z"] = float(log(z))
    levels = LEVELS.get(m["unit"])
    if levels:
        # Every state of both layers.
        joint = mpf(0)
        vz = [[mpf(0)] * hidden for _ in range(n)]
        for v in states:
            fields = [c[u] + sum(w[i][u] * v[i] for i in range(n)) for u in range(hidden)]
            for zs in product(levels, repeat=hidden):
                weight = exp(sum(x * y for x, y in zip(b, v)) + sum(q * s[0] for q, s in zip(fields, zs)))
                for s in zs:
                    weight *= s[1]
                joint += weight
                for i in range(n):
                    for u in range(hidden):
                        vz[i][u] += weight * v[i] * zs[u][0]
        out["log_z_joint"] = float(log(joint))
        out["hidden_correlations"] = [[float(x / joint) for x in row] for row in vz]
    out["means"] = [float(sum(p[v] * v[i] for v in states)) for i in range(n)]
    out["correlation_01"] = float(sum(p[v] * v[0] * v[1] for v in states))
    data = [states[(7 * j + 3) % len(states)] for j in range(3)]
    out["data"] = [list(v) for v in data]
    out["log_likelihood"] = [float(log(p[v])) for v in data]
    pseudo = mpf(0)
    for v in data:
        for i in range(n):
            flipped = tuple((low(m) if x == 1 else 1) if i == j else x for j, x in enumerate(v))
            pseudo -= log1p(exp(weights(flipped) - weights(v)))
    out["pseudo_log_likelihood"] = float(pseudo / len(data))
    step = mpf(10) ** -15

    def mean_likelihood(i, u, shift):
        moved = {key: [list(r) for r in value] if key == "weights" else value for key, value in m.items()}
        ws = [[mpf(repr(x)) for x in row] for row in moved["weights"]]
        ws[i][u] += shift
        k = K[m["unit"]]

        def lw(v):
            fields = [c[a] + sum(ws[j][a] * v[j] for j in range(n)) for a in range(hidden)]
            return sum(x * y for x, y in zip(b, v)) + sum(k(q) - k(x) for q, x in zip(fields, c))

        z = log(sum(exp(lw(v)) for v in states))
        return sum(lw(v) - z for v in data) / len(data)

    i, u = n - 1, hidden - 1
    out["gradient_last"] = float((mean_likelihood(i, u, step) - mean_likelihood(i, u, -step)) / (2 * step))
    chosen = [tuple(range(k)) for k in range(1, n + 1)] + [tuple(range(n - k, n)) for k in range(1, n)]
    chosen += [(0, n - 1), tuple(range(0, n, 2))]
    out["couplings"] = [[list(s), float(coupling(m, s, weights))] for s in chosen]
    return out


def many(unit, visible, quantum, start, bias):
    """One hidden unit, spins with weights that are multiples of a quantum."""
    numbers = sequence(start)
    steps = [int(round(9 * next(numbers))) or 3 for _ in range(visible)]
    k, c, q = K[unit], mpf(repr(bias)), mpf(repr(quantum))

    def value(sites):
        # The signed law of the field: spins of the coupling enter with their sign.
        law = {0: mpf(1)}
        for i, n in enumerate(steps):
            new = {}
            for x, p in law.items():
                new[x + n] = new.get(x + n, mpf(0)) + p / 2
                new[x - n] = new.get(x - n, mpf(0)) + (-p if i in sites else p) / 2
            law = new
        return sum(p * k(c + q * x) for x, p in law.items())

    chosen = [(0,), (0, 1), (1, 2, 5), (0, 3, 4, 7), (2, 3, 5, 6, 8, 9)]
    return {
        "unit": unit,
        "encoding": "pm1",
        "weights": [[float(q * n)] for n in steps],
        "visible_bias": [0.0] * visible,
        "hidden_bias": [bias],
        "couplings": [[list(s), float(value(set(s)))] for s in chosen],
    }


DOUBLE = {
    "step": lambda q: np.logaddexp(0, q),
    "spin": lambda q: np.logaddexp(q, -q),
    "three-state:crystal-field=0.4": lambda q: np.log1p(2 * np.exp(-0.4) * np.cosh(q)),
}


def grid(mean, sigma, count, reach=9.0):
    z = np.linspace(-reach, reach, count)
    p = np.exp(-z * z / 2)
    return mean + sigma * z, p / p.sum()


def ensemble(unit, encoding, visible, mean, sigma, bias):
    k = DOUBLE[unit]
    found = []
    count = 1 if encoding == "01" else visible
    for order in (1, 2, 3):
        if encoding == "01":
            points = {1: 2001, 2: 501, 3: 181}[order]
            x, p = grid(mean, sigma, points)
            axes = [x.reshape([-1 if a == i else 1 for a in range(order)]) for i in range(order)]
            weight = 1.0
            for i in range(order):
                weight = weight * p.reshape([-1 if a == i else 1 for a in range(order)])
            total = 0.0
            for signs in product((0, 1), repeat=order):
                field = bias + sum(s * a for s, a in zip(signs, axes))
                total = total + (-1) ** (order - sum(signs)) * k(field + np.zeros([points] * order))
        else:
            # Three spins in all: every weight is integrated over.
            points, n = 121, visible
            if order > n:
                continue
            x, p = grid(mean, sigma, points)
            axes = [x.reshape([-1 if a == i else 1 for a in range(n)]) for i in range(n)]
            weight = 1.0
            for i in range(n):
                weight = weight * p.reshape([-1 if a == i else 1 for a in range(n)])
            total = 0.0
            for s in product((-1, 1), repeat=n):
                field = bias + sum(a * b for a, b in zip(s, axes))
                sign = np.prod(s[:order])
                total = total + sign * k(field + np.zeros([points] * n)) / 2**n
        found.append([order, float((weight * total).sum()), float((weight * total**2).sum())])
    return {
        "unit": unit,
        "encoding": encoding,
        "visible": visible,
        "mean": mean,
        "sigma": sigma,
        "bias": bias,
        "found": found,
    }


def main():
    machines = [
        machine("step", "01", 6, 2, 1.5, 0.5, 0.1),
        machine("step", "pm1", 5, 3, 1.0, 0.5, 0.2),
        machine("spin", "01", 5, 2, 2.0, 0.7, 0.3),
        machine("spin", "pm1", 6, 2, 0.8, 0.3, 0.4),
        machine("three-state:crystal-field=0.4", "01", 6, 2, 1.2, 0.4, 0.5),
        machine("three-state:crystal-field=0.4", "pm1", 4, 3, 3.0, 0.4, 0.6),
        machine("binary:low=-0.5:high=2:threshold=0.3", "01", 5, 2, 0.9, 0.4, 0.7),
        machine("binary:low=-0.5:high=2:threshold=0.3", "pm1", 5, 1, 0.6, 0.4, 0.8),
        machine("gaussian", "01", 6, 3, 0.5, 0.5, 0.15),
        machine("gaussian", "pm1", 5, 2, 0.5, 0.5, 0.25),
        machine("poisson", "01", 5, 2, 0.7, 0.3, 0.35),
        machine("poisson", "pm1", 5, 2, 0.4, 0.3, 0.45),
        machine("exponential-density:rate=5", "01", 6, 2, 0.6, 0.3, 0.55),
        machine("exponential-density:rate=5", "pm1", 5, 2, 0.5, 0.3, 0.65),
        machine("relu", "01", 6, 2, 0.9, 0.4, 0.22),
        machine("relu", "pm1", 5, 2, 0.7, 0.4, 0.33),
        machine("uniform", "01", 5, 2, 1.4, 0.4, 0.44),
        machine("uniform", "pm1", 5, 2, 1.1, 0.4, 0.77),
    ]
    tiny = []
    for unit in ("step", "spin", "three-state:crystal-field=0.4", "exponential-density:rate=5"):
        for encoding in ("01", "pm1"):
            m = machine(unit, encoding, 7, 2, 2e-3, 0.0, 0.37)
            m["hidden_bias"] = [0.3, -0.8]
            weights = lambda v, m=m: log_weight(m, v)
            chosen = [(0, 1), (0, 2, 5), (1, 2, 3, 4), (0, 1, 2, 3, 4, 6)]
            m["couplings"] = [[list(s), float(coupling(m, s, weights))] for s in chosen]
            tiny.append(m)
    large = [
        many("step", 30, 0.125, 0.11, 0.4),
        many("spin", 40, 0.0625, 0.22, -0.3),
        many("three-state:crystal-field=0.4", 60, 0.0625, 0.33, 0.2),
    ]
    moments = [
        ensemble("step", "01", 50, 0.2, 0.8, 0.3),
        ensemble("step", "01", 50, -0.5, 2.0, 0.0),
        ensemble("spin", "01", 50, 0.1, 0.6, -0.4),
        ensemble("three-state:crystal-field=0.4", "01", 50, 0.0, 1.5, 0.2),
        ensemble("step", "pm1", 3, 0.3, 0.7, 0.2),
        ensemble("spin", "pm1", 3, -0.2, 0.9, 0.5),
    ]
    print(json.dumps({"small": [small(m) for m in machines], "tiny": tiny, "many": large, "ensemble": moments}, indent=1))


main()
