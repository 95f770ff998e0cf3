/* Files that another app shared wait on this device (site/static/worker.js). data-holds="ID" shows them; data-held="ID" (a form) puts them
   into its words as if they had just been chosen. They leave the device when the form is sent, or after a day. */
(async () => {
  'use strict'
  const place = document.querySelector('[data-holds], [data-held]')
  if (!place || !window.caches) return
  const id = place.dataset.holds || place.dataset.held, store = await caches.open('shared')
  const keys = (await store.keys()).filter(one => new URL(one.url).pathname.startsWith(`/shared/${id}/`))
  const held = await Promise.all(keys.map(key => store.match(key)))
  const files = [], whole = []
  for (const [n, one] of held.entries()) {
    if (keys[n].url.endsWith('/text')) whole.push(await one.text())
    else { const blob = await one.blob(); files.push(new File([blob], decodeURIComponent(one.headers.get('X-Name')) || 'picture', { type: blob.type })) }
  }
  if (place.dataset.holds) {
    for (const file of files) {
      const picture = document.createElement('img'), address = URL.createObjectURL(file)
      picture.className = 'thumb'; picture.alt = file.name; picture.src = address
      picture.onload = () => URL.revokeObjectURL(address)
      place.append(picture)
    }
    place.hidden = !files.length
    return
  }
  const area = place.elements.text
  for (const words of whole) {
    const begun = words.slice(0, 900).trim()
    if (!area.value.includes(words.trim()) && area.value.includes(begun)) {
      const at = area.value.indexOf(begun), line = area.value.slice(at).search(/\n\nhttps?:\/\/\S+$/)
      area.setRangeText(words.trim(), at, line < 0 ? area.value.length : at + line, 'end')
      area.dispatchEvent(new Event('input', { bubbles: true }))
    }
  }
  place.addEventListener('submit', () => keys.forEach(key => store.delete(key)))
  const once = 'given:' + id
  try { if (sessionStorage.getItem(once)) return; sessionStorage.setItem(once, '1') } catch { /* no store: they are chosen again when the page is loaded again */ }
  const field = place.querySelector(`[data-gives="${area.id}"]`)
  if (!files.length || !field) return
  const chosen = new DataTransfer()
  files.forEach(file => chosen.items.add(file))
  field.files = chosen.files
  field.dispatchEvent(new Event('change', { bubbles: true }))
})()
