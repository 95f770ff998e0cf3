/* Words that the house has not taken yet stand on this device, under their writer's number (data-me): typed without a connection, or a moment
   before it went. They come back in their place, go on as the draft, and leave the device once the house has them, or at signing out (app.js). */
(() => {
  'use strict'
  const me = document.body.dataset.me, said = document.currentScript.dataset
  if (!me) return
  const store = { get: name => { try { return JSON.parse(localStorage.getItem(name)) } catch { return null } }, put: (name, value) => { try { localStorage.setItem(name, JSON.stringify(value)) } catch { /* full: the draft of the house remains */ } }, drop: name => { try { localStorage.removeItem(name) } catch { /* nothing there */ } } }
  const leaving = { get: () => { try { return sessionStorage.getItem('leaving') } catch { return null } }, put: name => { try { sessionStorage.setItem('leaving', name) } catch { /* no store */ } }, drop: () => { try { sessionStorage.removeItem('leaving') } catch { /* no store */ } } }
  const areas = () => [...document.querySelectorAll('form textarea[name=text]')].filter(area => area.form.elements.place && area.getAttribute('hx-post') === '/talk/drafts')
  const nameOf = area => `kept:${me}:${area.form.elements.place.value}`
  const wordsOf = area => area.whole ? area.whole() : area.value // with what was given beside them (media.js)
  const titleOf = area => area.form.elements.title ? area.form.elements.title.value : ''
  const begun = new WeakMap() // what stood there when the page came
  const note = (area, words) => {
    const form = area.form, old = form.querySelector('[data-kept-note]'), one = old || document.createElement('p')
    one.dataset.keptNote = '1'; one.className = 'small soft'; one.setAttribute('role', 'status'); one.textContent = words
    if (!old) form.append(one)
  }

  const keep = (area, away) => {
    if (!wordsOf(area).trim() && !titleOf(area).trim()) return store.drop(nameOf(area))
    store.put(nameOf(area), { text: wordsOf(area), title: titleOf(area), base: begun.get(area) || '', at: Date.now(), path: location.pathname, away })
  }
  document.addEventListener('input', event => {
    const form = event.target.form, area = form && areas().find(one => one.form === form)
    if (area && event.target.matches('[name=text], [name=title]')) keep(area)
  })
  document.addEventListener('htmx:afterRequest', event => {
    const { elt, xhr, successful } = event.detail, form = elt.form, area = form && areas().find(one => one.form === form)
    if (!area || elt.getAttribute('hx-post') !== '/talk/drafts') return
    const sent = event.detail.requestConfig.parameters || {}, text = typeof sent.get === 'function' ? sent.get('text') : sent.text
    if (successful && text === wordsOf(area)) store.drop(nameOf(area))
    else if (!successful && (!xhr || !xhr.status)) { keep(area, true); const state = form.querySelector('.draft-state'); if (state) state.firstChild && state.firstChild.nodeType === 3 ? state.firstChild.data = said.here : state.prepend(said.here) }
  })
  addEventListener('online', () => areas().filter(area => store.get(nameOf(area))).forEach(area => area.dispatchEvent(new Event('early'))))

  /* Sending: without a connection the form stays; what is on its way stays kept until a page of the house answers */
  document.addEventListener('submit', event => {
    const area = areas().find(one => one.form === event.target)
    if (!area || (event.submitter && event.submitter.name === 'preview')) return
    if (event.defaultPrevented) { if (event.target.matches('.chat-form')) store.drop(nameOf(area)); return }
    if (navigator.onLine === false) { event.preventDefault(); keep(area, true); note(area, said.away); return }
    leaving.put(nameOf(area))
  })
  const arrived = leaving.get() // another page of the house came after it: it was taken, or stands in its form with what is wrong
  if (arrived) { store.drop(arrived); leaving.drop() }

  const back = area => {
    begun.set(area, wordsOf(area))
    const kept = store.get(nameOf(area))
    if (!kept || (kept.text === wordsOf(area) && kept.title === titleOf(area))) { // away and equal: the house heard them, its answer was lost
      if (kept && kept.away) note(area, said.back)
      return store.drop(nameOf(area))
    }
    if (!wordsOf(area).includes(kept.text)) area.value = !wordsOf(area) || wordsOf(area) === kept.base || kept.text.includes(wordsOf(area)) ? kept.text : `${area.value}\n\n${kept.text}`
    if (kept.title && area.form.elements.title && !area.form.elements.title.value) area.form.elements.title.value = kept.title
    note(area, said.back)
    area.dispatchEvent(new Event('input', { bubbles: true }))
  }
  const start = () => areas().forEach(back)
  document.readyState === 'complete' ? start() : addEventListener('load', start)
})()
