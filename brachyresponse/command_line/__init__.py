"""The command line, ``python -m brachyresponse``: one file a subcommand, chosen in ``main``."""
