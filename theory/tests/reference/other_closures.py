#!/usr/bin/env python3
"""Potts units, overlap maps, finite degree and three levels by second methods: other_closures.json.

Potts: the race of Q normal numbers by adaptive quadrature of its definition with 25 digits, the capacity where the
derivative by finite differences vanishes, states by a root of alpha(a). Extreme dilution: mpmath quadrature of the
map, its root; two replicas by a sum over a grid of both fields. Finite degree: the law of signal and noise
by the double sum over the number of inputs and the signs, and two replicas by the sum over equal and opposite inputs.
Three levels: the definition of m and of the response by quadrature, and a search without derivatives.
"""
import json

import numpy as np
from mpmath import erf, erfc, exp, findroot, mp, mpf, nstr, pi, quad, sqrt, tanh
from scipy.optimize import brentq, minimize
from scipy.special import ndtr
from scipy.stats import binom, norm, poisson

mp.dps = 25
ROWS = []


def row(value, digits, **keys):
    ROWS.append(dict(keys, value=nstr(value, 17) if isinstance(value, mpf) else repr(float(value)), digits=digits))


CUTS = [-10, -6, -4, -2, -1, 0, 1, 2, 3, 4, 6, 8, 10]
phi = lambda x: exp(-x * x / 2) / sqrt(2 * pi)
Phi = lambda x: erfc(-x / sqrt(2)) / 2


def race(q, a):
    wins = quad(lambda z: phi(z) * Phi(z + a) ** (q - 1), CUTS)
    own = quad(lambda z: z * phi(z) * (Phi(z + a) ** (q - 1) + (q - 1) * Phi(z) ** (q - 2) * Phi(z - a)), CUTS)
    return wins, own


def potts():
    def root(q, a):
        wins, own = race(q, a)
        return sqrt(mpf(q) / (q - 1)) * ((q * wins - 1) / a - own), (q * wins - 1) / (q - 1), own

    def capacity(q, start):
        h = mpf(10) ** -7
        a = findroot(lambda a: (root(q, a + h)[0] - root(q, a - h)[0]) / (2 * h), (start, start + 0.05), tol=1e-11)
        r, m, _ = root(q, a)
        return a, r * r, m

    for q, start in [(3, 3.0), (4, 3.0), (5, 3.0), (6, 3.0), (7, 3.0), (8, 3.0), (10, 3.0), (15, 3.1), (20, 3.1), (64, 3.3), (256, 3.6)]:
        a, alpha, m = capacity(q, start)
        row(alpha, 13, potts=q, quantity="alpha_c")
        row(m, 8, potts=q, quantity="m")
        if q in (3, 8, 15):
            for share in (0.5, 0.9):
                load = mpf(int(share * alpha * 100)) / 100
                first = sqrt(mpf(q) * (q - 1) / load)
                lead = findroot(lambda x: root(q, x)[0] ** 2 - load, (first, 0.98 * first), tol=1e-30)
                assert lead > a
                _, m, own = root(q, lead)
                sigma = sqrt(mpf(q)) * (q - 1) * m / lead
                c = sqrt(mpf(q)) * own / sigma
                energy = -((q - 1) ** 2 * m**2 + load * (q - 1) * (c / (1 - c) + c / (1 - c) ** 2)) / 2
                row(m, 12, potts=q, quantity="m", alpha=float(load))
                row(energy, 12, potts=q, quantity="energy", alpha=float(load))


def extreme():
    def step(m, alpha, t):
        if t == 0:
            return erf(m / sqrt(2 * alpha))
        return quad(lambda z: phi(z) * tanh((m + sqrt(alpha) * z) / t), [-12, -8, -5, -3, -2, -1, 0, 1, 2, 3, 5, 8, 12])

    for alpha, t, start in [(0.22, 0.0, 0.95), (0.45, 0.0, 0.7), (0.15, 0.35, 0.93), (0.35, 0.15, 0.8), (0.48, 0.4, 0.3), (0.05, 0.6, 0.8)]:
        m = findroot(lambda m: step(m, mpf(alpha), mpf(t)) - m, start)
        row(m, 13, extreme=alpha, temperature=t, quantity="m")
        if t > 0:
            # Two fields with mean m, variance alpha and covariance alpha q on a grid of both.
            z = np.linspace(-9, 9, 2401)
            w = norm.pdf(z) * (z[1] - z[0])

            def pair(q):
                common = float(m) + np.sqrt(alpha * q) * z
                inner = np.array([w @ np.tanh((c + np.sqrt(alpha * (1 - q)) * z) / t) for c in common])
                return w @ inner**2

            q = brentq(lambda q: pair(q) - q, 0.0, 1.0, xtol=1e-15)
            row(q, 12, extreme=alpha, temperature=t, quantity="q")


def finite():
    def law(c, p, m):
        """Signal + noise in units of 1/c."""
        out = {}
        for k in range(int(c + 14 * np.sqrt(c) + 30)):
            weight = poisson.pmf(k, c)
            if weight < 1e-19:
                continue
            ups = np.arange(k + 1)
            signal = binom.pmf(ups, k, (1 + m) / 2)
            count = k * (p - 1)
            noise = binom.pmf(np.arange(count + 1), count, 0.5)
            both = np.convolve(signal, noise)
            for i, value in enumerate(both):
                x = 2 * i - k - count
                out[x] = out.get(x, 0.0) + weight * value
        return out

    def step(c, p, m, t):
        act = (lambda x: np.sign(x)) if t == 0 else (lambda x: np.tanh(x / c / t))
        return sum(value * act(x) for x, value in law(c, p, m).items())

    def pair(c, p, m, q, t):
        act = (lambda x: np.sign(x)) if t == 0 else (lambda x: np.tanh(x / c / t))
        same = law(c * (1 + q) / 2, p, 2 * m / (1 + q))
        other = law(c * (1 - q) / 2, p, 0.0)
        u, v = np.array(list(same)), np.array(list(other))
        pu, pv = np.array(list(same.values())), np.array(list(other.values()))
        return pu @ (act(u[:, None] + v) * act(u[:, None] - v)) @ pv

    for c, p, t in [(7, 1, 0.2), (7, 2, 0.2), (7, 3, 0.2), (7, 3, 0.0), (12.5, 5, 0.3), (3, 1, 0.5), (30, 11, 0.1)]:
        m = brentq(lambda m: step(c, p, m, t) - m, 0.05, 1.0, xtol=1e-15)
        row(m, 13, degree=c, count=p, temperature=t, quantity="m")
        q = brentq(lambda q: pair(c, p, m, q, t) - q, m * m, 1.0, xtol=1e-15)
        row(q, 12, degree=c, count=p, temperature=t, quantity="q")


def three_level():
    def capacity(a, c, symmetric, start):
        def point(x, t):
            if t <= 0 or x <= 0:
                return -1.0, 0.0, 0.0
            eta, p = np.array([-1.0, 0, 1]), np.array([a / 2, 1 - a, a / 2])
            up, down = ndtr(eta * x - t), ndtr(-eta * x - t)
            m = (p * eta) @ (up - down)
            sigma = m / x
            chi = p @ (norm.pdf(eta * x - t) + norm.pdf(eta * x + t)) / sigma
            if a * chi >= 1 and c > 0:
                return -1.0, 0.0, 0.0
            alpha = sigma**2 / ((p @ (up + down)) * a**2 * (c / (1 - a * chi) ** 2 + 1 - c))
            reaction = alpha * a**2 * (c * chi / (1 - a * chi) + (chi * (1 - c) if symmetric else 0))
            return alpha, t * sigma + reaction / 2, m / a

        best = minimize(lambda u: -point(*u)[0], start, method="Nelder-Mead", options=dict(xatol=1e-10, fatol=1e-16, maxiter=800))
        return -best.fun, point(*best.x)[1]

    for a, c, name, start in [
        (0.2, 1, "full", (4.2, 2.8)),
        (0.75, 1, "full", (4.7, 2.4)),
        (0.03, 1, "full", (3.7, 3.0)),
        (0.2, 0.4, "diluted:c=0.4", (3.5, 2.2)),
        (0.2, 0.4, "diluted:c=0.4:symmetric=false", (3.5, 2.2)),
        (0.02, 0, "extreme", (3.5, 3.0)),
    ]:
        alpha, threshold = capacity(a, c, not name.endswith("false") and c > 0, start)
        row(alpha, 11, three_level=a, connectivity=name, quantity="alpha_c")
        row(threshold, 6, three_level=a, connectivity=name, quantity="threshold")


def main():
    potts()
    extreme()
    finite()
    three_level()
    with open(__file__.replace(".py", ".json"), "w") as out:
        json.dump({"about": "see other_closures.py", "values": ROWS}, out, indent=1)
        out.write("\n")


main()
