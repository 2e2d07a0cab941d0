"""One module per sub-command of `reglo`; each has `configure(parser)` and `run(args)`."""
