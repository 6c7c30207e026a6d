"""What holds for all tests: laws are judged by what comes out, not by how long one example takes on a loaded machine."""

import gc

from hypothesis import HealthCheck, settings

settings.register_profile("wssdoctor", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wssdoctor")


def pytest_collection_finish() -> None:
    """Spare the garbage collector what was loaded: it lives as long as the tests run, and is much to walk through."""
    gc.collect()
    gc.freeze()
