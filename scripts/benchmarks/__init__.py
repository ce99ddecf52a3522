"""The parts of scripts/bench: one module each, with a function `measure(bench, findings)`."""
