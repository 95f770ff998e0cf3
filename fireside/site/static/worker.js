// What the service worker of the house does beside showing calls: pages come from the network, and where there is none a page says so and
// what is kept on this device; styles and scripts of this version come from the device; what is shared to the app is held until it is posted.
// No page of anybody is ever kept here, so nothing of one account can be shown to the next. Before this stands: VERSION, HASHED, ASSETS, OFFLINE.
const HOUSE = 'house-' + VERSION, SHARED = 'shared', ABOUT = 'about'
const known = new Set(ASSETS)
let language = ''

self.addEventListener('install', event => event.waitUntil((async () => {
  const house = await caches.open(HOUSE)
  const get = async address => { const answer = await fetch(address, { credentials: 'omit' }); if (answer.ok) await house.put(address, answer); return answer.ok }
  const pages = await Promise.all(Object.values(OFFLINE).map(get))
  if (!pages.every(Boolean)) throw new Error('the page for no connection did not come')
  await Promise.allSettled(ASSETS.map(get))
  await self.skipWaiting() // it serves any page of any version: files that it does not know come from the network
})()))
self.addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('house-') && name !== HOUSE) await caches.delete(name)
  if (self.registration.navigationPreload) await self.registration.navigationPreload.enable()
  await self.clients.claim()
})()))

const remember = async answer => {
  const said = answer.headers.get('Content-Language') || ''
  if (!said || said === language) return
  language = said
  await (await caches.open(ABOUT)).put('/language', new Response(said))
}
const without = async () => {
  const kept = await caches.match('/language'), said = kept ? await kept.text() : self.navigator.language
  const page = await caches.match(OFFLINE[said.startsWith('zh') ? 'zh-hans' : 'en'] || Object.values(OFFLINE)[0])
  return page ? new Response(page.body, { status: 503, headers: page.headers }) : Response.error()
}
const visit = async event => {
  try {
    const answer = (await event.preloadResponse) || (await fetch(event.request))
    event.waitUntil(remember(answer).catch(() => {}))
    return answer
  } catch { return without() }
}
const asset = async request => {
  const kept = await caches.match(request, { cacheName: HOUSE })
  if (kept && HASHED) return kept
  try { return await fetch(request) } catch (wrong) { if (kept) return kept; throw wrong }
}

/* What another app shares: its words go along in the address, its files wait on this device until they are put into a post */
const share = async request => {
  const given = await request.formData(), words = name => String(given.get(name) || '')
  const files = given.getAll('files').filter(one => one instanceof File && one.size).slice(0, 10)
  const held = crypto.randomUUID(), place = await caches.open(SHARED)
  for (const old of await place.keys()) { // what was never posted does not stay for ever
    const kept = await place.match(old)
    if (Date.now() - Number(kept.headers.get('X-At')) > 86400000) await place.delete(old)
  }
  const head = (type, name) => ({ 'Content-Type': type || 'application/octet-stream', 'X-At': String(Date.now()), 'X-Name': encodeURIComponent(name || '') })
  await Promise.all(files.map((file, n) => place.put(`/shared/${held}/${n}`, new Response(file, { headers: head(file.type, file.name) }))))
  const text = words('text')
  if (text.length > 1000) await place.put(`/shared/${held}/text`, new Response(text, { headers: head('text/plain', '') }))
  const query = new URLSearchParams({ title: words('title').slice(0, 200), text: text.slice(0, 1000), url: words('url').slice(0, 1000), held })
  return Response.redirect('/share?' + query, 303)
}

self.addEventListener('fetch', event => {
  const { request } = event, url = new URL(request.url)
  if (url.origin !== self.location.origin) return
  if (request.method === 'POST' && url.pathname === '/share') event.respondWith(share(request))
  else if (request.mode === 'navigate') event.respondWith(visit(event))
  else if (request.method === 'GET' && known.has(url.pathname)) event.respondWith(asset(request))
})
