"""A real SMTP server for tests. How an address ends says how it behaves:

@refused.example  550 at RCPT, for good      @busy.example   450 at RCPT, for now       @policy.example  550 5.7.1: it takes nothing from this house
@full.example     552 after the words        @gone.example   hangs up instead of answering the words       @slow.example  answers after a moment
"""

import asyncio
import logging
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

SLOW = 0.3  # seconds
logging.getLogger("mail.log").setLevel(logging.WARNING)  # it says every command


class Mailbox:
    """`letters` are those it took, in order. `down` lets it refuse every connection with 421."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.asked: list[str] = []
        self.connections = 0
        with socket.socket() as free:  # aiosmtpd looks for itself at the port that it was told, and 0 is none
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def start(self) -> "Mailbox":
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()

    def to(self, address: str) -> list[EmailMessage]:
        return [one for one in self.letters if one["To"] == address]

    # ── what aiosmtpd calls ──
    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.asked.append(address)
        host = address.rpartition("@")[2]
        known = {"refused.example": "550 5.1.1 no such user", "busy.example": "450 4.2.1 later", "policy.example": "550 5.7.1 not from you"}
        if host in known:
            return known[host]
        if host == "slow.example":
            await asyncio.sleep(SLOW)
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        host = envelope.rcpt_tos[0].rpartition("@")[2]
        if host == "full.example":
            return "552 5.2.2 mailbox full"
        made = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.letters.append(made)
        if host == "gone.example":  # it has the letter, and the house never learns so
            server.transport.abort()
        return "250 kept"
