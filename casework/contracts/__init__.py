"""The tripartite contract, its amendments and its objectives."""
