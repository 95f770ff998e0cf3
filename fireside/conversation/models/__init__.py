"""The tables of talk."""

from fireside.conversation.models.files import *  # noqa: F403
from fireside.conversation.models.links import *  # noqa: F403
from fireside.conversation.models.own import *  # noqa: F403
from fireside.conversation.models.private import *  # noqa: F403
from fireside.conversation.models.talk import *  # noqa: F403
