"""Points with a finite number of memories that no table lists, with mpmath (30 digits): writes finite.json.

Equations are written out for each case and solved by a secant or Newton root search from a start close to a state:
  discrete    sums over all columns of +-1, units by their Boltzmann weights level by level
  graded      T > 0, the measure exp{[h s - V(s)]/T} on [-1, 1] by adaptive quadrature
  uniform     two memories; the inner integral of tanh in closed form, the outer by quadrature
  laplace     two memories; double quadrature cut at the kinks of the density
  sphere      three memories on a sphere: the component along the axis is uniform on [-sqrt 3, sqrt 3]
  pair        parallel updates with a diagonal, the four pairs (s, s') summed one by one
Run: python finite.py > finite.json
"""
import json
from itertools import product

from mpmath import cosh, exp, findroot, inf, linspace, log, mp, mpf, quad, sqrt, tanh

mp.dps = 30


def columns(p, a):
    a = mpf(a)
    out = []
    for xi in product((-1, 1), repeat=p):
        weight = mpf(1)
        for x in xi:
            weight *= (1 + a * x) / 2
        out.append((xi, weight))
    return out


def levels(values, potential, temperature):
    """(w, mean, activity) of a unit with levels."""
    temperature = mpf(temperature)

    def law(h):
        p = [exp((h * s - potential(s)) / temperature) for s in values]
        z = sum(p)
        mean = sum(x * s for x, s in zip(p, values)) / z
        return temperature * log(z), mean, sum(x * s * s for x, s in zip(p, values)) / z

    return law


def graded(gain, temperature):
    gain, temperature = mpf(gain), mpf(temperature)
    part = lambda s: (1 + s) * log(1 + s) if s > -1 else mpf(0)
    potential = lambda s: (part(s) + part(-s)) / (2 * gain)
    cache = {}

    def law(h):
        if h not in cache:
            peak = tanh(gain * h)
            weight = lambda s: exp((h * (s - peak) - potential(s) + potential(peak)) / temperature)
            cuts = sorted({mpf(-1), mpf(-0.9), mpf(-0.5), mpf(0), mpf(0.5), mpf(0.9), mpf(1), peak})
            z, first, second = (quad(lambda s: s**k * weight(s), cuts) for k in (0, 1, 2))
            top = h * peak - potential(peak)
            cache[h] = (top + temperature * log(z), first / z, second / z)
        return cache[h]

    return law


def solve(form, cols, law, field, start, centre=0):
    """m = E eta <s> in the field eta.A m + h; f = m.A m / 2 - E w."""
    p = len(form)
    form = [[mpf(x) for x in row] for row in form]
    cols = [([x - mpf(centre) for x in xi], weight) for xi, weight in cols]
    field = mpf(field)

    def fields(m):
        g = [sum(form[i][j] * m[j] for j in range(p)) for i in range(p)]
        return [(eta, weight, sum(e * x for e, x in zip(eta, g)) + field) for eta, weight in cols]

    def equations(*m):
        parts = [(eta, weight, law(h)[1]) for eta, weight, h in fields(m)]
        return [m[i] - sum(weight * eta[i] * s for eta, weight, s in parts) for i in range(p)]

    root = findroot(equations, start, tol=1e-40, maxsteps=60) if p > 1 else [findroot(lambda x: equations(x)[0], start)]
    m = [root[i] for i in range(p)]
    parts = [(weight, law(h)) for _, weight, h in fields(m)]
    square = sum(m[i] * form[i][j] * m[j] for i in range(p) for j in range(p)) / 2
    return {
        "m": m,
        "free_energy": square - sum(w * x[0] for w, x in parts),
        "q": sum(w * x[1] ** 2 for w, x in parts),
        "activity": sum(w * x[2] for w, x in parts),
    }


def identity(p):
    return [[1 if i == j else 0 for j in range(p)] for i in range(p)]


def uniform_two(temperature, start):
    """The symmetric state of two uniform memories: one unknown, the inner integral of tanh is ln cosh."""
    t, a = mpf(temperature), sqrt(mpf(3))

    def overlap(m):
        # E over the second component of tanh((m x + m y)/t), times x, over the first.
        lncosh = lambda u: abs(u) + log(1 + exp(-2 * abs(u)))
        inner = lambda x: t / m * (lncosh(m * (x + a) / t) - lncosh(m * (x - a) / t)) / (2 * a)
        return quad(lambda x: x * inner(x) / (2 * a), linspace(-a, a, 13))

    m = findroot(lambda m: overlap(m) - m, start)
    return {"m": [m, m]}


def laplace_two(temperature, start):
    """The symmetric state of two Laplace memories: the density of their sum z is (1 + k|z|) k e^{-k|z|}/4, k = sqrt 2."""
    t, k = mpf(temperature), sqrt(mpf(2))
    density = lambda z: (1 + k * z) * k * exp(-k * z) / 4
    cuts = [mpf(x) for x in (0, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 56)]
    mean = lambda f: 2 * quad(lambda z: f(z) * density(z), cuts)
    m = findroot(lambda m: mean(lambda z: z * tanh(m * z / t)) / 2 - m, start)
    f = m * m - t * mean(lambda z: log(2 * cosh(m * z / t)))
    return {"m": [m, m], "free_energy": f, "q": mean(lambda z: tanh(m * z / t) ** 2)}


def sphere_three(temperature, start):
    t, a = mpf(temperature), sqrt(mpf(3))
    mean = lambda f: quad(f, linspace(0, a, 9)) / a
    m = findroot(lambda m: mean(lambda x: x * tanh(m * x / t)) - m, start)
    f = m * m / 2 - t * mean(lambda x: log(2 * cosh(m * x / t)))
    return {"m": [m, 0, 0], "free_energy": f, "q": mean(lambda x: tanh(m * x / t) ** 2)}


def pair(count, n, a, diagonal, temperature, start):
    """f = |m|^2 - T E ln Z_2; for +-1 units d = <s s'>."""
    t, j = mpf(temperature), mpf(diagonal)
    cols = columns(count, a)

    def law(h):
        pairs = [((s, u), exp((h * (s + u) + j * s * u) / t)) for s in (-1, 1) for u in (-1, 1)]
        z = sum(p for _, p in pairs)
        return (
            t * log(z),
            sum(p * s for (s, _), p in pairs) / z,
            sum(p * s * u for (s, u), p in pairs) / z,
        )

    def parts(m):
        return [(xi, w, law(sum(x * y for x, y in zip(xi, m)))) for xi, w in cols]

    def equations(*m):
        return [m[i] - sum(w * xi[i] * x[1] for xi, w, x in parts(m)) for i in range(count)]

    root = findroot(equations, start, tol=1e-40)
    m = [root[i] for i in range(count)]
    found = parts(m)
    return {
        "m": m,
        "free_energy": sum(x * x for x in m) - sum(w * x[0] for _, w, x in found),
        "q": sum(w * x[1] ** 2 for _, w, x in found),
        "d": sum(w * x[2] for _, w, x in found),
    }


def entry(found, temperature, count, state="retrieval", **model):
    number = lambda x: mp.nstr(x, 18, min_fixed=-inf, max_fixed=inf) if not isinstance(x, (int, list)) else x
    found = {key: [number(x) for x in value] if key == "m" else number(value) for key, value in found.items()}
    defaults = {
        "unit": "ising",
        "patterns": "rademacher",
        "rule": "hebb",
        "update": "sequential",
        "self_coupling": "zero",
        "field": "none",
    }
    return {**defaults, **model, "count": count, "temperature": float(temperature), "state": state, "found": found}


def main():
    spin = lambda t: levels((-1, 1), lambda s: 0, t)
    binary = lambda threshold, t: levels((0, 1), lambda s: mpf(threshold) * s, t)
    three = lambda d, t: levels((-1, 0, 1), lambda s: mpf(d) * s * s, t)
    form = [["1", "0.3", "-0.2"], ["0.3", "0.8", "0.1"], ["-0.2", "0.1", "0.6"]]
    matrix = "/".join(",".join(row) for row in form)
    bias = mpf("0.35")
    values = [
        entry(solve(identity(2), columns(2, 0), binary("0.05", "0.07"), 0, (0.48, 0.0)), "0.07", 2,
              unit="binary:threshold=0.05"),
        entry(solve(identity(3), columns(3, bias), binary("0.15", "0.06"), 0, (0.45, 0.45, 0.45)), "0.06", 3,
              unit="binary:threshold=0.15", patterns="biased:mean=0.35", state="mixture"),
        entry(solve(identity(3), columns(3, 0), three("0.22", "0.17"), 0, (0.47, 0.47, 0.47)), "0.17", 3,
              unit="three-state:crystal-field=0.22", state="class"),
        entry(solve(identity(2), columns(2, 0), three("0.1", "0.4"), "0.07", (0.8, 0.0)), "0.4", 2,
              unit="three-state:crystal-field=0.1", field="external:h=0.07"),
        entry(solve(identity(2), columns(2, 0), graded("5", "0.09"), 0, (0.85, 0.0)), "0.09", 2,
              unit="graded:gain=5"),
        entry(solve(identity(3), columns(3, bias), spin("0.37"), 0, (0.97, 0.15, 0.15)), "0.37", 3,
              patterns="biased:mean=0.35"),
        entry(solve(identity(3), columns(3, bias), spin("0.37"), 0, (0.8, 0.0, 0.0), centre=bias), "0.37", 3,
              patterns="biased:mean=0.35", rule="covariance"),
        entry(solve(form, columns(3, 0), spin("0.33"), 0, (0.99, 0.3, -0.2)), "0.33", 3,
              rule=f"quadratic-form:matrix={matrix}"),
        entry(uniform_two("0.35", 0.53), "0.35", 2, patterns="uniform", state="class"),
        entry(laplace_two("0.45", 0.44), "0.45", 2, patterns="laplace", state="mixture"),
        entry(sphere_three("0.55", 0.7), "0.55", 3, patterns="random-axis"),
        entry(pair(3, 3, 0, "0.15", "0.42", (0.46, 0.46, 0.46)), "0.42", 3, update="parallel",
              self_coupling="0.15", state="mixture"),
        entry(pair(3, 1, "0.2", "-0.12", "0.5", (0.9, 0.05, 0.05)), "0.5", 3, update="parallel",
              self_coupling="-0.12", patterns="biased:mean=0.2"),
    ]
    print(json.dumps({"about": "see finite.py", "values": values}, indent=1, ensure_ascii=False))


main()
