/* One live connection for all windows of a browser: over plain HTTP/1.1 it opens six to a host, and each listening window would keep one.
   A window says { hear: ['topic=7', 'bell=1'] } when it is looked at, { hear: [] } when not; it is told { name, data }.
   { name: 'alone' }: one of all these is not open to this reader, so each window listens for itself. */
'use strict'
const windows = new Map() // port -> what it wants to hear
let heard = null, asked = null, lost = false, soon = 0 // the connection that tells, the newest one, whether one broke before the next was there
const tell = (name, data) => windows.forEach((_keys, port) => port.postMessage({ name, data }))
const open = () => {
  const keys = [...new Set([...windows.values()].flat())].sort()
  if (asked !== heard) asked.close() // overtaken before it was open
  asked = null
  if (!keys.length) { if (heard) heard.close(); heard = null; lost = false; return }
  const mine = asked = new EventSource('/live?' + keys.join('&'))
  mine.addEventListener('open', () => {
    if (mine === heard) return tell('back')
    if (heard) lost = lost || heard.readyState !== EventSource.OPEN
    if (heard) heard.close() // only now: what happened meanwhile was told by it
    heard = mine
    tell('open')
    if (lost) tell('back')
    lost = false
  })
  for (const name of ['topic', 'space', 'bell', 'missed']) mine.addEventListener(name, event => { if (mine === heard) tell(name, event.data) })
  mine.addEventListener('error', () => {
    if (mine.readyState !== EventSource.CLOSED) return
    if (mine === heard) { heard = null; lost = true }
    if (mine !== asked) return
    if (heard) heard.close()
    heard = asked = null
    lost = false
    tell('alone')
    windows.clear()
  })
}
addEventListener('connect', event => {
  const port = event.ports[0]
  port.onmessage = ({ data }) => {
    if (data.hear.length) windows.set(port, data.hear)
    else windows.delete(port)
    if (!data.hear.length && windows.size) return // somebody else's window: it stays as it is, and whoever just came is not forgotten
    clearTimeout(soon) // who goes to another page leaves and comes: one change. Whoever comes may have signed in anew: it is opened again
    soon = setTimeout(open, 60)
  }
})
