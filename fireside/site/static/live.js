/* What a page listens to, over one connection: a browser allows few to a host. Closed while nobody looks.
   live.hear('topic=7', { topic: heard, missed: heard, back: again }): `back` when the page is looked at again, or the line was down. */
window.live = (() => {
  'use strict'
  const told = new Map()
  let source = null, before = false
  const tell = (name, event) => [...told.values()].forEach(ways => ways[name] && ways[name](event))
  const shut = () => { if (source) { source.close(); source = null } }
  const open = () => {
    if (source || document.hidden || !window.EventSource || !told.size) return
    const mine = source = new EventSource('/live?' + [...told.keys()].join('&'))
    mine.addEventListener('open', () => { if (before) tell('back'); before = true })
    for (const name of ['topic', 'space', 'bell', 'missed']) mine.addEventListener(name, event => tell(name, event))
    mine.addEventListener('error', () => {
      if (mine.readyState !== EventSource.CLOSED || mine !== source) return
      shut() // one of them is no longer open to this reader; the bell may be
      for (const key of [...told.keys()]) if (key !== 'bell=1' || told.size === 1) told.delete(key)
      open()
    })
  }
  document.addEventListener('visibilitychange', () => { document.hidden ? shut() : open() })
  addEventListener('pagehide', shut)
  addEventListener('pageshow', open) // after every script of the page has said what it wants to hear
  return { hear: (key, ways) => { told.set(key, ways); if (source) { shut(); open() } } }
})()
