/* A chat: opens where one stopped reading, hears what is said, loads older words without a jump, sends at once and again when it did not get
   through (the same key: sent twice, it speaks once). Reads data-… of #chat; without scripts the page is a list with a form. */
(() => {
  'use strict'
  const chat = document.getElementById('chat')
  if (!chat) return
  const words = chat.dataset, form = document.querySelector('.chat-form'), area = form && form.elements.text
  const newest = document.querySelector('.chat-newest'), live = document.getElementById('chat-live')
  const page = document.scrollingElement
  let last = +words.last, fresh = 0, loading = {}
  const all = () => [...chat.querySelectorAll('.msg[data-number]')]
  const near = () => page.scrollHeight - page.scrollTop - innerHeight < 140
  const toEnd = () => { page.scrollTop = page.scrollHeight }
  const show = () => {
    const away = !near()
    if (!away) fresh = 0
    newest.hidden = !away && !words.behind
    newest.querySelector('span').textContent = fresh ? words.new.replace('{n}', fresh) : words.newest
  }
  addEventListener('scroll', show, { passive: true })
  newest.addEventListener('click', () => { if (words.behind) location.assign(location.pathname.replace(/(\/t\/\d+).*/, '$1')); else { toEnd(); show() } })

  /* Pieces */
  const get = async (query, headers) => {
    const answer = await fetch(words.chat + '/part?' + query, { headers: { 'HX-Request': 'true', ...headers } })
    if (!answer.ok) throw answer
    return answer
  }
  const parsed = html => { const holder = document.createElement('template'); holder.innerHTML = html; return holder.content }
  const seam = () => { /* what one person says in a row stands together, and a day is named once, also where two pieces meet */
    let before = null, day = ''
    for (const one of chat.children) {
      if (one.matches('.day-line')) { if (one.dataset.day === day) { one.remove(); return seam() } day = one.dataset.day; before = null; continue }
      if (!one.matches('.msg')) { if (!one.matches('.chat-way')) before = null; continue }
      const same = before && one.dataset.by !== '0' && before.dataset.by === one.dataset.by && one.dataset.at - before.dataset.at < 300 && !one.querySelector('.answers')
      one.classList.toggle('goes-on', !!same && !one.classList.contains('gone'))
      before = one
    }
  }
  const put = (content, before) => {
    const found = [...content.children].filter(one => !one.id || !document.getElementById(one.id))
    const place = before || chat.querySelector('.msg.sending, .msg.unsent')
    found.forEach(one => place ? chat.insertBefore(one, place) : chat.append(one))
    found.forEach(one => window.htmx && window.htmx.process(one))
    seam()
    return found.filter(one => one.matches('.msg'))
  }
  const more = async way => {
    const cursor = words[way]
    if (!cursor || loading[way]) return
    loading[way] = true
    try {
      const answer = await get('at=' + encodeURIComponent(cursor)), content = parsed(await answer.text())
      const height = page.scrollHeight, at = page.scrollTop
      if (way === 'before') {
        put(content, [...chat.children].find(one => !one.matches('.chat-way')))
        words.before = answer.headers.get('X-Before') || ''
      } else {
        put(content)
        words.behind = answer.headers.get('X-Behind') || ''
      }
      if (!words[way]) chat.querySelectorAll('[data-way="' + way + '"]').forEach(one => one.closest('p').remove())
      if (way === 'before') page.scrollTop = at + page.scrollHeight - height
    } catch { /* the way stays, and is tried again */ }
    loading[way] = false
    show()
  }
  chat.addEventListener('click', event => { const way = event.target.closest('[data-way]'); if (way) { event.preventDefault(); more(way.dataset.way) } })
  const watch = new IntersectionObserver(seen => seen.forEach(one => one.isIntersecting && more(one.target.dataset.way)), { rootMargin: '600px 0px' })

  /* What others say, and what changes */
  let wait = 0
  const hear = () => { clearTimeout(wait); wait = setTimeout(news, 80) }
  const news = async () => {
    if (words.behind) { fresh += 1; return show() }
    const stay = near()
    try {
      const answer = await get('after=' + last + (document.hidden ? '' : '&seen=1'))
      const came = put(parsed(await answer.text()))
      came.forEach(one => { last = Math.max(last, +one.dataset.number) })
      const others = came.filter(one => !one.classList.contains('own'))
      if (!others.length) return
      if (stay) toEnd(); else fresh += others.length
      live.textContent = words.new.replace('{n}', others.length)
      show()
    } catch { /* asked again with the next word, or when the line is back */ }
  }
  const again = async target => {
    const one = all().find(row => row.dataset.post === target) || null
    if (!one) return
    try {
      const answer = await get('post=' + one.dataset.number), fresh = parsed(await answer.text()).querySelector('.msg')
      if (fresh && !one.querySelector('details[open]')) { one.replaceWith(fresh); window.htmx && window.htmx.process(fresh); seam() }
    } catch { /* it stays as it was */ }
  }
  const heard = event => {
    const line = JSON.parse(event.data || '{}'), kind = line.kind || ''
    if ('waits' in words && kind === 'conversation.talk_joined') return location.reload() // whom one wrote to said yes: from now on one writes here
    if (kind === 'conversation.replied' || kind === 'conversation.talk_said' || kind === 'conversation.talk_joined') hear()
    else if (line.target && line.by !== +words.me) again(String(line.target))
  }
  document.addEventListener('visibilitychange', () => { if ('waits' in words && !document.hidden) location.reload() }) // nothing is heard while nobody looks
  window.live.hear(words.key, { topic: heard, missed: hear, back: hear })

  /* Sending */
  let line = Promise.resolve()
  const key = () => (crypto.randomUUID ? crypto.randomUUID() : Date.now() + '-' + Math.random()).slice(0, 60)
  const plain = text => text.replace(/!\[([^\]]*)\]\(\/files\/\d+\)/g, (all, alt) => `[${alt || words.picture}]`).replace(/\[([^\]]*)\]\(\/files\/\d+\)/g, (all, name) => `[${name || words.attached}]`)
  const given = () => Object.fromEntries([...form.querySelectorAll('[data-file]:not([hidden]) img.thumb')].map(one => [one.closest('[data-file]').dataset.file, [one.getAttribute('src'), one.width, one.height]]))
  const me = document.body.dataset.me, store = `kept:${me}:chat:${words.chat.split('/')[2]}` // what did not get through stands on the device (kept.js)
  const keep = () => {
    const waits = [...chat.querySelectorAll('.msg.sending, .msg.unsent')].map(one => one.said)
    try { waits.length ? localStorage.setItem(store, JSON.stringify(waits)) : localStorage.removeItem(store) } catch { /* no store */ }
  }
  const pending = (text, to, seen) => {
    const one = document.createElement('article')
    one.className = 'msg own sending'
    one.innerHTML = '<div class="msg-body"><div class="bubble"><div class="prose" dir="auto"></div></div><p class="msg-foot small faint"></p></div>'
    const prose = one.querySelector('.prose')
    const pictures = []
    const left = text.replace(/!\[[^\]]*\]\(\/files\/(\d+)\)/g, (all, file) => seen[file] ? (pictures.push(seen[file]), '') : all)
    plain(left).split(/\n{2,}/).filter(part => part.trim()).forEach(part => { const p = document.createElement('p'); p.innerText = part; prose.append(p) })
    pictures.forEach(([src, width, height]) => { const img = new Image(width, height); img.src = src; img.alt = words.picture; prose.append(img) })
    one.querySelector('.msg-foot').textContent = words.sending
    one.said = { text, to, seen, key: form.elements.key.value || key(), at: Date.now() }
    chat.append(one)
    keep()
    return one
  }
  const go = one => { line = line.then(() => deliver(one)) }
  const deliver = async one => {
    one.className = 'msg own sending'
    one.querySelector('.msg-foot').textContent = words.sending
    const body = new FormData(form)
    Object.entries({ text: one.said.text, reply_to: one.said.to, key: one.said.key, after: last, ...(one.said.sure ? { sure: '1' } : {}) }).forEach(([name, value]) => body.set(name, value))
    let trouble = '', asks = false
    try {
      const answer = await fetch(words.chat + '/messages', { method: 'POST', body, headers: { 'HX-Request': 'true' } })
      const html = await answer.text()
      if (answer.ok) {
        one.remove()
        keep()
        put(parsed(html)).forEach(row => { last = Math.max(last, +row.dataset.number) })
        toEnd()
        return show()
      }
      asks = !!answer.headers.get('X-Ask-Sure')
      trouble = parsed(html).textContent.trim().slice(0, 300)
    } catch { /* no line */ }
    one.said.refused = !!trouble
    failed(one, trouble, asks)
    live.textContent = trouble || words.unsent
  }
  const failed = (one, trouble, asks) => {
    one.className = 'msg own unsent'
    const foot = one.querySelector('.msg-foot'), button = document.createElement('button')
    foot.textContent = (trouble || words.unsent) + ' '
    button.type = 'button'; button.className = 'link'; button.textContent = asks ? words.sure : words.again
    button.addEventListener('click', () => { one.said.sure = one.said.sure || asks; go(one) })
    foot.append(button)
    keep()
  }
  const addressed = (number, name) => {
    form.elements.reply_to.value = number
    const to = form.querySelector('.chat-to')
    to.hidden = !number
    to.querySelector('span').textContent = name
    if (number) area.focus()
  }
  if (form) {
    form.addEventListener('submit', event => {
      event.preventDefault()
      const text = (area.whole ? area.whole() : area.value).trim()
      if (!text) return area.focus()
      const one = pending(text, form.elements.reply_to.value, given())
      form.elements.key.value = key()
      area.value = ''; area.style.height = ''
      area.dispatchEvent(new Event('sent', { bubbles: true }))
      area.dispatchEvent(new Event('input', { bubbles: true })) // rows of files, the draft, what is kept on the device
      addressed('', '')
      toEnd()
      area.focus()
      go(one)
    })
    area.addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229 && matchMedia('(pointer: fine)').matches && !event.defaultPrevented && form.querySelector('.mention-list').hidden) { event.preventDefault(); form.requestSubmit(form.querySelector('.chat-send')) }
    })
    let waits = []
    try { waits = JSON.parse(localStorage.getItem(store)) || [] } catch { /* no store */ }
    addEventListener('load', () => waits.forEach(said => { const one = pending(said.text, said.to, said.seen || {}); one.said = said; said.refused ? failed(one, '', false) : go(one) }))
    addEventListener('online', () => [...chat.querySelectorAll('.msg.unsent')].filter(one => !one.said.refused).forEach(go))
    document.addEventListener('click', event => {
      const to = event.target.closest('[data-answers]')
      if (to) {
        event.preventDefault()
        const row = to.closest('.msg')
        to.closest('details').open = false
        addressed(to.dataset.answers, row.querySelector('.name').textContent + ': ' + row.querySelector('.bubble > .prose').textContent.trim().slice(0, 80))
      }
      if (event.target.closest('[data-answers-nobody]')) addressed('', '')
      const answered = event.target.closest('.bubble .answers')
      const there = answered && document.querySelector(answered.hash)
      if (there) { event.preventDefault(); there.scrollIntoView({ block: 'center' }); there.classList.add('looked-for'); setTimeout(() => there.classList.remove('looked-for'), 2000) }
    })
  }

  /* Where one begins: at what was named, at the first that is new, or at the end */
  const begin = () => {
    const named = /^#[mp]\d+$/.test(location.hash) && document.getElementById('m' + location.hash.slice(2))
    const unread = +words.seen && all().find(one => +one.dataset.number > +words.seen && !one.classList.contains('own'))
    if (unread && unread.previousElementSibling) {
      const sign = document.createElement('p')
      sign.className = 'fresh-line'; sign.textContent = words.fresh
      chat.insertBefore(sign, unread)
      unread.classList.remove('goes-on')
    }
    if (named) { named.scrollIntoView({ block: 'center' }); named.classList.add('looked-for'); setTimeout(() => named.classList.remove('looked-for'), 2500) }
    else if (unread) { chat.querySelector('.fresh-line') ? chat.querySelector('.fresh-line').scrollIntoView({ block: 'start' }) : unread.scrollIntoView() ; page.scrollTop -= 80 }
    else toEnd()
    show()
    chat.querySelectorAll('[data-way]').forEach(one => watch.observe(one))
  }
  if ('scrollRestoration' in history) history.scrollRestoration = 'manual'
  document.readyState === 'complete' ? begin() : addEventListener('load', begin)
})()
