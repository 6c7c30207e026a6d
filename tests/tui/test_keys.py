"""Private keys that are lent: they decrypt, and are neither shown nor kept."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from tests.cli.test_keys import PASSWORD, container
from tests.present import present
from tests.tui.screen import app_of, frame, play, press, settled, shown, shows
from tests.wsse.encrypting import data_references, encrypted_data, key_identifier, message, thumbprint, transport
from tests.wsse.pki import server
from wssdoctor.tui.app import WssdoctorApp
from wssdoctor.wsse import names


def hidden(folder: Path) -> Path:
    reference = key_identifier(names.THUMBPRINT_SHA1, thumbprint(server().certificate))
    key = transport(server(), bytes(32), reference, lists=data_references("ed"))
    capture = folder / "hidden.xml"
    capture.write_text(message(key, encrypted_data("<quiet/>", names.AES256_CBC, bytes(32))))
    return capture


def test_a_key_is_lent_with_its_password_and_kept_nowhere(tmp_path: Path) -> None:
    capture = hidden(tmp_path)
    (tmp_path / "server.p12").write_bytes(container())
    state = tmp_path / "state"

    async def journey(app: WssdoctorApp, pilot: Pilot[int]) -> None:
        await press(app, pilot, "o")
        app.screen.query_one("#captures", Input).value = str(capture)
        app.screen.query_one("#keys", Input).value = str(tmp_path / "server.p12")
        text = await press(app, pilot, "enter")
        assert "needs its password" in text
        text = await press(app, pilot, *"wrong", "enter")
        assert "no key can be taken" in text
        text = await press(app, pilot, *PASSWORD.decode(), "enter")
        assert PASSWORD.decode() not in text
        assert len(present(app.session.opening).keys) == 1
        await press(app, pilot, "2")
        assert "Decrypted with a key" in frame(app)
        assert "quiet" in shown(app).copied_all()
        await press(app, pilot, "v")
        assert "quiet" not in shown(app).copied_all()
        assert "1 private key lent" in await press(app, pilot, "R")
        app.look()
        await settled(app, pilot)
        kept = [path.read_bytes() for path in state.iterdir()]
        assert kept
        assert not any(b"server" in one or PASSWORD in one for one in kept)
        place = present(present(app.seat).load())
        assert place.lent
        assert present(place.opening).keys == ()
        await press(app, pilot, "escape", "r")
        assert len(present(app.session.opening).keys) == 1
        app.come_back(place)
        assert await shows(app, pilot, "not kept: o lends them again")

    play(app_of(None, state), journey)
