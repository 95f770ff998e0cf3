/* The bell is told when something arrives: it asks for itself anew, as does what says where its number comes from (data-count), its row comes in over whatever page is open and is said once to those who
   listen, the title counts, the list of notices puts the row on top. Without scripts all of it is right at every page. */
(() => {
  'use strict'
  const bells = () => [...document.querySelectorAll('[data-bell]')]
  const plain = document.title
  let wait = 0
  const count = () => { const shown = document.querySelector('[data-bell] .count'); const n = shown ? parseInt(shown.textContent, 10) : 0; document.title = n ? '(' + n + ') ' + plain : plain }
  const place = address => address.split(/[?#]/)[0].split('/').slice(0, 3).join('/')
  const list = () => document.querySelector('[data-notices]')
  const anew = () => {
    bells().forEach(bell => window.htmx.ajax('GET', '/notices/bell?in=' + bell.dataset.bell, { target: bell, source: bell, swap: 'outerHTML' })) // a source of its own: of two with the same, one is dropped
    document.querySelectorAll('[data-count]').forEach(one => window.htmx.ajax('GET', one.dataset.count, { target: one, source: one, swap: 'outerHTML' }))
  }
  const come = async () => {
    if (list()) { // at the top of the list a row is put on top; further down nothing moves
      if (scrollY < 80 && !list().contains(document.activeElement)) return window.htmx.ajax('GET', list().dataset.notices, { target: list(), swap: 'outerHTML' })
    }
    const answer = await fetch('/notices/newest', { headers: { 'HX-Request': 'true' } }).catch(() => null)
    if (!answer || !answer.ok) return
    document.querySelectorAll('.toast.arrival').forEach(one => one.remove())
    const came = document.createElement('template')
    came.innerHTML = await answer.text()
    const row = came.content.querySelector('.toast.arrival'), live = document.getElementById('live')
    if (!row || place(row.dataset.to) === place(location.pathname)) return // what is open shows it itself
    document.body.append(row)
    if (live) { live.textContent = ''; setTimeout(() => { live.textContent = row.textContent.trim() }, 50) }
  }
  const ring = arrived => { clearTimeout(wait); wait = setTimeout(() => { anew(); if (arrived) come() }, 300) }
  document.addEventListener('htmx:afterSettle', event => { if (event.target.matches && event.target.matches('[data-bell]')) count() })
  count()
  if (window.htmx && bells().length) window.live.hear('bell=1', { bell: () => ring(true), missed: () => ring(false), back: () => ring(false) })
})()
