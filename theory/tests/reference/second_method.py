"""A second method for points that no table lists: writes second_method.json.

Textbook equations by plain damped iteration, averages by 24-point Gauss-Legendre on 150 panels over |z| < 12.
  ising       Amit, Gutfreund, Sompolinsky: m, q, r with C = (1 - q)/T
  little      m, q, d of the Little model with self-coupling J0
  three-state m = E[w_h], chi = E[w_hh], Delta = R'(chi) q, Gamma = R(chi), R(x) = alpha x/(1 - x)
  pair        three-state units under parallel updates, the nine pairs (s, s') summed one by one
Run: python second_method.py > second_method.json
"""
import json

import numpy as np

x, wx = np.polynomial.legendre.leggauss(24)
edges = np.linspace(-12.0, 12.0, 151)
half = 0.5 * (edges[1] - edges[0])
Z = (0.5 * (edges[1:] + edges[:-1])[:, None] + half * x[None, :]).ravel()
W = np.tile(half * wx, 150) * np.exp(-0.5 * Z * Z) / np.sqrt(2 * np.pi)


def E(f):
    return float(np.dot(W, f))


def iterate(step, y, damping=0.5):
    """y <- y + damping (step(y) - y) until rounding stops the change."""
    y = np.array(y, float)
    best, since = 1.0, 0
    for _ in range(20_000):
        new = np.array(step(*y))
        change = np.abs(new - y).max()
        y = y + damping * (new - y)
        since = 0 if change < best else since + 1
        best = min(best, change)
        if since > 30 and best < 1e-14:
            return y
    raise SystemExit(f"no convergence: {best} {y}")


def ln2cosh(u):
    return np.abs(u) + np.log1p(np.exp(-2 * np.abs(u)))


def sech2(u):
    e = np.exp(-2 * np.abs(u))
    return 4 * e / (1 + e) ** 2


def ising(alpha, t, condensed):
    def step(m, c, d):
        u = (m + np.sqrt(d) * Z) / t
        q = E(np.tanh(u) ** 2)
        return (E(np.tanh(u)) if condensed else 0.0), E(sech2(u)) / t, alpha * q / (1 - c) ** 2

    start = (1.0, 0.02, 1.1 * alpha)
    m, c, d = iterate(step, start if condensed else (0.0, 0.8 / (1 + np.sqrt(alpha)), (1 + np.sqrt(alpha)) ** 2), 0.5 if condensed else 0.08)
    u = (m + np.sqrt(d) * Z) / t
    q, r = E(np.tanh(u) ** 2), d / alpha
    f = alpha / 2 + m * m / 2 + alpha * t / 2 * (np.log(1 - c) - q / (1 - c) / t)
    f += alpha * r * (1 - q) / (2 * t) - t * E(ln2cosh(u))
    s4 = E(sech2(u) ** 2)
    return {"m": m, "q": q, "r": r, "chi": c, "free_energy": f, "replicon": 1 - alpha * s4 / (t * (1 - c)) ** 2}


def little(alpha, t, j0):
    beta = 1 / t

    def site(m, a, b, noise):
        k = beta * (j0 - alpha) + alpha * beta / 2 * (1 / a + 1 / b)
        h = beta * m + np.sqrt(noise) * Z
        up, down, flip = np.exp(k + 2 * h), np.exp(k - 2 * h), 2 * np.exp(-k)
        norm = up + down + flip
        s, d = (up - down) / norm, (up + down - flip) / norm
        # 1 + d - 2s^2 without cancellation: Var(s + s')/2
        variance = (4 * up * down * 2 + flip * (up + down) * 2) / norm**2
        return k, s, d, variance, 2 * flip / norm, np.log(norm)

    def step(m, a, b, noise):
        _, s, _, variance, change, _ = site(m, a, b, noise)
        q = E(s * s)
        return E(s), 1 - beta * E(variance), 1 + beta * E(change), alpha * beta**2 * q / a**2

    m, a, b, noise = iterate(step, (1.0, 0.98, 1.01, alpha * beta**2))
    k, s, dd, _, _, logs = site(m, a, b, noise)
    q, d = E(s * s), E(dd)
    f = -beta * m * m + 2 * noise * q - noise - (k + noise) * d + beta * (j0 - alpha) * d
    f += -alpha / 2 * (np.log(a) - 2 * beta * q / a + np.log(b)) + E(logs)
    return {"m": m, "q": q, "d": d, "chi": 1 - a, "r": noise * t * t / alpha, "free_energy": -t * f}


def weights(alpha, t, crystal, m, chi, delta):
    gamma = alpha * chi / (1 - chi)
    h = m + np.sqrt(delta) * Z
    actions = np.stack([-h + gamma / 2 - crystal, 0 * h, h + gamma / 2 - crystal]) / t
    top = actions.max(axis=0)
    p = np.exp(actions - top)
    return p / p.sum(axis=0), t * (top + np.log(p.sum(axis=0)))


def three_state(alpha, t, crystal, condensed=True):
    def step(m, chi, delta):
        (minus, zero, plus), _ = weights(alpha, t, crystal, m, chi, delta)
        mean, variance = plus - minus, (plus + minus) * zero + 4 * plus * minus
        first = alpha / (1 - chi) ** 2
        return (E(mean) if condensed else 0.0), E(variance) / t, first * E(mean**2)

    start = (1.0, 0.02, 1.1 * alpha)
    m, chi, delta = iterate(step, start if condensed else (0.0, 0.7, 1.0), 0.5 if condensed else 0.08)
    (minus, zero, plus), w = weights(alpha, t, crystal, m, chi, delta)
    mean, variance = plus - minus, (plus + minus) * zero + 4 * plus * minus
    r, g = alpha * chi / (1 - chi), alpha * (-chi - np.log1p(-chi))
    f = m * m / 2 - t * g / 2 + t * r * chi / 2 + delta * chi / 2 - E(w)
    replicon = 1 - alpha / (1 - chi) ** 2 * E((variance / t) ** 2)
    out = {"m": m, "q": E(mean**2), "activity": E(plus + minus), "chi": chi, "r": delta / alpha}
    return out | {"free_energy": f, "replicon": replicon}


def pair(alpha, t, crystal, j0):
    levels = [(s, u) for s in (-1, 0, 1) for u in (-1, 0, 1)]

    def law(m, cu, cv, delta):
        ru, rv = alpha * cu / (1 - cu), -alpha * cv / (1 + cv)
        gamma, kappa = (ru - rv) / 2, j0 + (ru + rv) / 2
        h = m + np.sqrt(delta) * Z
        a = np.stack([(gamma / 2 - crystal) * (s * s + u * u) + kappa * s * u + h * (s + u) for s, u in levels]) / t
        top = a.max(axis=0)
        p = np.exp(a - top)
        return p / p.sum(axis=0), top + np.log(p.sum(axis=0)), gamma, kappa

    def step(m, cu, cv, delta):
        p, *_ = law(m, cu, cv, delta)
        mean = sum(w * s for w, (s, u) in zip(p, levels))
        plus = sum(w * (s + u - 2 * mean) ** 2 for w, (s, u) in zip(p, levels))
        minus = sum(w * (s - u) ** 2 for w, (s, u) in zip(p, levels))
        return E(mean), E(plus) / (2 * t), E(minus) / (2 * t), alpha * E(mean**2) / (1 - cu) ** 2

    m, cu, cv, delta = iterate(step, (1.0, 0.02, 0.01, 1.1 * alpha))
    p, logs, gamma, kappa = law(m, cu, cv, delta)
    mean = sum(w * s for w, (s, u) in zip(p, levels))
    q, big = E(mean**2), E(sum(w * s * s for w, (s, u) in zip(p, levels)))
    d = E(sum(w * s * u for w, (s, u) in zip(p, levels)))

    def g(v):
        return alpha * (-v - np.log1p(-v))

    beta = 1 / t
    bf = -beta * m * m + 0.5 * (g(cu) + 2 * beta * q * alpha * cu / (1 - cu) + g(-cv))
    bf -= beta * gamma * big + beta * (kappa - j0) * d + beta**2 * delta * (big + d - 2 * q)
    return {"m": m, "q": q, "activity": big, "d": d, "chi": cu, "r": delta / alpha, "free_energy": -t * (bf + E(logs))}


def main():
    points = []

    def add(kind, unit, update, j0, state, alpha, t, found):
        point = {"unit": unit, "update": update, "self_coupling": j0, "state": state, "alpha": alpha, "temperature": t}
        points.append({"method": kind, **point, "found": {key: float(value) for key, value in found.items()}})

    for alpha, t in [(0.02, 0.35), (0.065, 0.25), (0.09, 0.17), (0.115, 0.12)]:
        add("ising", "ising", "sequential", "zero", "retrieval", alpha, t, ising(alpha, t, True))
    for alpha, t in [(0.07, 0.4), (0.2, 0.8), (0.6, 0.3)]:
        add("ising", "ising", "sequential", "zero", "spin_glass", alpha, t, ising(alpha, t, False))
    for alpha, t, j0 in [(0.04, 0.45, 0.0), (0.07, 0.25, 0.07), (0.03, 0.6, 0.3), (0.06, 0.35, -0.05)]:
        add("little", "ising", "parallel", str(j0), "retrieval", alpha, t, little(alpha, t, j0))
    for alpha, t, crystal in [(0.02, 0.25, 0.1), (0.04, 0.2, 0.3), (0.01, 0.5, -0.2), (0.025, 0.35, 0.0)]:
        unit = f"three-state:crystal-field={crystal}"
        add("three-state", unit, "sequential", "zero", "retrieval", alpha, t, three_state(alpha, t, crystal))
    for alpha, t, crystal in [(0.05, 0.3, 0.15), (0.1, 0.2, -0.4)]:
        unit = f"three-state:crystal-field={crystal}"
        add("three-state", unit, "sequential", "zero", "spin_glass", alpha, t, three_state(alpha, t, crystal, False))
    for alpha, t, crystal, j0 in [(0.02, 0.3, 0.2, 0.0), (0.03, 0.25, 0.1, 0.15)]:
        unit = f"three-state:crystal-field={crystal}"
        add("pair", unit, "parallel", str(j0), "retrieval", alpha, t, pair(alpha, t, crystal, j0))
    about = "Points that no table lists, by second_method.py: plain iteration of the textbook equations"
    print('{\n "about": ' + json.dumps(about) + ',\n "values": [')
    print(",\n".join("  " + json.dumps(point) for point in points))
    print(" ]\n}")


main()
