"""Laws that properties hold are judged by what comes out, not by how long a loaded machine takes for one example."""

from hypothesis import HealthCheck, settings

settings.register_profile("wssdoctor", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wssdoctor")
