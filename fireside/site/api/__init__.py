"""The JSON door of the site."""

from ninja import Router

from fireside.site.api import erasures, exports, house, retention

router = Router()
router.add_router("", house.router)
router.add_router("", exports.router)
router.add_router("", erasures.router)
router.add_router("", retention.router)
