"""What talk holds of people. Words go with who wrote them; the threads they stood in can still be followed."""

from fireside.lib.holds import ANEW, HERE, holds

holds("conversation.Topic", of=("author_id",), erase="strip", blank={"title": ""})
holds("conversation.Post", of=("author_id",), erase="strip", blank={"source_text": "", "html": "", "external_id": None, "source": None})
holds("conversation.Helped", name="helped")
holds("conversation.Later", name="kept_for_later")
holds("conversation.Reading", name="reading_marks")
holds("conversation.Sought", stays=ANEW)
holds("conversation.File", of=("member_id",), erase="remove")  # with it its places in posts; a sweep takes the bytes that are nobody's then
holds("conversation.FileDay", stays=HERE)
holds("conversation.SpaceLevel", name="space_levels")
holds("conversation.Habits", name="habits")
holds("conversation.Crowd", stays=HERE)
