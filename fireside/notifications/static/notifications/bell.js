/* The bell is told when something arrives: it asks for itself anew, and says so once to those who listen. Without scripts it is right at every page. */
(() => {
  'use strict'
  const bells = () => [...document.querySelectorAll('[data-bell]')]
  let wait = 0
  const ring = () => {
    clearTimeout(wait)
    wait = setTimeout(() => bells().forEach(bell => window.htmx.ajax('GET', '/notices/bell?in=' + bell.dataset.bell, { target: bell, swap: 'outerHTML' })), 300)
  }
  if (window.htmx && bells().length) window.live.hear('bell=1', { bell: ring, missed: ring, back: ring })
})()
