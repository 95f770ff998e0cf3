/* What a page listens to, over one connection for all windows of this browser (live-shared.js); where browsers cannot share, over one of its
   own. Nothing is heard while nobody looks.
   live.hear('topic=7', { topic: heard, missed: heard, back: again }): `back` when the page is looked at again, or the line was down. */
window.live = (() => {
  'use strict'
  const told = new Map(), shared = document.currentScript.dataset.shared
  let source = null, port = null, alone = !window.SharedWorker || !shared, before = false
  const about = (name, key, data) => {
    if (name !== 'topic' && name !== 'space') return name !== 'bell' || key === 'bell=1'
    const line = JSON.parse(data || '{}')
    return key === name + '=' + (name === 'topic' ? line.parent || line.target : line.space)
  }
  const tell = (name, event) => [...told].forEach(([key, ways]) => ways[name] && about(name, key, event && event.data) && ways[name](event))
  const opened = () => { if (before) tell('back'); before = true }
  const listening = () => source || port
  const shut = () => {
    if (source) { source.close(); source = null }
    if (port) { port.postMessage({ hear: [] }); port.close(); port = null }
  }
  const byMyself = () => { alone = true; shut(); open() }
  const share = () => {
    let worker = null
    try { worker = new SharedWorker(shared) } catch { return byMyself() } // a browser that is to keep nothing of this site
    const mine = port = worker.port
    let here = false
    const leave = () => { if (mine === port && !here) byMyself() }
    worker.onerror = leave // an upgrade took its file away
    setTimeout(leave, 7000) // and not every browser tells the second window so
    mine.onmessage = ({ data: { name, data } }) => {
      if (mine !== port) return
      if (name === 'alone') byMyself()
      else if (name === 'open') { if (!here) opened(); here = true }
      else tell(name, { data })
    }
    mine.postMessage({ hear: [...told.keys()] })
  }
  const open = () => {
    if (listening() || document.hidden || !window.EventSource || !told.size) return
    if (!alone) return share()
    const mine = source = new EventSource('/live?' + [...told.keys()].join('&'))
    mine.addEventListener('open', opened)
    for (const name of ['topic', 'space', 'bell', 'missed']) mine.addEventListener(name, event => tell(name, event))
    mine.addEventListener('error', async () => {
      if (mine.readyState !== EventSource.CLOSED || mine !== source) return
      const asked = new AbortController() // an EventSource does not tell why
      const status = await fetch(mine.url, { signal: asked.signal }).then(answer => answer.status, () => 0)
      asked.abort()
      if (mine !== source) return
      shut()
      if (status < 400 || status === 429 || status >= 500) return setTimeout(open, 5000 + 5000 * Math.random()) // the house is being upgraded
      const keys = [...told.keys()]
      keys.forEach(key => { if (key !== 'bell=1' || keys.length === 1) told.delete(key) })
      open() // one of them is no longer open to this reader; the bell may be
    })
  }
  document.addEventListener('visibilitychange', () => { document.hidden ? shut() : open() })
  addEventListener('pagehide', shut)
  addEventListener('pageshow', open) // after every script of the page has said what it wants to hear
  return { hear: (key, ways) => { told.set(key, ways); if (listening()) { shut(); open() } } }
})()
