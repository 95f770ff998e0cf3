/* Files while one writes: chosen, pasted or dropped; sent one after another, each with its progress and a way to stop it. What has come
   stands in the words as ![what it shows](/files/17) or [its name](/files/18), and below them as a row; both say the same.
   In a chat they stand above the words instead (data-beside): the words stay clean, and what was given goes along at their end.
   data-gives="ID of the words" (the field of files), data-given="the same" (the rows), data-on-its-way (a row to begin with). */
(() => {
  'use strict'
  const named = id => new RegExp('(!?)\\[((?:\\\\.|[^\\]\\\\])*)\\]\\(/files/' + id + '\\)', 'g')
  const escaped = words => words.replace(/[\\[\]]/g, '\\$&').replace(/\s+/g, ' ')
  const plain = words => words.replace(/\\([\\[\]])/g, '$1')
  const say = words => { const live = document.getElementById('live'); if (live) live.textContent = words }
  const rows = area => document.querySelector(`[data-given="${area.id}"]`)
  const wordsOf = list => document.getElementById(list.dataset.given)
  const tell = area => area.dispatchEvent(new Event('input', { bubbles: true }))
  const shown = list => { list.hidden = ![...list.children].some(row => !row.hidden) }

  /* Words and rows */
  const put = (area, words) => {
    const at = !area.selectionEnd && document.activeElement !== area ? area.value.length : area.selectionEnd, before = area.value.slice(0, at)
    const lead = !before || before.endsWith('\n') ? '' : /\]\(\/files\/\d+\)$/.test(before) ? '\n' : '\n\n'
    area.setRangeText(lead + words + (area.value.slice(at).startsWith('\n') ? '' : '\n'), at, at, 'end')
    tell(area)
  }
  const beside = list => !!list && list.dataset.beside !== undefined
  const whole = area => { // what is said with what was given: a draft, what is kept and what is sent are this
    const given = [...rows(area).querySelectorAll('[data-file]:not([hidden])')].map(row => row.dataset.words)
    return [area.value.trimEnd(), given.join('\n')].filter(Boolean).join('\n\n')
  }
  const takeOver = (area, row) => {
    const found = named(row.dataset.file).exec(area.value)
    if (!found) { row.hidden = false; return }
    const line = area.value.slice(0, found.index).split('\n').pop() + area.value.slice(found.index + found[0].length).split('\n')[0]
    row.hidden = !!line.trim() // in the middle of a line it stays in the words
    if (row.hidden) return
    row.dataset.words = found[0]
    row.querySelector('[data-alt]').value = plain(found[2])
    area.value = (area.value.slice(0, found.index).trimEnd() + '\n\n' + area.value.slice(found.index + found[0].length).trimStart()).trim()
  }
  const follow = area => {
    const list = rows(area)
    if (!list) return
    if (beside(list)) { list.querySelectorAll('[data-file]').forEach(row => takeOver(area, row)); shown(list); return }
    list.querySelectorAll('[data-file]').forEach(row => {
      const found = named(row.dataset.file).exec(area.value), field = row.querySelector('[data-alt]')
      row.hidden = !found
      if (found && document.activeElement !== field) field.value = plain(found[2])
    })
    shown(list)
  }
  const waits = new WeakMap()
  const changed = (area, after) => { // the words may be the same, what goes along with them is not
    tell(area)
    clearTimeout(waits.get(area))
    waits.set(area, setTimeout(() => window.htmx.trigger(area, 'early'), after))
  }
  document.addEventListener('htmx:configRequest', event => { const { elt, parameters } = event.detail; if (elt.whole) parameters.text = elt.whole() })
  document.addEventListener('sent', event => { // chat.js: it is said
    clearTimeout(waits.get(event.target))
    const list = rows(event.target)
    list.querySelectorAll('[data-file]').forEach(row => row.remove())
    shown(list)
  })
  document.addEventListener('input', event => {
    if (event.target.matches('textarea')) follow(event.target)
    if (!event.target.matches('[data-alt]')) return
    const row = event.target.closest('[data-file]'), area = wordsOf(row.parentElement)
    if (beside(row.parentElement)) {
      row.dataset.words = row.dataset.words.replace(named(row.dataset.file), (all, sign) => `${sign}[${escaped(event.target.value)}](/files/${row.dataset.file})`)
      changed(area, 1500)
      return
    }
    area.value = area.value.replace(named(row.dataset.file), (all, sign) => `${sign}[${escaped(event.target.value)}](/files/${row.dataset.file})`)
    tell(area)
  })

  /* Sending */
  const queue = []
  let current = null
  const next = () => {
    if (current || !queue.length) return
    current = queue.shift()
    const { file, row, area } = current, form = area.form, data = new FormData(), ask = new XMLHttpRequest()
    current.ask = ask
    const done = () => { current = null; shown(row.parentElement || rows(area)); next(); if (!current) leave(form) }
    const failed = html => {
      row.dataset.state = 'refused'
      row.querySelector('progress').remove()
      const why = document.createElement('div')
      why.innerHTML = html
      row.querySelector('.grow').append(why.querySelector('.grow') ? why.querySelector('.grow').textContent.trim() : why.textContent.trim())
      row.setAttribute('role', 'alert')
      delete form.dataset.leaving
      done()
    }
    data.append('csrfmiddlewaretoken', form.querySelector('[name=csrfmiddlewaretoken]').value)
    data.append('file', file, file.name || 'picture')
    ask.open('POST', '/files')
    ask.setRequestHeader('HX-Request', 'true')
    ask.upload.onprogress = event => { if (event.lengthComputable) row.querySelector('progress').value = Math.min(99, 100 * event.loaded / event.total) }
    ask.onload = () => {
      if (ask.status !== 201) { failed(ask.getResponseHeader('X-Refusal') ? ask.responseText : rows(area).dataset.unsent); return }
      const made = document.createElement('template')
      made.innerHTML = ask.responseText.trim()
      const come = made.content.querySelector('[data-file]')
      rows(area).querySelectorAll(`[data-file="${come.dataset.file}"]`).forEach(one => one.remove())
      row.replaceWith(come)
      if (!beside(rows(area)) && !named(come.dataset.file).test(area.value)) put(area, come.dataset.words)
      follow(area)
      if (beside(rows(area))) changed(area, 0)
      say(rows(area).dataset.said)
      done()
    }
    ask.onerror = () => failed(rows(area).dataset.unsent)
    ask.onabort = () => { row.remove(); done() }
    ask.send(data)
  }
  const give = (area, files) => {
    const list = rows(area), from = document.querySelector(`[data-on-its-way="${area.id}"]`)
    for (const file of files) {
      const row = from.content.firstElementChild.cloneNode(true)
      row.querySelector('.given-name').textContent = file.name || ''
      if (file.type.startsWith('image/')) {
        const small = document.createElement('img'), address = URL.createObjectURL(file)
        small.className = 'thumb'; small.alt = ''; small.src = address
        small.onload = () => { row.querySelector('.thumb').replaceWith(small); URL.revokeObjectURL(address) }
      }
      list.append(row)
      queue.push({ file, row, area })
    }
    shown(list)
    next()
  }
  document.addEventListener('change', event => {
    if (!event.target.matches('[data-gives]')) return
    give(document.getElementById(event.target.dataset.gives), [...event.target.files])
    event.target.value = ''
  })
  document.addEventListener('paste', event => {
    const area = event.target, files = [...(event.clipboardData || {}).files || []]
    if (!area.matches || !area.matches('textarea') || !rows(area) || !files.length || event.clipboardData.types.includes('text/plain')) return
    event.preventDefault()
    give(area, files)
  })
  const target = event => {
    const place = event.target.closest && event.target.closest('form'), list = place && place.querySelector('[data-given]')
    return list && event.dataTransfer && event.dataTransfer.types.includes('Files') ? wordsOf(list) : null
  }
  const over = (area, state) => { const pane = area.closest('.composer, .field'); state ? pane.dataset.dropping = '1' : delete pane.dataset.dropping }
  document.addEventListener('dragover', event => { const area = target(event); if (area) { event.preventDefault(); over(area, true) } })
  document.addEventListener('dragleave', event => { const area = target(event); if (area && !area.form.contains(event.relatedTarget)) over(area, false) })
  document.addEventListener('drop', event => {
    const area = target(event)
    if (!area) return
    event.preventDefault()
    over(area, false)
    give(area, [...event.dataTransfer.files])
  })
  document.addEventListener('click', event => {
    const row = event.target.closest('.given')
    if (!row) return
    const list = row.parentElement, area = wordsOf(list)
    if (event.target.closest('[data-stops]')) {
      const at = queue.findIndex(one => one.row === row)
      if (at >= 0) queue.splice(at, 1)
      if (current && current.row === row) current.ask.abort()
      else row.remove()
    } else if (event.target.closest('[data-takes-out]')) {
      area.value = area.value.replace(new RegExp(named(row.dataset.file).source + '\\n?', 'g'), '')
      row.remove()
      beside(list) ? changed(area, 0) : tell(area)
    } else return
    shown(list)
    area.focus()
  })

  /* Who sends the form while a file is still on its way waits for it; a file that is refused stops that. */
  const leave = form => {
    const button = form.dataset.leaving && form.querySelector(`[data-waits-for="${form.dataset.leaving}"]`)
    delete form.dataset.leaving
    form.querySelectorAll('[data-waits-for]').forEach(one => { delete one.dataset.waitsFor; one.removeAttribute('aria-busy') })
    if (button) form.requestSubmit(button)
  }
  document.addEventListener('submit', event => {
    const form = event.target, button = event.submitter
    if (!button || !(current || queue.length) || ![current, ...queue].some(one => one && one.area.form === form)) return
    event.preventDefault()
    event.stopPropagation()
    form.dataset.leaving = button.dataset.waitsFor = '1'
    button.setAttribute('aria-busy', 'true')
    say(form.querySelector('[data-given]').dataset.waits)
  }, true)

  const wake = root => root.querySelectorAll('[data-given]').forEach(list => {
    const area = wordsOf(list)
    if (!area) return
    follow(area)
    if (beside(list) && !area.whole) { area.whole = () => whole(area); area.defaultValue = area.value }
  })
  document.addEventListener('htmx:afterSettle', event => wake(event.detail.elt))
  document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', () => wake(document)) : wake(document)
})()
