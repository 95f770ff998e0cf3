/* The bell is told when something arrives: it asks for itself anew, and says so once to those who listen. Without scripts it is right at every page. */
(() => {
  'use strict'
  const bells = () => [...document.querySelectorAll('[data-bell]')]
  let source = null, wait = 0
  const ring = () => {
    clearTimeout(wait)
    wait = setTimeout(() => bells().forEach(bell => window.htmx.ajax('GET', '/notices/bell?in=' + bell.dataset.bell, { target: bell, swap: 'outerHTML' })), 300)
  }
  const open = () => {
    if (source || document.hidden || !window.EventSource || !window.htmx || !bells().length) return
    source = new EventSource('/live?bell=1')
    let before = false
    source.addEventListener('open', () => { if (before) ring(); before = true }) // come back: something may have arrived meanwhile
    source.addEventListener('bell', ring)
    source.addEventListener('missed', ring)
  }
  const shut = () => { if (source) { source.close(); source = null } }
  document.addEventListener('visibilitychange', () => { if (document.hidden) shut(); else if (bells().length) { open(); ring() } })
  addEventListener('pagehide', shut)
  addEventListener('pageshow', open)
})()
