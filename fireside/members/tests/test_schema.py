"""The OpenAPI document against the running house: whatever is sent, the answer is one that the document names, and never a fault."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import given as given_
from schemathesis.specs.openapi import checks

from fireside.members.actions import PersonIn, make_token, take_in_people
from fireside.members.tests.world import make_people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def test_every_operation_of_members_answers_as_the_document_says(live_server, full):
    world = make_people()
    take_in_people(world.as_("house"), source="old", people=[PersonIn("1", "Ada", world.now)])
    _token, secret = make_token(world.as_("olu"), name="all", scopes=["read", "write", "run"])
    schema = schemathesis.openapi.from_url(
        f"{live_server.url}/api/v1/openapi.json", timeout=90
    )  # a busy machine is no fault of the document
    seen = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if "members" not in (operation.definition.raw.get("tags") or ()):
            continue
        seen += 1

        @settings(max_examples=50 if full else 4, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given_(case=operation.as_strategy())
        def send(case):
            answer = case.call(headers={"Authorization": f"Bearer {secret}"})
            assert answer.status_code < 500, (case.as_curl_command(), answer.text)
            case.validate_response(answer, checks=CHECKS)

        send()
    assert seen > 15


CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
