"""Loopback stand-ins of the sources, for the demo, tests, load and faults.

A client connects to the replica's address in plain HTTP and asks as it would ask the
publisher: Host header of the publisher, path and query, and ``X-Forwarded-Proto`` for the
scheme. ``world`` says which articles exist, one package per source how its publisher
shows them, ``server`` speaks HTTP, ``process`` runs it beside a test.
"""
