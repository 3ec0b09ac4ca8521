"""The operations that are held against other libraries, in the order of the table: importing this registers all of them."""

# isort: off
from checks import products, sums, rows, factors, solvers, grids, transforms, draws, pictures  # noqa: F401
