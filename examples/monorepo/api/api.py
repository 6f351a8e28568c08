"""A service with nothing to tell yet."""


def version():
    return {"version": "1.0"}
