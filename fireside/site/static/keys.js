/* Single keys that move and act, as people know them from their mail and other forums. `?` shows those that work on the page.
   data-key="r" (what a key of the row or of the page presses), data-row (a row that is none of the usual ones), data-keys (opens the map).
   Never while one writes or composes, never with Ctrl, Alt or Meta; off when the member, or this device for visitors, says so. */
(() => {
  'use strict'
  const chosen = document.currentScript.dataset.shortcuts
  const on = () => chosen ? chosen === 'on' : !document.cookie.split('; ').includes('shortcuts=off')
  const main = () => document.getElementById('main')
  const all = (what, root) => [...(root || document).querySelectorAll(what)]
  const seen = one => one.getClientRects().length > 0 && !one.closest('dialog')

  /* Rows, and the one where one stands: what has the focus, or had it last */
  const ROWS = 'article, [data-row], .rows > a, .rows > li, .rows > section, .rows > div, section.question, tbody tr, a[rel=next], a[rel=prev]'
  let at = null, name = ''
  const grip = row => row.matches('a, .post, .msg') ? row : row.querySelector('[data-key~=o]') || row.querySelector('.t a, h2 a, h3 a, a.member, a.next') || row.querySelector('a:not([tabindex="-1"])') || row
  const rows = () => all(ROWS, main()).filter(row => seen(row) && !row.parentElement.closest('article, [data-row]') && !row.querySelector('article, [data-row]') && (row.matches('a, article, [data-row]') || grip(row) !== row))
  const row = () => {
    const here = rows(), focused = document.activeElement
    return here.find(one => one.contains(focused)) || (at && (here.includes(at) ? at : here.find(one => name && one.id === name))) || null
  }
  const stand = next => {
    const hold = grip(next)
    if (hold === next && !next.matches('a')) next.tabIndex = -1
    at = next; name = next.id
    hold.focus({ preventScroll: true, focusVisible: true })
    next.scrollIntoView({ block: next.offsetHeight > innerHeight * 0.7 ? 'start' : 'nearest' })
  }
  const move = by => {
    const here = rows(), now = here.indexOf(row())
    const inSight = here.findIndex(one => one.getBoundingClientRect().bottom > 90)
    const next = now < 0 ? here[Math.max(0, inSight)] : here[now + by]
    if (next) stand(next)
  }
  document.addEventListener('htmx:afterSettle', () => { // a row that was put in place anew keeps the one who stood on it
    if (document.activeElement !== document.body || !name) return
    const again = document.getElementById(name)
    if (again && again !== at && rows().includes(again)) stand(again)
  })

  /* What a key presses: of the row, else of the page */
  const pressed = key => {
    const mine = `[data-key~="${key}"]`, here = row(), own = here && here.querySelector(mine)
    return own || all(mine, main()).find(one => seen(one) && !one.closest('article, [data-row]')) || null
  }
  const press = one => { if (one.matches('input, textarea')) { one.focus(); one.scrollIntoView({ block: 'nearest' }) } else one.click() }
  const unfolds = (one, key) => { press(one); if (!one.isConnected) { const inner = pressed(key); if (inner) press(inner) } } // a menu that was a link until it was opened
  const signedIn = () => !!chosen
  const GO = { h: '/', l: '/talk', s: '/spaces', n: '/talk?show=new', u: '/talk?show=unread', b: '/later', i: '/notices', m: '/messages', p: '/me', r: '/reports', k: '/cockpit' }
  const goes = letter => GO[letter] && ('hls'.includes(letter) || ('rk'.includes(letter) ? document.querySelector(`a.place[href="${GO[letter]}"]`) : signedIn()))
  const search = () => all('input[type=search]').filter(one => seen(one)).sort((a, b) => main().contains(b) - main().contains(a))[0]
  const opens = () => { const here = row(), hold = here && grip(here); return hold && hold.matches('a') ? hold : null }
  const up = () => all('.crumb', main()).filter(seen).pop() || document.querySelector('.chat-bar > a.tool')
  const fresh = () => all('.fresh, .chat-newest', main()).find(seen)
  const WORKS = {
    '?': () => show, '/': () => () => { const field = search(); if (field) { field.focus(); field.select() } else location.assign('/search') },
    c: () => { const one = pressed('c'); return one ? () => press(one) : signedIn() && (() => location.assign('/start')) },
    j: () => rows().length && (() => move(1)), k: () => rows().length && (() => move(-1)),
    o: () => rows().some(one => grip(one).matches('a')) && (() => { const one = opens(); if (one) one.click() }),
    u: () => { const one = up(); return one && (() => one.click()) },
    '.': () => { const one = fresh(); return one && (() => one.click()) },
  }
  const works = key => {
    if (key.startsWith('g ')) { const letter = key[2]; return goes(letter) && (() => location.assign(GO[letter])) }
    if (WORKS[key]) return WORKS[key]()
    const one = pressed(key)
    return one && (() => unfolds(one, key))
  }

  /* The map: what works here, asked for when it is wanted */
  let dialog = null
  const show = async () => {
    if (!dialog) {
      const answer = await fetch('/keys', { headers: { 'HX-Request': 'true' } }).catch(() => null)
      if (!answer || !answer.ok) { location.assign('/keys'); return }
      document.body.insertAdjacentHTML('beforeend', await answer.text())
      dialog = document.getElementById('keys')
    }
    if (dialog.open) return
    const any = key => key.includes('+') ? main() && main().querySelector('[data-marked]') : works(key) || (main() && main().querySelector(`[data-key~="${key}"]`))
    all('[data-for]', dialog).forEach(line => { line.hidden = !['j', 'Esc'].includes(line.dataset.for) && !any(line.dataset.for) || line.dataset.for === 'j' && !rows().length })
    all('[data-group]', dialog).forEach(group => { group.hidden = all('[data-for]', group).every(line => line.hidden) })
    const back = document.activeElement
    dialog.addEventListener('close', () => { if (back && back.isConnected) back.focus({ focusVisible: true }) }, { once: true })
    dialog.showModal()
  }
  document.addEventListener('click', event => { if (event.target.closest('[data-keys]') && window.HTMLDialogElement) { event.preventDefault(); show() } })

  const writes = one => one.isContentEditable || one.matches('input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset]), textarea, select, [role=textbox], [role=combobox], [role=listbox], [role=menu], audio, video')
  let going = 0
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey || !on() || document.querySelector('dialog[open]')) return
    const from = event.target instanceof Element ? event.target : document.body
    if (event.key === 'Escape') { if (writes(from)) { const here = row(); from.blur(); if (here) stand(here) } return }
    if (writes(from) || event.key.length !== 1 || event.repeat && !'jk'.includes(event.key)) return
    const letter = event.shiftKey ? event.key : event.key.toLowerCase() // Caps Lock is no Shift
    const act = going ? works('g ' + letter) : works(letter)
    if (!going && letter === 'g') { going = setTimeout(() => { going = 0 }, 1500); return }
    clearTimeout(going); going = 0
    if (act) { event.preventDefault(); act() }
  })
})()
