/* How far one reads: a post counts once its end has been in sight for a moment; the farthest is said in batches, also when the page is left.
   The mark only moves forward, so two devices and the back button take nothing back.
   data-reading="/t/7/reading" (where to say it), data-read="3" (what is known), data-pulled (a post that stands elsewhere, too). */
(() => {
  'use strict'
  document.cookie = 'scrolls=1; path=/; max-age=34560000; samesite=lax' // a topic that is opened next does not count as read whole
  const place = document.querySelector('[data-reading]')
  if (!place || !window.IntersectionObserver) return
  const LOOKED = 500, BATCH = 1500
  let known = Number(place.dataset.read), farthest = known, wait = 0
  const token = () => (document.querySelector('input[name=csrfmiddlewaretoken]') || {}).value || ''
  const tell = () => {
    clearTimeout(wait)
    wait = 0
    if (farthest <= known) return
    const number = known = farthest
    const body = new URLSearchParams({ number, csrfmiddlewaretoken: token() })
    fetch(place.dataset.reading, { method: 'POST', body, keepalive: true, credentials: 'same-origin' }).catch(() => { known = Math.min(known, number - 1) })
  }
  const read = number => { if (number > farthest) { farthest = number; if (!wait) wait = setTimeout(tell, BATCH) } }
  const inSight = new Map()
  const look = new IntersectionObserver(entries => entries.forEach(({ target, isIntersecting }) => {
    clearTimeout(inSight.get(target))
    const post = target.closest('.post')
    if (isIntersecting && post) inSight.set(target, setTimeout(() => { if (!document.hidden) read(Number(post.id.slice(1))) }, LOOKED))
  }))
  const posts = [...place.querySelectorAll('.post:not([data-pulled])')]
  const watch = () => posts.forEach(post => { const end = post.lastElementChild || post; look.unobserve(end); look.observe(end) })
  watch()
  place.addEventListener('htmx:afterSwap', watch) // the end of a post is put in anew by each press under it
  document.addEventListener('visibilitychange', () => document.hidden ? tell() : watch())
  addEventListener('pagehide', tell)
  const come = () => {
    const line = document.getElementById('new'), way = (performance.getEntriesByType('navigation')[0] || {}).type
    if (line && !location.hash && way === 'navigate') line.scrollIntoView({ block: 'start' })
  }
  document.readyState === 'complete' ? come() : addEventListener('load', come)
})()
