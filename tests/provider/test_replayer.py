"""The memory for replays answers as a replay does, also where the walks of requests share what they read."""

from __future__ import annotations

from wssdoctor import sample
from wssdoctor.description.change import change
from wssdoctor.diagnosis.opening import opened
from wssdoctor.provider.history import History
from wssdoctor.provider.replay import replay
from wssdoctor.provider.replayer import Replayer


def test_requests_that_share_what_they_read_are_replayed_as_each_alone() -> None:
    folder = sample.folder()
    case = opened(folder / "system.yaml", (folder / "captures",), at=None, moment=sample.MOMENT)
    replayer, history = Replayer(), History(case.requests)
    nodes, users = case.facts.value("icf.nodes"), case.facts.value("users")
    described = [case.facts]
    described += [change(case.facts, {f"icf.nodes[{i}].active": not node.active}) for i, node in enumerate(nodes)]
    described += [change(case.facts, {f"users[{i}].lock": 0 if user.lock else 64}) for i, user in enumerate(users)]
    for facts in described:
        for request in case.requests:
            assert replayer.replay(facts, request, history) == replay(facts, request, history)
