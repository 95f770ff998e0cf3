"""Sessions as Django keeps them in the database, with the member whose they are: one query, compiled once.

Whose a session is stands in its signed words, so the member comes along by guess: as whoever this process last saw with that key.
A wrong guess costs a second query and nothing else: what is said of the member is asked of the table every time.
"""

import json
from functools import lru_cache
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Now

from fireside.lib.ready import Ready
from fireside.lib.ready_rows import Rows
from fireside.members.models import Member

GUESSES = 20_000
_guesses: dict[str, int] = {}  # session key -> member
_COLUMNS = [field.attname for field in Member._meta.concrete_fields]


def _with_member(key: Any, pk: Any) -> QuerySet[Any, Any]:
    session = Session.objects.filter(session_key=key, expire_date__gt=Now())
    return Member.objects.filter(pk=pk).annotate(said=Subquery(session.values("session_data"))).values_list(*_COLUMNS, "said")


_SESSION = Rows(lambda key: Session.objects.filter(session_key=key, expire_date__gt=Now()).values_list("session_data"))
_BOTH = Rows(_with_member)
_MEMBER = Ready(lambda pk: Member.objects.filter(pk=pk))


class SessionStore(db.SessionStore):
    came_along: Member | None = None

    def load(self) -> dict[str, Any]:
        key = self.session_key or ""
        guess = _guesses.get(key)
        row = _BOTH.one(key, guess) if guess is not None else None
        if row is not None:
            words, self.came_along = row[-1], Member.from_db(DEFAULT_DB_ALIAS, _COLUMNS, row[:-1])
        else:
            words = next((one[-1] for one in _SESSION.all(key)), None)
        if words is None:
            self._session_key = self.came_along = None
            return {}
        try:
            said: dict[str, Any] = json.loads(_words_of(words, self.key_salt))
        except (signing.BadSignature, ValueError):
            return self.decode(words)  # which writes down what is wrong with it
        return said

    def member(self, pk: int) -> Member | None:
        """The member with this number, as the table has it now."""
        if self.came_along is not None and self.came_along.pk == pk:
            return self.came_along
        if len(_guesses) > GUESSES:
            _guesses.clear()
        _guesses[self.session_key or ""] = pk
        return _MEMBER.first(pk)

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session


@lru_cache(maxsize=2000)
def _words_of(data: str, salt: str) -> str:
    """The JSON in signed data. The same data has the same signature: it is looked at once."""
    return json.dumps(signing.loads(data, salt=salt))
