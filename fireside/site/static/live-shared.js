/* One live connection for all windows of a browser: over plain HTTP/1.1 it opens six to a host, and each listening window would keep one.
   A window says { hear: ['topic=7', 'bell=1'] } when it is looked at, { hear: [] } when not; it is told { name, data }.
   { name: 'alone' }: one of all these is not open to this reader, so each window listens for itself. */
'use strict'
const windows = new Map() // port -> what it wants to hear
let source = null, soon = 0
const tell = (name, data) => windows.forEach((_keys, port) => port.postMessage({ name, data }))
const open = () => {
  const keys = [...new Set([...windows.values()].flat())].sort()
  const old = source
  if (!keys.length) { if (old) old.close(); source = null; return }
  const mine = source = new EventSource('/live?' + keys.join('&'))
  let before = false
  mine.addEventListener('open', () => {
    if (mine !== source) return mine.close()
    if (old) old.close() // only now: what happens meanwhile is lost to nobody
    tell(before ? 'back' : 'open')
    before = true
  })
  for (const name of ['topic', 'space', 'bell', 'missed']) mine.addEventListener(name, event => { if (mine === source) tell(name, event.data) })
  mine.addEventListener('error', () => {
    if (mine.readyState !== EventSource.CLOSED) return
    if (old) old.close()
    if (mine !== source) return
    source = null
    tell('alone')
    windows.clear()
  })
}
addEventListener('connect', event => {
  const port = event.ports[0]
  port.onmessage = ({ data }) => {
    if (data.hear.length) windows.set(port, data.hear)
    else windows.delete(port)
    clearTimeout(soon) // who goes to another page leaves and comes: one change. Whoever comes may have signed in anew: it is opened again
    if (data.hear.length || !windows.size) soon = setTimeout(open, 60)
  }
})
