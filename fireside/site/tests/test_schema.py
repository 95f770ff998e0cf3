"""The OpenAPI document against the running house: whatever is sent, the answer is one that the document names, and never a fault."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import given as given_
from schemathesis.specs.openapi import checks

from fireside.api import APPS
from fireside.conversation.actions import open_topic, reply
from fireside.members.actions import PersonIn, make_token, take_in_people
from fireside.members.tests.world import make_people
from fireside.spaces.tests.world import add_spaces

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def send_all(live_server, full, tags, most):
    """Each operation of these apps, asked for with whatever its shapes allow and with what they do not. Returns how many there are."""
    world = add_spaces(make_people())
    topic = open_topic(world.as_("ben"), space=world.hearth, title="Which wick?", text="Mine smokes.", tags=["lamp"])
    reply(world.as_("ann"), topic=topic, text="Trim it.")
    take_in_people(world.as_("house"), source="old", people=[PersonIn("1", "Ada", world.now)])
    _token, secret = make_token(world.as_("olu"), name="all", scopes=["read", "write", "run"])
    schema = schemathesis.openapi.from_url(
        f"{live_server.url}/api/v1/openapi.json", timeout=90
    )  # a busy machine is no fault of the document
    seen = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if not tags & set(operation.definition.raw.get("tags") or ()):
            continue
        seen += 1

        @settings(max_examples=50 if full else most, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given_(case=operation.as_strategy())
        def send(case):
            answer = case.call(headers={"Authorization": f"Bearer {secret}"})
            assert answer.status_code < 500, (case.as_curl_command(), answer.text)
            case.validate_response(answer, checks=CHECKS)

        send()
    return seen


def test_every_operation_of_members_answers_as_the_document_says(live_server, full):
    assert send_all(live_server, full, {"members"}, 4) > 15


@pytest.mark.once
def test_every_operation_of_the_others_answers_as_the_document_says(live_server, full, settings):
    settings.LIMITS = False
    others = set(APPS) - {"members"}
    assert send_all(live_server, full, others, 1) > 60


CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
