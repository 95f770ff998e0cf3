/* The house as an app: the worker behind it, the hint to put it on the home screen, and whose words lie on this device. */
(() => {
  'use strict'
  const me = document.body.dataset.me || '', wechat = /MicroMessenger/i.test(navigator.userAgent)
  const kept = { get: name => { try { return localStorage.getItem(name) } catch { return null } }, put: (name, value) => { try { localStorage.setItem(name, value) } catch { /* a full or closed store: nothing is kept */ } } }

  if ('serviceWorker' in navigator) addEventListener('load', () => navigator.serviceWorker.register('/sw.js').catch(() => {}))

  /* Words that wait on this device are their writer's: they go when somebody signs out, and when somebody else signs in */
  const forget = all => {
    try { Object.keys(localStorage).filter(name => name.startsWith('kept:') && (all || !name.startsWith(`kept:${me}:`))).forEach(name => localStorage.removeItem(name)) } catch { /* nothing can lie there */ }
    if (all && window.caches) caches.delete('shared')
  }
  if (me) forget(false)
  document.addEventListener('submit', event => { if (/\/logout\/$/.test(event.target.getAttribute('action') || '')) forget(true) })

  /* What was on its way and was answered by trouble did not arrive: its words stay on the device (kept.js) */
  const came = performance.getEntriesByType('navigation')[0]
  if (came && came.responseStatus >= 400) try { sessionStorage.removeItem('leaving') } catch { /* no store */ }

  /* The hint: on the first page only, once it can be done, until it is put away; never inside WeChat, which has no home screen */
  const hint = document.querySelector('[data-install]')
  if (!hint || wechat || kept.get('install') === 'no' || matchMedia('(display-mode: standalone)').matches || navigator.standalone) return
  const button = hint.querySelector('[data-install-now]'), away = hint.querySelector('[data-install-no]')
  const put = () => { hint.hidden = true; kept.put('install', 'no') }
  away.addEventListener('click', put)
  addEventListener('appinstalled', put)
  addEventListener('beforeinstallprompt', event => {
    event.preventDefault()
    hint.hidden = false
    button.hidden = false
    button.addEventListener('click', async () => { hint.hidden = true; event.prompt(); if ((await event.userChoice).outcome === 'dismissed') put() }, { once: true })
  })
  if (/iPhone|iPad/.test(navigator.userAgent) && /Safari/.test(navigator.userAgent) && !/CriOS|FxiOS/.test(navigator.userAgent)) {
    hint.hidden = false
    hint.querySelector('[data-install-how]').hidden = false
  }
})()
