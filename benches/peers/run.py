"""Offcut beside its peers on the same work: `python run.py FOLDER --examples ../../target/release/examples`.

Exports instances into the folder, lets CP-SAT and pymoo's PSO work on them, and prints Markdown. Exit
status 1 where CP-SAT proves an optimum that is not Exact's.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

sys.dont_write_bytecode = True

from ortools.sat.python import cp_model  # noqa: E402

from shop import FORMULATIONS, end_of  # noqa: E402
from swarm import swarm  # noqa: E402

KINDS = {
    "best": "the situation's best-bounded",
    "large": "its best-bounded of 12 tiles or more",
    "hard": "its hardest for Exact",
}
SLOW = 0.1


class Wrong(Exception):
    """Two solvers do not agree."""


def main():
    arguments = parsed()
    folder = Path(arguments.folder)
    subprocess.run([arguments.examples / "instances", folder], check=True)
    instances = json.loads((folder / "instances.json").read_text())
    wrong = []
    strategies = [timed(instance, arguments, wrong) for instance in instances["strategies"][:: arguments.every]]
    print_strategies(strategies)
    print_spaces([timed(instance, arguments, wrong) for instance in instances["spaces"][:: arguments.every]])
    print_swarms([swarm(situation, folder, arguments) for situation in instances["situations"][:: arguments.every]])
    for sentence in wrong:
        print(f"wrong: {sentence}", file=sys.stderr)
    return 1 if wrong else 0


def parsed():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="where instances are written; nothing is written elsewhere")
    parser.add_argument("--examples", type=Path, required=True, help="folder of the compiled examples")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds of CP-SAT for an instance")
    parser.add_argument("--workers", type=int, default=2, help="CP-SAT's workers")
    parser.add_argument("--every", type=int, default=1, help="takes only every so many instances")
    parser.add_argument("--seed", type=int, default=1, help="of CP-SAT")
    parser.add_argument("--swarms", type=int, default=5, help="seeds of pymoo")
    return parser.parse_args()


def timed(instance, arguments, wrong):
    """CP-SAT on an instance, in the formulation that is faster for it."""
    results = {}
    limit = arguments.limit
    for name, formulation in FORMULATIONS.items():
        if not all(formulation.holds(shop) for shop in instance["shops"]):
            continue
        try:
            results[name] = solved(instance, formulation, limit, arguments)
        except Wrong as error:
            wrong.append(f"{instance['name']}, {name}: {error}")
            continue
        if results[name]["proven"]:
            # What the next formulation has to beat.
            limit = min(limit, results[name]["seconds"])
    name = min(results, key=lambda name: (not results[name]["proven"], results[name]["seconds"]), default=None)
    result = results.get(name, {"proven": False, "seconds": arguments.limit, "best": None})
    print(f"{instance['name']}: {name}, {result['seconds']:.3f} s, proven: {result['proven']}", file=sys.stderr)
    return {**instance, "formulation": name, **{f"peer_{key}": value for key, value in result.items()}}


def solved(instance, formulation, limit, arguments):
    """One shop after the other, each told to beat what is known; seconds of the solver alone."""
    best, seconds, proven = instance["limit"], 0.0, True
    found = None
    for shop in instance["shops"]:
        model = formulation(shop, best)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = arguments.workers
        solver.parameters.random_seed = arguments.seed
        solver.parameters.max_time_in_seconds = max(limit - seconds, 0.001)
        status = solver.solve(model.model)
        seconds += solver.wall_time
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            best = found = round(solver.objective_value)
            sequence = model.sequence(solver)
            if sequence is not None and end_of(shop, sequence) > best:
                raise Wrong(f"a sequence ends at {end_of(shop, sequence)}, not at {best}")
        if status not in (cp_model.OPTIMAL, cp_model.INFEASIBLE):
            proven = False
        if seconds >= limit:
            proven = proven and shop is instance["shops"][-1]
            break
    # Exact's own proof may be missing; a better plan than a proven best is wrong either way.
    known = instance["optimum"]
    if (proven and instance["proven"] and found != known) or (found and known and instance["proven"] and found < known):
        raise Wrong(f"{found} instead of Exact's {known}")
    if proven and known is not None and (found is None or found > known):
        raise Wrong(f"{found} instead of {known}, which Exact has a plan for")
    return {"best": found, "seconds": seconds, "proven": proven}


def median(values):
    values = list(values)
    return statistics.median(values) if values else float("nan")


def ratio(row):
    return 1e3 * row["peer_seconds"] / row["exact_ms"]


def line(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def head(*cells):
    line(*cells)
    line(*["---"] * len(cells))


def print_strategies(rows):
    groups = {text: [row for row in rows if row["kind"] == kind] for kind, text in KINDS.items()}
    groups["all"] = rows
    groups[f"all that take CP-SAT {SLOW} s or more"] = [row for row in rows if row["peer_seconds"] >= SLOW]
    head("single strategies", "", "both prove", "only Exact", "only CP-SAT", "CP-SAT s", "Exact ms", "times faster",
         "least", "most")
    for text, of in groups.items():
        if not of:
            continue
        both = [row for row in of if row["proven"] and row["peer_proven"]]
        ratios = [ratio(row) for row in of if row["proven"]] or [float("nan")]
        line(text, len(of), len(both), sum(row["proven"] and not row["peer_proven"] for row in of),
             sum(row["peer_proven"] and not row["proven"] for row in of),
             f"{median(row['peer_seconds'] for row in of):.3f}", f"{median(row['exact_ms'] for row in of):.3f}",
             f"{median(ratios):.0f}", f"{min(ratios):.1f}", f"{max(ratios):.0f}")
    print()
    head("strategy", "kind", "tiles", "shops", "optimum ms", "CP-SAT s", "formulation", "Exact ms", "labels", "times")
    for row in rows:
        seconds = f"{row['peer_seconds']:.3f}" + ("" if row["peer_proven"] else " not proven")
        exact = f"{row['exact_ms']:.3f}" + ("" if row["proven"] else " not proven")
        line(row["name"], row["kind"], row["tiles"], len(row["shops"]), f"{row['optimum'] / 1e6:.3f}", seconds,
             row["formulation"], exact, row["labels"], f"{ratio(row):.1f}")
    print()


def print_spaces(rows):
    head("whole plan space", "strategies", "shops", "CP-SAT s", "formulation", "Exact ms", "ranking ms", "labels",
         "times faster")
    for row in rows:
        seconds = f"{row['peer_seconds']:.2f}" + ("" if row["peer_proven"] else " not proven")
        line(row["name"], row["strategies"], len(row["shops"]), seconds, row["formulation"], f"{row['exact_ms']:.2f}",
             f"{row['ranking_ms']:.2f}", row["labels"], f"{ratio(row):.0f}")
    print()


def print_swarms(rows):
    def above(row, key):
        return 100 * (row[key] / row["exact"] - 1)

    keys = ["nfl", "random", "pymoo_plans", "pymoo_particles", "pymoo_best", "psomw"]
    head("above the proven best", "NFL %", "random particles %", "pymoo, equal plans %", "pymoo, equal particles %",
         "its best seed %", "PSOMW %", "pymoo s", "of it decoding s", "PSOMW ms")
    for row in rows:
        line(row["name"], *(f"{above(row, key):.3f}" for key in keys), f"{row['pymoo_s']:.2f}",
             f"{row['decoding_s']:.2f}", f"{row['psomw_ms']:.1f}")
    line("median", *(f"{median(above(row, key) for row in rows):.3f}" for key in keys),
         f"{median(row['pymoo_s'] for row in rows):.2f}", f"{median(row['decoding_s'] for row in rows):.2f}",
         f"{median(row['psomw_ms'] for row in rows):.1f}")
    line("optimal", *(sum(row[key] == row["exact"] for row in rows) for key in keys), "", "", "")
    print()


if __name__ == "__main__":
    start = time.monotonic()
    packages = ", ".join(f"{name} {version(name)}" for name in ["ortools", "pymoo", "numpy"])
    print(f"{platform.machine()}, Python {platform.python_version()}, {packages}\n")
    status = main()
    print(f"All of it took {time.monotonic() - start:.0f} s.")
    sys.exit(status)
