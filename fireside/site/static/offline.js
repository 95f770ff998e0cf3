/* The page for no connection: it lists what is kept on this device, and goes on by itself when the connection is back. */
(() => {
  'use strict'
  const theme = (document.cookie.split('; ').find(pair => pair.startsWith('theme=')) || '').slice(6)
  if (theme) document.documentElement.dataset.theme = theme
  try { sessionStorage.removeItem('leaving') } catch { /* no store */ } // what was on its way did not arrive
  const list = document.getElementById('kept'), none = document.getElementById('none')
  const found = (() => { try { return Object.keys(localStorage).filter(name => name.startsWith('kept:')).map(name => JSON.parse(localStorage.getItem(name))) } catch { return [] } })()
  for (const one of found.flat().filter(one => one && one.text)) {
    const row = document.createElement('li'), words = document.createElement('p')
    row.className = 'pad'
    words.dir = 'auto'
    words.className = 'kept-words'
    words.textContent = ((one.title ? one.title + '\n' : '') + one.text).slice(0, 300)
    row.append(words)
    list.append(row)
  }
  const some = list.children.length > 0
  list.closest('section').hidden = !some
  none.hidden = some
  const again = () => location.reload()
  document.getElementById('again').addEventListener('click', again)
  addEventListener('online', again)
})()
