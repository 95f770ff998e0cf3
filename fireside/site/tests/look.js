/* What a page is looked at for, in the page itself: one call answers all of it, so that a page is loaded once and not asked fifty times.
   Each function gives a list of sentences; an empty list is what we want. Read by tour.py; axe.js stands beside it. */
window.look = (() => {
  const all = (what, root) => [...(root || document).querySelectorAll(what)]
  const short = (one, most = 120) => one.outerHTML.replace(/\s+/g, ' ').slice(0, most)
  const wide = () => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)
  const shown = one => { const box = one.getBoundingClientRect(); return box.width && box.height && getComputedStyle(one).visibility !== 'hidden' }
  const sideways = '.scroll, .filters, .switcher, .prose table, .prose pre' // what may be moved sideways inside its own box
  const beyond = most => all('body *').filter(one => one.getBoundingClientRect().right > most + 1 && !one.closest(sideways)).slice(0, 3).map(one => short(one, 90))

  /* What a finger must hit: 44 px, counting the unseen edge that some small controls carry. Links inside sentences are exempt. */
  const small = root => all('a, button, input:not([type=hidden]), select, textarea, summary', root).filter(one => {
    const box = one.getBoundingClientRect()
    if (!box.width || !box.height || (box.width >= 43.5 && box.height >= 43.5)) return false
    const look = getComputedStyle(one), edge = getComputedStyle(one, '::after')
    if (look.visibility === 'hidden' || one.closest('.said, .skip, .prose, .chart, dialog:not([open])')) return false
    if (look.display === 'inline' && one.tagName === 'A') return false
    if (one.closest('details:not([open]) > :not(summary)')) return false
    if (one.matches('[type=checkbox], [type=radio]') && one.closest('label')) return false
    if (one.closest('.topic > .t, .row-link')) return false
    const grown = edge.content !== 'none' && edge.position === 'absolute' ? -2 * parseFloat(edge.top || 0) : 0
    return box.height + Math.max(0, grown) < 43.5 || box.width + Math.max(0, grown) < 43.5
  }).map(one => `${short(one)} ${Math.round(one.getBoundingClientRect().width)}×${Math.round(one.getBoundingClientRect().height)}`)

  /* Nothing leaves the screen, fingers hit what they aim at; the same of all that is folded away, each thing alone. */
  const layout = (most, phone) => {
    const wrong = wide() > most ? [`${wide()} px wide: ${beyond(most)}`] : []
    if (phone) wrong.push(...small().slice(0, 6).map(one => `small: ${one}`))
    for (const fold of all('details:not([open])')) {
      fold.open = true
      if (wide() > most) wrong.push(`${wide()} px wide when open: ${short(fold, 90)}: ${beyond(most)}`)
      if (phone) wrong.push(...small(fold).slice(0, 3).map(one => `small when open: ${one}`))
      fold.open = false
    }
    return wrong
  }

  /* Letters twice as large: no sideways scroll, and no word cut off by the box it stands in; all that folds is unfolded. */
  const large = most => {
    const wrong = wide() > most ? [`200 %: ${wide()} px wide: ${beyond(most)}`] : [], folds = all('details:not([open])')
    folds.forEach(fold => { fold.open = true })
    if (!wrong.length && wide() > most) wrong.push(`200 %, open: ${wide()} px wide: ${beyond(most)}`)
    wrong.push(...cut())
    folds.forEach(fold => { fold.open = false })
    return wrong
  }
  const cut = () => {
    const wrong = []
    for (const one of all('body *')) {
      if (!one.clientWidth || one.closest(`${sideways}, .said, .skip, .clip, dialog:not([open]), svg, textarea, input, select, [aria-hidden=true], [data-clamp]`)) continue
      if (![...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue
      const look = getComputedStyle(one)
      if (look.visibility === 'hidden' || look.position === 'fixed' || look.clipPath === 'inset(50%)') continue // as .said: only heard
      const reach = document.createRange()
      reach.selectNodeContents(one)
      const words = reach.getBoundingClientRect()
      for (let box = one; box && box !== document.body; box = box.parentElement) {
        const style = getComputedStyle(box), edge = box.getBoundingClientRect()
        const keeps = box.matches('.btn, .tab, .tag, .react, .level, .place, .choice') || (style.overflowX !== 'visible' && style.overflowX !== 'auto' && style.overflowX !== 'scroll')
        if (keeps && style.display !== 'inline' && (words.right > edge.right + 1.5 || words.left < edge.left - 1.5 || words.bottom > edge.bottom + 3 && style.overflowY !== 'auto')) { wrong.push(`200 %: cut off: ${short(one, 90)} in ${short(box, 60)}`); break }
        if (style.position === 'fixed' || box.matches(sideways)) break
      }
    }
    return wrong.slice(0, 5)
  }

  /* What those who hear a page need beyond what axe asks for, and what every page promises. */
  const heard = lang => {
    const wrong = [], ids = new Set()
    const heads = all('h1').length
    if (heads !== 1) wrong.push(`${heads} h1`)
    if (document.documentElement.lang.slice(0, 2) !== lang) wrong.push(`lang=${document.documentElement.lang}`)
    if (!document.title.trim()) wrong.push('no title')
    for (const one of all('[id]')) { if (ids.has(one.id)) wrong.push(`twice on the page: ${short(one, 90)}`); ids.add(one.id) }
    const mains = all('.btn.main').filter(one => one.offsetParent && !one.closest('dialog, .head')).length
    if (mains > 1) wrong.push(`${mains} main buttons`)
    return wrong
  }

  /* Words that run from right to left stand in something that keeps them to themselves: dir, <bdi>, plaintext, or the signs for it. */
  const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/
  const apart = () => {
    const wrong = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (!RTL.test(node.data) || node.parentElement.closest('script, style, title, .face')) continue
      const bare = node.data.replace(/[\u2066-\u2068][^\u2069]*\u2069/g, '')
      if (!RTL.test(bare)) continue
      let one = node.parentElement
      while (one && !one.matches('bdi, [dir], option') && getComputedStyle(one).unicodeBidi !== 'plaintext') one = one.parentElement
      if (!one) wrong.push(`turns what stands round it: “${bare.trim().slice(0, 40)}” in ${short(node.parentElement, 90)}`)
    }
    return wrong.slice(0, 5)
  }

  /* Which rules of axe-core run: WCAG 2.0, 2.1 and 2.2 at A and AA, colour contrast and the size of targets among them, and axe's best
     practices (landmarks, order of headings, …). Every violation counts, whatever its weight. */
  const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const axe = async (only) => {
    const found = await window.axe.run(document, { runOnly: only ? { type: 'rule', values: only } : { type: 'tag', values: RULES }, resultTypes: ['violations'], preload: false, iframes: false })
    return found.violations.map(one => `axe: ${one.id} (${one.help}): ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 140) + ' ' + ([...node.any, ...node.all, ...node.none][0] || { message: '' }).message).join(' | ')}`)
  }
  const ground = () => getComputedStyle(document.body).backgroundColor
  const frames = n => new Promise(done => { const next = left => left ? requestAnimationFrame(() => next(left - 1)) : done(); next(n || 2) })
  /* One view of a page that is open: its layout, its ground, axe; and on a phone its letters twice as large. */
  const judge = async (most, phone, expected, twice) => {
    await frames()
    const wrong = layout(most, phone)
    if (ground() !== expected) wrong.push(`ground ${ground()}`)
    wrong.push(...await axe())
    if (twice) {
      document.documentElement.style.fontSize = '200%'
      dispatchEvent(new Event('resize')) // as a browser does
      await frames()
      wrong.push(...large(most))
      document.documentElement.style.fontSize = ''
      dispatchEvent(new Event('resize'))
    }
    return wrong
  }
  return { judge, layout, large, heard, apart, axe, ground, frames, wide }
})()
