// Lets this browser be called: asks it, and sends what it gave as an ordinary form.
const form = document.querySelector('form[data-push]')
const bytes = words => Uint8Array.from(atob(words.replaceAll('-', '+').replaceAll('_', '/')), one => one.charCodeAt(0))
const word = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
if (form && 'serviceWorker' in navigator && 'PushManager' in window) {
  form.hidden = false
  document.querySelector('[data-push-no]').hidden = true
  form.addEventListener('submit', async event => {
    if (form.elements.endpoint.value) return
    event.preventDefault()
    try {
      const worker = await navigator.serviceWorker.register('/sw.js')
      const given = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) })
      form.elements.endpoint.value = given.endpoint
      form.elements.p256dh.value = word(given.getKey('p256dh'))
      form.elements.auth.value = word(given.getKey('auth'))
      form.submit()
    } catch {
      document.querySelector('[data-push-refused]').hidden = false
    }
  })
}
