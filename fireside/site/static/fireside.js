/* What a page gains from scripts; every page works without. No inline code anywhere: the pages carry attributes, this file reads them.
   data-grows (a textarea grows), data-opens="id" (a link opens a dialog), data-copies="id" (a button copies a text). */
(() => {
  'use strict'
  Object.assign(window.htmx.config, { // read once the whole page is here; what the house's CSP forbids is not even tried
    includeIndicatorStyles: false, allowEval: false, historyCacheSize: 0, attributesToSettle: ['class', 'width', 'height'],
    responseHandling: [{ code: '204', swap: false }, { code: '[23]..', swap: true }, { code: '422', swap: true }, { code: '[45]..', swap: false, error: true }],
  })
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)]
  const say = words => { const live = document.getElementById('live'); if (live) { live.textContent = ''; setTimeout(() => { live.textContent = words }, 50) } }

  /* Choosing a file speaks the page's language, not the browser's: data-choose, data-unchosen. The field itself lies over it, so that one can drop a file there, too. */
  const choosers = root => all('input[type=file][data-choose]', root).filter(one => !one.closest('.chooser')).forEach(one => {
    const place = document.createElement('div'), button = document.createElement('span'), name = document.createElement('span')
    place.className = 'chooser input'; button.className = 'btn slim'; name.className = 'clip soft'
    button.textContent = one.dataset.choose
    const told = () => { name.textContent = [...one.files].map(file => file.name).join(', ') || one.dataset.unchosen; name.title = one.files.length ? name.textContent : '' }
    one.replaceWith(place); place.append(button, name, one)
    for (const part of [button, name]) part.setAttribute('aria-hidden', 'true')
    one.addEventListener('change', told); told()
  })

  /* A textarea as high as its words. */
  const grow = area => { area.style.height = 'auto'; area.style.height = Math.min(area.scrollHeight + 2, innerHeight * 0.6) + 'px' }
  const wake = root => all('textarea[data-grows]', root).forEach(area => { if (area.value) grow(area) })
  document.addEventListener('input', event => { if (event.target.matches('textarea[data-grows]')) grow(event.target) })

  /* Dialogs: the link leads to a page that asks the same, for those without scripts. */
  document.addEventListener('click', event => {
    const opener = event.target.closest('[data-opens]')
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens)
      if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal() }
    }
    const closer = event.target.closest('[data-closes]')
    if (closer) { const dialog = closer.closest('dialog'); if (dialog) { event.preventDefault(); dialog.close() } }
    if (event.target.matches('dialog')) event.target.close()
    const copier = event.target.closest('[data-copies]')
    if (copier) {
      const words = document.getElementById(copier.dataset.copies)
      if (words && navigator.clipboard) navigator.clipboard.writeText(words.value || words.textContent.trim()).then(() => say(document.body.dataset.copied))
    }
    all('details:is(.menu, .takes)[open]').forEach(menu => { if (!menu.contains(event.target)) menu.open = false })
  })
  /* A menu that would end below the screen, or behind the bar at its foot, unfolds upwards. */
  document.addEventListener('toggle', event => {
    const menu = event.target
    if (!menu.matches || !menu.matches('details.menu')) return
    if (menu.matches('.levels')) { if (menu.open) menu.querySelector('.menu-list').scrollIntoView({ block: 'nearest' }); return } // stands in the page
    menu.removeAttribute('data-up')
    if (!menu.open) return
    const list = menu.querySelector('.menu-list').getBoundingClientRect(), sign = menu.querySelector('summary').getBoundingClientRect()
    const foot = Math.min(innerHeight, ...all('.tabs, .chat-foot').map(bar => bar.getBoundingClientRect()).filter(bar => bar.height && bar.top > innerHeight / 2).map(bar => bar.top))
    if (list.bottom > foot && sign.top > foot - sign.bottom) menu.setAttribute('data-up', '')
  }, true)
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return
    all('details:is(.menu, .takes)[open]').forEach(menu => { menu.open = false; menu.querySelector('summary').focus() })
  })

  /* A form that is on its way shows it on the button that sent it, and is not sent twice. */
  document.addEventListener('submit', event => {
    const button = event.submitter
    if (event.defaultPrevented || !button || event.target.matches('[hx-post], [hx-get], [hx-put], [hx-delete]')) return
    setTimeout(() => event.defaultPrevented || button.setAttribute('aria-busy', 'true')) // who listens after this may keep it back
  })
  addEventListener('pageshow', () => all('[aria-busy="true"]').forEach(button => button.removeAttribute('aria-busy')))

  /* htmx: the token of the form travels as a header too; refusals are put in place as a note, beside what was pressed. */
  const cookie = name => (document.cookie.split('; ').find(pair => pair.startsWith(name + '=')) || '').slice(name.length + 1)
  document.addEventListener('htmx:configRequest', event => { const token = cookie('__Host-csrftoken') || cookie('csrftoken'); if (token) event.detail.headers['X-CSRFToken'] = token })
  document.addEventListener('htmx:beforeRequest', event => {
    const place = event.detail.elt.closest('form') || event.detail.elt
    all('.note.trouble', place.parentElement).forEach(note => note.remove())
  })
  const trouble = (elt, html) => {
    const place = elt.closest('form, [data-trouble]') || elt
    all('.note.trouble', place.parentElement).forEach(note => note.remove())
    place.insertAdjacentHTML('afterend', html)
    const note = place.nextElementSibling
    if (note) { note.classList.add('trouble'); note.scrollIntoView({ block: 'nearest' }) }
  }
  const unsent = () => {
    const note = document.createElement('div')
    note.className = 'note bad'; note.setAttribute('role', 'alert'); note.textContent = document.body.dataset.unsent
    return note.outerHTML
  }
  document.addEventListener('htmx:responseError', event => {
    if (event.detail.xhr.getResponseHeader('X-Busy')) return // it rests while many are here, and is asked for again by itself
    const answer = event.detail.xhr.responseText || ''
    trouble(event.detail.elt, event.detail.xhr.getResponseHeader('X-Refusal') && answer ? answer : unsent())
  })
  document.addEventListener('htmx:sendError', event => { if (event.detail.elt.getAttribute('hx-post') !== '/talk/drafts') trouble(event.detail.elt, unsent()) }) // words: kept.js
  document.addEventListener('htmx:afterSettle', event => { wake(event.detail.elt); choosers(event.detail.elt) })

  /* Toasts leave after six seconds; a pointer or the focus on them keeps them. */
  const leave = toast => {
    let wait = setTimeout(() => toast.remove(), 6000)
    for (const stay of ['mouseenter', 'focusin']) toast.addEventListener(stay, () => clearTimeout(wait))
    for (const go of ['mouseleave', 'focusout']) toast.addEventListener(go, () => { wait = setTimeout(() => toast.remove(), 2000) })
  }
  const toasts = new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(node => { if (node.matches && node.matches('.toast.leaving')) leave(node) })))
  /* A choice of time zones begins at the browser's own. */
  const zone = () => all('select[data-zone]').forEach(select => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone
    if (!select.closest('form').querySelector('[aria-invalid]') && own && [...select.options].some(one => one.value === own)) select.value = own
  })
  /* In a row of tabs wider than the screen, the one that is open is in sight. */
  const tabs = () => all('.filters > [aria-current], .switcher > [aria-current]').forEach(tab => {
    const row = tab.parentElement
    if (row.scrollWidth > row.clientWidth) row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2
  })
  const start = () => { zone(); tabs(); wake(document); choosers(document); all('.toast.leaving').forEach(leave); toasts.observe(document.body, { childList: true, subtree: true }) }
  document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', start) : start()
})()
