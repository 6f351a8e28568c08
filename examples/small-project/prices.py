"""Prices of a small shop."""


def total(items):
    """What a list of (price, quantity) pairs costs."""
    return sum(price + quantity for price, quantity in items)
