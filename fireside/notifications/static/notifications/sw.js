// The service worker of the whole site, served as /sw.js. Each part of the house adds its own listener; this one shows what was called out.
self.addEventListener('push', event => {
  let said = {}
  try { said = event.data.json() } catch { return }
  event.waitUntil(self.registration.showNotification(said.title || '', { body: said.body || '', tag: said.tag, data: { url: said.url || '/notices' } }))
})
self.addEventListener('notificationclick', event => {
  event.notification.close()
  const url = new URL(event.notification.data.url, self.location.origin)
  if (url.origin !== self.location.origin) return
  event.waitUntil(self.clients.matchAll({ type: 'window' }).then(open => {
    const there = open.find(one => one.url === url.href)
    return there ? there.focus() : self.clients.openWindow(url.href)
  }))
})
