"""A NUL in an address is left out: PostgreSQL refuses it as text, and that would be our fault."""

import pytest

ASKED = ("/people?q=%00", "/people?q=%%0000", "/people?search=a%00", "/talk?after=%00", "/talk?show=%00", "/spaces?after=%00", "/spaces/%00", "/t/%00",
         "/people/%00", "/talk/mentions?q=%00a", "/cockpit/members?space=%00", "/api/v1/people?search=%00", "/api/v1/topics?space=%00",
         "/api/v1/topics?cursor=%00", "/api/v1/spaces/%00", "/api/v1/people/%00", "/api/v1/metrics/members?space=%00")  # fmt: skip


@pytest.mark.both
@pytest.mark.django_db
@pytest.mark.parametrize("address", ASKED)
def test_a_nul_breaks_nothing(world, client, address):
    client.raise_request_exception = False
    client.force_login(world.dan)
    assert client.get(address).status_code < 500
