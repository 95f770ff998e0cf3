"""What is kept of histories that came in. The archives themselves were never the community's to keep: they stay for a week."""

from fireside.lib.holds import HERE, holds

holds("connectors.ImportRun", name="import_runs", without={"job_id": None}, of=("member_id",), erase="keep")
holds("connectors.Upload", stays=HERE, of=("member_id",), erase="remove")
holds("connectors.Renamed", name="renamed_topics")
