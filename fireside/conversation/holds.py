"""What talk holds of people. Words go with who wrote them; the threads they stood in can still be followed."""

from fireside.lib.holds import ANEW, HERE, holds

holds("conversation.Topic", of=("author_id",), erase="act")
holds("conversation.Post", of=("author_id",), erase="act", wrote={"removed_by_id": ("removed_reason",)})
holds("conversation.Edit", of=("member_id",), erase="act", wrote={"member_id": ("reason",)})
holds("conversation.Mention", erase="act")
holds("conversation.Reaction", erase="keep")  # that somebody gave a sign, and that somebody was helped, goes on being true
holds("conversation.Helped", name="helped", erase="keep")
holds("conversation.Later", name="kept_for_later")
holds("conversation.Reading", name="reading_marks")
holds("conversation.Sought", stays=ANEW)
holds("conversation.File", of=("member_id",), erase="remove")  # with it its places in posts; a sweep takes the bytes that are nobody's then
holds("conversation.FileDay", stays=HERE)
holds("conversation.SpaceLevel", name="space_levels")
holds("conversation.Habits", name="habits")
holds("conversation.Crowd", stays=HERE)
holds("conversation.PostFile", name="files_in_posts", of=("removed_by_id",), erase="strip", blank={"removed_reason": ""})
