"""Published spatial benchmarks, read and scored as their authors do; and our own held-out suite."""
