/* What talk gains from scripts: news of a topic or a space without moving anything, members offered behind an @, Ctrl+Enter.
   data-live="topic=7" (what to listen to, several with a space between), data-news="/t/7/news?since=9" (what to ask then), data-mentions="/talk/mentions",
   data-puts="@" (a button that puts a sign into the words). */
(() => {
  'use strict'
  /* News */
  const listen = place => {
    let wait = 0
    const ask = () => {
      clearTimeout(wait)
      wait = setTimeout(() => {
        window.htmx.ajax('GET', place.dataset.news, { target: place, swap: 'innerHTML' })
      }, 600)
    }
    const heard = event => {
      const kind = JSON.parse(event.data || '{}').kind || ''
      if (['conversation.replied', 'conversation.asked', 'conversation.opened'].includes(kind)) ask()
    }
    place.dataset.live.split(' ').filter(Boolean).forEach(key => window.live.hear(key, { topic: heard, space: heard, missed: ask, back: ask }))
  }

  /* Members behind an @ */
  const before = area => area.value.slice(0, area.selectionStart).match(/@([\p{L}\p{N}_-]{1,40})$/u)
  const list = area => area.parentElement.querySelector('.mention-list')
  const hide = area => { const offered = list(area); offered.hidden = true; offered.innerHTML = ''; area.removeAttribute('aria-activedescendant') }
  const mark = (area, next) => {
    const rows = [...list(area).children]
    rows.forEach(row => row.setAttribute('aria-selected', row === next))
    if (next) { area.setAttribute('aria-activedescendant', next.id); next.scrollIntoView({ block: 'nearest' }) }
  }
  const put = (area, words, back) => {
    const at = area.selectionStart - back
    area.setRangeText(words, at, area.selectionEnd, 'end')
    area.dispatchEvent(new Event('input', { bubbles: true }))
    area.focus()
  }
  const choose = (area, row) => { const found = before(area); if (found) put(area, '@' + row.dataset.handle + ' ', found[0].length); hide(area) }
  let wait = 0, asked = ''
  document.addEventListener('input', event => {
    const area = event.target
    if (!area.matches('textarea[data-mentions]')) return
    const found = before(area)
    clearTimeout(wait)
    if (!found) { asked = ''; if (!list(area).hidden) hide(area); return }
    asked = found[1]
    wait = setTimeout(async () => {
      const words = asked
      const answer = await fetch(area.dataset.mentions + (area.dataset.mentions.includes('?') ? '&' : '?') + 'q=' + encodeURIComponent(words), { headers: { 'HX-Request': 'true' } }).catch(() => null)
      if (!answer || !answer.ok || words !== asked) return
      const offered = list(area)
      offered.innerHTML = await answer.text()
      offered.hidden = !offered.children.length
      if (offered.children.length) { mark(area, offered.children[0]); offered.scrollIntoView({ block: 'nearest' }) }
    }, 150)
  })
  document.addEventListener('keydown', event => {
    const area = event.target
    if (!area.matches || !area.matches('textarea')) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && area.form) { event.preventDefault(); area.form.requestSubmit(area.form.querySelector('.btn.main')); return }
    if (!area.dataset.mentions || list(area).hidden || event.isComposing) return
    const rows = [...list(area).children], at = rows.findIndex(row => row.getAttribute('aria-selected') === 'true')
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); mark(area, rows[(at + (event.key === 'ArrowDown' ? 1 : rows.length - 1)) % rows.length]) }
    else if ((event.key === 'Enter' || event.key === 'Tab') && rows[at]) { event.preventDefault(); choose(area, rows[at]) }
    else if (event.key === 'Escape') { event.preventDefault(); hide(area) }
  })
  document.addEventListener('pointerdown', event => {
    const row = event.target.closest('.mention-list > li')
    if (!row) return
    event.preventDefault()
    choose(row.closest('.composer, .field').querySelector('textarea'), row)
  })
  document.addEventListener('click', event => {
    const tag = event.target.closest('[data-tag]')
    if (tag) {
      const field = document.getElementById('tags'), whole = field.value.split(/[,，、]/).slice(0, -1).map(one => one.trim()).filter(Boolean)
      field.value = [...whole, tag.dataset.tag, ''].join(', ')
      field.dispatchEvent(new Event('input', { bubbles: true }))
      field.focus()
    }
    const button = event.target.closest('[data-puts]')
    if (button) put(button.closest('.composer').querySelector('textarea'), button.dataset.puts, 0)
    if (event.target.closest('.menu-list > *')) event.target.closest('details.menu').open = false
  })

  /* A table or code that is wider than its page is scrolled by the keyboard, too, where a browser does not see to it */
  const reach = () => document.querySelectorAll('.prose :is(table, pre)').forEach(one => { if (one.scrollWidth > one.clientWidth) one.tabIndex = 0 })
  addEventListener('resize', reach)
  document.addEventListener('htmx:afterSettle', reach)

  /* One writes below what is quoted, or was begun */
  const below = area => { area.setSelectionRange(area.value.length, area.value.length); area.removeAttribute('autofocus') }
  document.addEventListener('focusin', event => { if (event.target.matches('textarea[autofocus]')) below(event.target) })

  /* What was written before the scripts had come, or was put back by the browser, is kept as a draft, too */
  document.addEventListener('htmx:load', event => {
    event.target.querySelectorAll('textarea[autofocus]').forEach(below)
    event.target.querySelectorAll('form').forEach(form => {
      const changed = [...form.querySelectorAll('input[hx-post], textarea[hx-post]')].find(field => field.value !== field.defaultValue)
      if (changed) window.htmx.trigger(changed, 'early')
    })
  })

  const start = () => { document.querySelectorAll('[data-live]').forEach(listen); reach() }
  document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', start) : start()

  /* Under a post: a sign given comes back as a new foot; the other signs and what else one can do unfold; an answer to one is begun in the composer. */
  const unfold = (link, fill, first) => {
    const menu = document.createElement('details'), list = document.createElement('div')
    menu.className = 'menu'; menu.open = true; list.className = 'menu-list'
    menu.innerHTML = '<summary class="tool slim"></summary>'
    menu.firstChild.append(...link.childNodes)
    menu.firstChild.setAttribute('aria-label', link.getAttribute('aria-label'))
    fill(list)
    menu.append(list)
    link.replaceWith(menu)
    menu.dispatchEvent(new Event('toggle'))
    menu.querySelector(first).focus()
  }
  const signs = link => unfold(link, list => {
    const given = [...link.parentElement.querySelectorAll('.react[value]')].map(button => button.value)
    list.append(...[...document.getElementById('signs').content.cloneNode(true).children].filter(button => !given.includes(button.value)))
    list.querySelectorAll('button').forEach(button => button.setAttribute('formaction', new URL(link.href).pathname + '/reactions'))
  }, 'button')
  const more = link => unfold(link, list => {
    const number = link.closest('.post').id.slice(1)
    list.innerHTML = document.getElementById('more').innerHTML.replaceAll('{n}', number).replaceAll('{to}', link.dataset.to || '')
    list.querySelectorAll('[data-when]').forEach(one => { if (!link.dataset.more.includes(one.dataset.when)) one.remove() })
  }, 'summary')
  document.addEventListener('click', event => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.defaultPrevented) return
    const kept = event.target.closest('[data-foot]')
    const foot = kept ? kept.closest('.post').querySelector(':scope > footer') : event.target.closest('.post > footer')
    const button = foot && (kept || event.target.closest('.react[formaction], .menu-list button')), link = foot && event.target.closest('[data-signs]'), other = event.target.closest('[data-more]')
    const answer = event.target.closest('.post a:is([href*="?to="], [href*="?quote="])')
    if (button) {
      event.preventDefault()
      window.htmx.ajax('POST', button.getAttribute('formaction'), { source: button, target: foot, swap: 'outerHTML' })
    } else if (link && document.getElementById('signs')) {
      event.preventDefault()
      signs(link)
    } else if (other && document.getElementById('more')) {
      event.preventDefault()
      more(other)
    } else if (answer && document.getElementById('reply')) {
      event.preventDefault()
      const { pathname, search } = new URL(answer.href)
      window.htmx.ajax('GET', '/t/' + pathname.split('/')[2] + '/composer' + search, { source: answer, target: '#reply', swap: 'outerHTML' })
    }
  })
})()
