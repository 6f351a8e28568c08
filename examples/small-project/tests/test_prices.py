import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from prices import total


def test_nothing_costs_nothing():
    assert total([]) == 0


def test_a_price_counts_for_each_piece():
    assert total([(5, 3), (2, 4)]) == 23
