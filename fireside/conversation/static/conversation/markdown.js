/* Markdown for those who do not write it: signs and keys put it round the words, and take it off again. A line of a list or a quotation goes on at
   Enter and ends at an empty one; an address pasted on words makes them a link. All of it can be undone: the browser itself types it.
   data-marked="words of a link that has none yet" (the words), data-marks="ID of the words" (where the signs stand), data-names (what they are called). */
(() => {
  'use strict'
  const SIGNS = [['bold', 'B'], ['italic', 'I'], ['link', 'K'], ['quote'], ['code'], ['list'], ['list-ordered']]
  const writes = one => one instanceof Element && one.matches('textarea[data-marked]')
  let composing = false
  document.addEventListener('compositionstart', () => { composing = true })
  document.addEventListener('compositionend', () => { composing = false })

  /* Types words in place of those from `from` to `to`, then selects what is named */
  const type = (area, from, to, words, first, last) => {
    if (document.activeElement !== area) area.focus()
    if (from !== to || words) {
      area.setSelectionRange(from, to)
      if (!document.execCommand(words ? 'insertText' : 'delete', false, words)) { area.setRangeText(words, from, to, 'end'); area.dispatchEvent(new Event('input', { bubbles: true })) }
    }
    area.setSelectionRange(first, last)
  }
  const lineAt = (text, at) => text.slice(0, at).lastIndexOf('\n') + 1
  const chosen = area => ({ text: area.value, from: area.selectionStart, to: area.selectionEnd })

  /* Bold, italic, code: a sign on both sides. How many of them stand there says which is on: **bold**, *italic*, ***both*** */
  const run = (text, at, by, sign) => { let n = 0; while (text[by < 0 ? at - 1 - n : at + n] === sign) n++; return n }
  const on = (n, size, sign) => sign === '*' ? size === 2 ? n >= 2 : n % 2 === 1 : n >= size
  const LETTER = /[\p{L}\p{N}]/u, POINT = /\p{P}/u
  const tight = (text, from, to) => { /* the sign stands at words: outside of what is blank, and of a stop that a word follows, where Markdown would not see it */
    const blank = at => /\s/.test(text[at]), stop = (at, beside) => POINT.test(text[at]) && !/[*`]/.test(text[at]) && LETTER.test(text[beside] || '')
    while (from < to && (blank(from) || stop(from, from - 1))) from++
    while (to > from && (blank(to - 1) || stop(to - 1, to))) to--
    return [from, to]
  }
  const LEAD = /^\s*(?:(?:>|[-*+]|\d+[.)]|#{1,6})\s+)*/
  const around = (area, sign, size) => {
    const mark = sign.repeat(size), { text, ...at } = chosen(area), [from, to] = tight(text, at.from, at.to), words = text.slice(from, to)
    const out = Math.min(run(text, from, -1, sign), run(text, to, 1, sign)), inside = words.length > 2 * size ? Math.min(run(words, 0, 1, sign), run(words, words.length, -1, sign)) : 0
    if (words.includes('\n')) return lineByLine(area, mark, words, from, to)
    if (on(out, size, sign)) return type(area, from - size, to + size, words, from - size, to - size)
    if (on(inside, size, sign)) return type(area, from, to, words.slice(size, -size), from, to - 2 * size)
    type(area, from, to, mark + words + mark, from + size, to + size)
  }
  const lineByLine = (area, mark, words, from, to) => {
    const size = mark.length, sign = mark[0]
    const lines = words.split('\n').map(line => [line.match(LEAD)[0], line.replace(LEAD, '').trimEnd()])
    const whole = lines.every(([, line]) => !line || (line.length > 2 * size && on(Math.min(run(line, 0, 1, sign), run(line, line.length, -1, sign)), size, sign)))
    const put = lines.map(([lead, line]) => lead + (line && (whole ? line.slice(size, -size) : mark + line + mark))).join('\n')
    type(area, from, to, put, from, from + put.length)
  }

  /* Lists and quotations: a sign before each line */
  const lined = area => {
    const { text, from, to } = chosen(area), begin = lineAt(text, from), end = text.indexOf('\n', Math.max(begin, to - (to > from && text[to - 1] === '\n')))
    return { text, begin, end: end < 0 ? text.length : end, from, to }
  }
  const LINE = { quote: /^>\s?/, list: /^\s*[-*+]\s+/, 'list-ordered': /^\s*\d+[.)]\s+/ }
  const before = (area, kind) => {
    const { text, begin, end, from, to } = lined(area), lines = text.slice(begin, end).split('\n'), sign = LINE[kind]
    const counts = line => line.trim() || kind === 'quote' || lines.length === 1
    const has = lines.every(line => !counts(line) || sign.test(line))
    let n = 0
    const put = lines.map(line => {
      if (!counts(line)) return line
      if (has) return line.replace(sign, '')
      const bare = kind === 'quote' ? line : line.replace(LINE.list, '').replace(LINE['list-ordered'], '')
      return (kind === 'quote' ? '> ' : kind === 'list' ? '- ' : `${++n}. `) + bare
    }).join('\n')
    const caret = Math.max(begin, to + put.length - (end - begin))
    type(area, begin, end, put, from === to ? caret : begin, from === to ? caret : begin + put.length)
  }
  const code = area => {
    const { text, begin, end, from, to } = lined(area)
    if (!text.slice(from, to).includes('\n')) return around(area, '`', 1)
    const words = text.slice(begin, end), fenced = words.match(/^```[^\n]*\n([\s\S]*?)\n?```$/)
    const put = fenced ? fenced[1] : '```\n' + words + '\n```'
    type(area, begin, end, put, begin, begin + put.length)
  }

  /* A link: its words, and the address to type or paste over */
  const ADDRESS = /^https?:\/\/\S+$/i, LINK = /(?<!!)\[((?:\\.|[^\]\\\n])*)\]\(([^()\s]*)\)/g
  const link = (area, named) => {
    const { text, from, to } = chosen(area), words = text.slice(from, to)
    const there = [...text.matchAll(LINK)].find(one => one.index <= from && to <= one.index + one[0].length)
    if (there) return type(area, there.index, there.index + there[0].length, there[1], there.index, there.index + there[1].length)
    if (ADDRESS.test(words)) return type(area, from, to, `[${named}](${words})`, from + 1, from + 1 + named.length)
    const put = `[${words.trim() || named}](https://)`
    return words.trim() ? type(area, from, to, put, from + put.length - 9, from + put.length - 1) : type(area, from, to, put, from + 1, from + 1 + named.length)
  }
  document.addEventListener('paste', event => {
    const area = event.target, pasted = ((event.clipboardData && event.clipboardData.getData('text/plain')) || '').trim()
    if (!writes(area) || !ADDRESS.test(pasted) || /[()]/.test(pasted)) return
    const { text, from, to } = chosen(area), words = text.slice(from, to)
    if (!words.trim() || /[\n[\]]/.test(words) || ADDRESS.test(words) || /\]\($/.test(text.slice(0, from))) return
    event.preventDefault()
    const put = `[${words}](${pasted})`
    type(area, from, to, put, from + put.length, from + put.length)
  })

  const ACTS = {
    bold: area => around(area, '*', 2), italic: area => around(area, '*', 1), code, link: (area, named) => link(area, named),
    quote: area => before(area, 'quote'), list: area => before(area, 'list'), 'list-ordered': area => before(area, 'list-ordered'),
  }

  /* Enter in a list or a quotation */
  document.addEventListener('beforeinput', event => {
    const area = event.target
    if (!writes(area) || event.isComposing || !/^insert(LineBreak|Paragraph)$/.test(event.inputType)) return
    const { text, from, to } = chosen(area), begin = lineAt(text, from), lead = text.slice(begin).match(/^(\s*)(>|[-*+]|(\d{1,6})([.)]))( +)(?:\[[ xX]\] )?/)
    if (from !== to || !lead || from < begin + lead[0].length || (text.slice(0, begin).match(/^```/gm) || []).length % 2) return
    event.preventDefault()
    const rest = text.slice(begin + lead[0].length).split('\n')[0]
    if (!rest.trim()) return type(area, begin, begin + lead[0].length + rest.length, '', begin, begin)
    const next = '\n' + lead[1] + (lead[3] ? +lead[3] + 1 + lead[4] : lead[2]) + lead[5] + (lead[0].endsWith('] ') ? '[ ] ' : '')
    type(area, from, to, next, from + next.length, from + next.length)
  })

  /* The signs and the keys */
  const mac = /Mac|iP(hone|ad|od)/.test(navigator.platform)
  const act = (area, kind) => {
    if (composing) { area.blur(); area.focus() } // what is being composed is taken as it stands
    ACTS[kind](area, area.dataset.marked)
  }
  document.addEventListener('keydown', event => {
    const kind = SIGNS.find(([, key]) => key && key.toLowerCase() === event.key.toLowerCase())
    if (!kind || !writes(event.target) || event.isComposing || event.altKey || event.shiftKey || !(mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey)) return
    event.preventDefault()
    act(event.target, kind[0])
  })
  document.addEventListener('pointerdown', event => { if (event.target.closest('[data-marks] button')) event.preventDefault() }) // the words keep the focus, a phone its keyboard
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-marks] button')
    if (button) act(document.getElementById(button.parentElement.dataset.marks), button.dataset.mark)
  })
  document.addEventListener('keydown', event => { // one stop of Tab; the arrows go from sign to sign
    const button = event.target.closest('[data-marks] button'), way = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!button || !way) return
    const all = [...button.parentElement.children], next = all[(all.indexOf(button) + way * (getComputedStyle(button).direction === 'rtl' ? -1 : 1) + all.length) % all.length]
    event.preventDefault()
    all.forEach(one => { one.tabIndex = one === next ? 0 : -1 })
    next.focus()
  })
  const wake = () => document.querySelectorAll('[data-marks]:empty').forEach(place => {
    const sprite = document.querySelector('svg.icon use').getAttribute('href').split('#')[0]
    const names = place.dataset.names.split('|')
    SIGNS.forEach(([kind, key], n) => {
      const keys = key && (mac ? '⌘' : 'Ctrl+') + key, name = names[n]
      place.insertAdjacentHTML('beforeend', `<button class="tool slim" type="button" data-mark="${kind}" tabindex="${n ? -1 : 0}"><svg class="icon" aria-hidden="true"><use href="${sprite}#${kind}"/></svg></button>`)
      const button = place.lastElementChild
      button.setAttribute('aria-label', name)
      button.title = keys ? `${name} (${keys})` : name
      if (key) button.setAttribute('aria-keyshortcuts', (mac ? 'Meta+' : 'Control+') + key)
    })
  })
  document.addEventListener('htmx:afterSettle', wake)
  document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', wake) : wake()
})()
