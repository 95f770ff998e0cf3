"""The JSON door of the site."""

from ninja import Router

from fireside.site.api import exports, house

router = Router()
router.add_router("", house.router)
router.add_router("", exports.router)
