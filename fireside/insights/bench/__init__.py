"""How long the numbers take, and in how much memory. `fireside bench` takes its lines `metric.NAME` from `asking.rows(size)`, which fills
a mirror with made-up lines and asks every metric in a process of its own."""
