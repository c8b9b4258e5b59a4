#!/usr/bin/env python3
"""Capacities that no table lists, by a second method: capacity.json.

T = 0: averages over the noise by quadrature of the definition (what a unit does at each value of the noise), the load
from the saddle-point equations, and a search without derivatives for its maximum, which fixes alpha_c to about
1e-12 and what is read off there to half of the digits. T > 0: the load where the overlap of extremely diluted units
vanishes, by quadrature and a bracketed root.
"""
import json

import numpy as np
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.special import ndtr
from scipy.stats import norm

NODES, WEIGHTS = np.polynomial.legendre.leggauss(60)


def law(name, f):
    if name == "sparse":
        return np.array([0, 1.0]), np.array([1 - f, f])
    if name == "ternary":
        a = 3 * f / 4
        return np.array([0, 0.5, 1.5]), np.array([1 - f, a, a / 3])
    a = 4 * f / 9
    return np.array([0, 2 / 9, 5 / 9, 20 / 9]), np.array([1 - f, 1.5 * a, 0.6 * a, 0.15 * a])


def centred(name, f):
    x, p = law(name, f)
    eta = x - x @ p
    return eta, p, eta**2 @ p


def above(mean, g):
    """E g(mean + z) over mean + z > 0."""
    low, high = max(-mean, -10.0), max(-mean, 0) + 11.0
    cuts = np.linspace(low, high, 7)
    total = 0.0
    for a, b in zip(cuts, cuts[1:]):
        z = (a + b) / 2 + (b - a) / 2 * NODES
        total += (b - a) / 2 * WEIGHTS @ (norm.pdf(z) * g(mean + z))
    return total


def search(alpha, start):
    best = minimize(lambda u: -alpha(*u), start, method="Nelder-Mead", options=dict(xatol=1e-9, fatol=1e-15, maxiter=400))
    return -best.fun


def two_level(patterns, f, low, high, c, symmetric, start, threshold=None):
    eta, p, v = centred(patterns, f)

    def point(x, t):
        fires = ndtr(eta * x - t)
        m = (high - low) * (p * eta) @ fires
        sigma = m / x
        chi = (high - low) / sigma * p @ norm.pdf(eta * x - t)
        q = p @ (low**2 * (1 - fires) + high**2 * fires)
        if not (sigma > 0 and v * chi < 1):
            return -1.0, np.nan
        alpha = sigma**2 / (q * v**2 * (c / (1 - v * chi) ** 2 + 1 - c))
        reaction = alpha * v**2 * (c * chi / (1 - v * chi) + (chi * (1 - c) if symmetric else 0))
        return alpha, t * sigma + reaction * (low + high) / 2

    if threshold is None:
        return search(lambda x, t: point(x, t)[0], start)
    along = lambda x: brentq(lambda t: point(x, t)[1] - threshold, 0.3 * x, 0.6 * x, xtol=1e-15)
    return -minimize_scalar(lambda x: -point(x, along(x))[0], bounds=start, method="bounded", options=dict(xatol=1e-9)).fun


def threshold_linear(patterns, f, c, start):
    eta, p, v = centred(patterns, f)
    zeta = eta / np.sqrt(v)

    def alpha(s, w):
        a1 = p @ [above(s * z + w, lambda h: 1 + 0 * h) for z in zeta]
        a2 = (p * zeta) @ [above(s * z + w, lambda h: h) for z in zeta]
        a3 = p @ [above(s * z + w, lambda h: h**2) for z in zeta]
        u = s * a1 / a2
        return (a2 / s) ** 2 / a3 / (c / (1 - u) ** 2 + 1 - c) if u < 1 and s > 0 else -1.0

    return search(alpha, start)


def vanishing(f, temperature):
    """0/1 units, threshold 0: 1 = v E w_hh with Delta = alpha v^2 E s^2."""
    v = f * (1 - f)
    z = np.linspace(-12, 12, 200001)
    weight = norm.pdf(z) * (z[1] - z[0])
    fires = lambda delta: 1 / (1 + np.exp(-np.sqrt(delta) * z / temperature))
    gap = lambda delta: v / temperature * weight @ (fires(delta) * (1 - fires(delta))) - 1
    delta = brentq(gap, 1e-6, 1.0, xtol=1e-16)
    return delta / (v**2 * weight @ fires(delta))


def main():
    rows = []

    def row(alpha_c, unit, patterns, f, connectivity, optimise, temperature=0.0):
        rows.append(dict(unit=unit, patterns=f"{patterns}:active-fraction={f}", rule="covariance", connectivity=connectivity,
                         optimise=optimise, temperature=temperature, found=dict(alpha_c=repr(float(alpha_c)))))

    best = ["threshold"]
    row(two_level("sparse", 0.15, 0, 1, 1, True, (5.0, 2.4)), "binary", "sparse", 0.15, "full", best)
    row(two_level("sparse", 0.03, 0, 1, 1, True, (4.5, 2.5)), "binary", "sparse", 0.03, "full", best)
    row(two_level("sparse", 0.1, 0, 1, 0.3, True, (3.0, 1.9)), "binary", "sparse", 0.1, "diluted:c=0.3", best)
    row(two_level("sparse", 0.1, 0, 1, 0.3, False, (3.0, 1.9)), "binary", "sparse", 0.1, "diluted:c=0.3:symmetric=false", best)
    row(two_level("sparse", 0.25, -0.4, 1.1, 1, True, (3.7, 1.4)), "binary:low=-0.4:high=1.1", "sparse", 0.25, "full", best)
    row(two_level("ternary", 0.2, 0, 1, 1, True, (3.0, 1.8)), "binary", "ternary", 0.2, "full", best)
    row(two_level("quaternary", 0.15, 0, 1, 0.6, True, (2.0, 2.0)), "binary", "quaternary", 0.15, "diluted:c=0.6", best)
    row(two_level("sparse", 0.1, 0, 1, 1, True, (3.0, 8.0), 0.04), "binary:threshold=0.04", "sparse", 0.1, "full", [])
    both = ["threshold", "gain"]
    row(threshold_linear("sparse", 0.15, 0.2, (0.6, -0.8)), "threshold-linear", "sparse", 0.15, "diluted:c=0.2", both)
    row(threshold_linear("ternary", 0.12, 1.0, (0.5, -1.7)), "threshold-linear", "ternary", 0.12, "full", both)
    row(threshold_linear("quaternary", 0.25, 0.05, (0.4, -1.7)), "threshold-linear", "quaternary", 0.25, "diluted:c=0.05", both)
    row(threshold_linear("sparse", 0.07, 0.0, (0.5, -1.0)), "threshold-linear", "sparse", 0.07, "extreme", both)
    row(vanishing(0.5, 0.03), "binary", "sparse", 0.5, "extreme", [], 0.03)
    with open(__file__.replace(".py", ".json"), "w") as out:
        json.dump({"about": "see capacity.py", "values": rows}, out, indent=1)
        out.write("\n")


main()
