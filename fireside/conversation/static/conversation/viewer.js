/* A picture in a post opens over the page, with all pictures of the page beside it: a finger, the arrow keys or the signs below lead on; Esc, the cross and
   the way back of a phone close it. Nothing leaves the page, as an app on a home screen has no way back. Without scripts it opens as a file. */
(() => {
  'use strict'
  const { icons, words } = document.currentScript.dataset // words: of the pictures, the one before, the next, saving, closing
  const all = () => [...document.querySelectorAll('.prose a.picture')]
  let dialog = null, row = null, links = [], seen = 0
  const at = () => Math.round(row.scrollLeft / row.clientWidth)
  const show = which => row.scrollTo({ left: which * row.clientWidth, behavior: 'instant' })
  const tell = () => {
    if (!dialog.open) return
    const now = seen = Math.min(at(), links.length - 1)
    dialog.querySelector('[role=status]').textContent = (now + 1) + ' / ' + links.length
    dialog.querySelector('a[download]').href = links[now].href
    dialog.querySelectorAll('[data-step]').forEach(button => {
      const none = !links[now + Number(button.dataset.step)]
      if (none && button === document.activeElement) row.focus() // what cannot be pressed hears no keys
      button.disabled = none
    })
  }
  const make = () => {
    const said = words.split('|'), icon = name => `<svg class="icon" aria-hidden="true"><use href="${icons}#${name}"/></svg>`
    dialog = document.createElement('dialog')
    dialog.className = 'viewer'
    dialog.innerHTML = `<div class="viewer-row" role="group" tabindex="0"></div><div class="viewer-bar"><button class="tool" type="button" data-step="-1">${icon('chevron-left')}</button><span class="num" role="status"></span><button class="tool" type="button" data-step="1">${icon('chevron-right')}</button><a class="tool" download>${icon('download')}</a><button class="tool" type="button" data-closes>${icon('x')}</button></div>`
    dialog.setAttribute('aria-label', said[0])
    row = dialog.querySelector('.viewer-row')
    row.setAttribute('aria-label', said[0])
    dialog.querySelectorAll('.tool').forEach((tool, n) => tool.setAttribute('aria-label', said[n + 1]))
    document.body.append(dialog)
    let wait = 0
    row.addEventListener('scroll', () => { clearTimeout(wait); wait = setTimeout(tell, 80) })
    dialog.addEventListener('click', event => {
      const step = event.target.closest('[data-step]')
      if (step) show(at() + Number(step.dataset.step))
      else if (event.target.matches('figure')) dialog.close()
    })
    dialog.addEventListener('keydown', event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
      if (step) { event.preventDefault(); show(at() + step) }
    })
    dialog.addEventListener('close', () => {
      const link = links[seen]
      row.replaceChildren()
      if (history.state && history.state.viewer) history.back()
      if (link) link.focus({ preventScroll: true })
    })
    addEventListener('popstate', () => { if (dialog.open) dialog.close() })
    addEventListener('resize', () => { if (dialog.open) show(seen) })
  }
  const open = link => {
    if (!dialog) make()
    links = all()
    row.replaceChildren(...links.map(one => {
      const figure = document.createElement('figure'), picture = document.createElement('img'), small = one.querySelector('img')
      picture.src = (small.srcset || small.src).split(',').pop().trim().split(' ')[0]
      picture.alt = small.alt
      picture.loading = 'lazy'
      figure.append(picture)
      if (small.alt) { const said = document.createElement('figcaption'); said.dir = 'auto'; said.textContent = small.alt; said.ariaHidden = 'true'; figure.append(said) }
      return figure
    }))
    history.pushState({ viewer: true }, '')
    dialog.showModal()
    show(links.indexOf(link))
    tell()
    row.focus()
  }
  document.addEventListener('click', event => {
    const link = event.target.closest && event.target.closest('.prose a.picture')
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    open(link)
  })
})()
