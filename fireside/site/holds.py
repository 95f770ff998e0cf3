"""What the site keeps for itself."""

from fireside.lib.holds import HERE, holds

holds("site.Leaving", stays=HERE)
holds("site.Takeout", stays=HERE, of=("member_id",), erase="remove")
holds("site.Arrival", stays=HERE)
holds("site.Erasure", of=("member_id",), erase="keep", wrote={"by_id": ("reason",)})
