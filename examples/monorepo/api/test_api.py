import unittest

import api


class ApiTest(unittest.TestCase):
    def test_version(self):
        self.assertEqual({"version": "1.0"}, api.version())

    def test_health(self):
        self.assertEqual({"status": "ok"}, api.health())
