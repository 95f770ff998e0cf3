"""E-mail leaves through the outbox to a real SMTP server, spoken to over the wire."""

import socketserver
import threading
from datetime import UTC, datetime
from email import message_from_string, policy

import pytest

from fireside.activity.models import Letter
from fireside.activity.outbox import send_due, write_letter
from fireside.members import letters
from fireside.members.channels import message_id

pytestmark = pytest.mark.django_db


class Post(socketserver.StreamRequestHandler):
    """As much of SMTP as a letter needs. Addresses at refused.example are unknown for good, those at busy.example for now."""

    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "DATA":
                self.say("354 go on")
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    text += self.rfile.readline()
                self.server.got.append(text.decode())
                self.say("250 kept")
            elif word == "RCPT":
                self.say("550 unknown" if "refused.example" in line else "450 later" if "busy.example" in line else "250 fine")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")


@pytest.fixture
def post(settings):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Post)
    server.daemon_threads = True
    server.got = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.MAIL, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", server.server_address[1]
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "fire@lantern.example"
    yield server
    server.shutdown()
    server.server_close()


def test_a_letter_goes_out_once_with_its_key(world, post):
    body = {"to": "zoe@example.org", "subject": "灯笼\nBcc: evil@example.org", "text": "Hello 你好"}
    for _n in range(2):
        write_letter(world.as_("house"), channel="email", key="account:1", body=body)
    now = datetime.now(UTC)
    assert (send_due(now), send_due(now)) == (1, 0)
    (text,) = post.got
    assert "Message-ID: <account=3a=1@lantern.example>" in text
    assert "Lantern Works <fire@lantern.example>" in text
    assert "\nBcc:" not in text


def test_an_unknown_address_parks_at_once_and_a_busy_one_is_tried_again(world, post):
    for name in ("refused", "busy"):
        write_letter(world.as_("house"), channel="email", key=name, body={"to": f"x@{name}.example", "subject": "s", "text": "t"})
    send_due(datetime.now(UTC))
    assert Letter.objects.get(key="refused").parked_at is not None
    assert Letter.objects.get(key="busy").parked_at is None
    assert Letter.objects.get(key="busy").tries == 1


FACTS = {
    "community": "Lantern Works", "code": "ABCD-EFGH", "password_reset_url": "http://x/r", "signup_url": "http://x/s",
    "from_email": "a@example.org", "to_email": "b@example.org", "deleted_email": "c@example.org",
    "browser": "Firefox", "not_me": "http://x/n",
}  # fmt: skip


@pytest.mark.parametrize("template", letters.WORDS)
def test_every_letter_speaks_both_languages_the_readers_first(template):
    english, chinese = letters.compose(template, FACTS, "en"), letters.compose(template, FACTS, "zh-hans")
    assert "%(" not in english["text"] + english["subject"] + chinese["subject"]
    assert english["subject"] != chinese["subject"]
    for letter in (english, chinese):
        first, second = letter["text"].split("— — —")
        assert any("\u4e00" <= sign <= "\u9fff" for sign in (second if letter is english else first))
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in english["text"].split("— — —")[0])


def test_a_message_id_is_one_that_mail_knows_and_no_two_keys_share_one(settings):
    """RFC 5322 lets no colon stand in it: what reads letters would cut it there, and take all of them for one."""
    settings.DEFAULT_FROM_EMAIL = "fire@lantern.example"
    keys = [
        "account:1",
        "account.1",
        "account=3a=1",
        "digest:7:2026-06-18",
        "digest:7:2026-06:18",
        "é",
        "a b",
        "a@b",
        "a>b",
        "a\nb",
        "erasure-7",
    ]
    made = [message_id(key) for key in keys]
    assert len(set(made)) == len(keys)
    for one in made:
        read = message_from_string(f"Message-ID: {one}\n\n", policy=policy.default)
        assert str(read["Message-ID"]) == one and not read["Message-ID"].defects, one
