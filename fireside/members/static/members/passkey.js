/* Passkeys. A form with data-passkey="make" or "use" carries the browser's task in data-options (or fetches it from data-from),
   and is sent with what the browser answered. Without passkeys in this browser its button stays hidden. */
(() => {
  'use strict'
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), sign => sign.charCodeAt(0))
  const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
  const keys = list => (list || []).map(key => ({ ...key, id: bytes(key.id) }))

  const make = async task => {
    task.challenge = bytes(task.challenge)
    task.user.id = bytes(task.user.id)
    task.excludeCredentials = keys(task.excludeCredentials)
    task.authenticatorSelection = { ...task.authenticatorSelection, residentKey: 'required', requireResidentKey: true, userVerification: 'required' }
    const key = await navigator.credentials.create({ publicKey: task })
    return {
      id: key.id, rawId: text(key.rawId), type: key.type, authenticatorAttachment: key.authenticatorAttachment,
      clientExtensionResults: key.getClientExtensionResults(),
      response: {
        clientDataJSON: text(key.response.clientDataJSON), attestationObject: text(key.response.attestationObject),
        transports: key.response.getTransports ? key.response.getTransports() : []
      }
    }
  }

  const use = async task => {
    task.challenge = bytes(task.challenge)
    task.allowCredentials = keys(task.allowCredentials)
    const key = await navigator.credentials.get({ publicKey: task })
    return {
      id: key.id, rawId: text(key.rawId), type: key.type, authenticatorAttachment: key.authenticatorAttachment,
      clientExtensionResults: key.getClientExtensionResults(),
      response: {
        clientDataJSON: text(key.response.clientDataJSON), authenticatorData: text(key.response.authenticatorData),
        signature: text(key.response.signature), userHandle: key.response.userHandle ? text(key.response.userHandle) : null
      }
    }
  }

  document.querySelectorAll('form[data-passkey]').forEach(form => {
    const button = form.querySelector('button[type="submit"]')
    if (!window.PublicKeyCredential) { form.querySelector('[data-no-passkeys]')?.removeAttribute('hidden'); return }
    button.hidden = false
    form.addEventListener('submit', async event => {
      event.preventDefault()
      const trouble = form.querySelector('[data-trouble]')
      trouble.hidden = true
      try {
        let task = form.dataset.options && JSON.parse(form.dataset.options)
        if (!task) {
          const answer = await fetch(form.dataset.from, { headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' } })
          if (!answer.ok) throw new Error(String(answer.status))
          task = (await answer.json()).request_options
        }
        form.credential.value = JSON.stringify(await (form.dataset.passkey === 'make' ? make : use)(structuredClone(task.publicKey)))
        form.submit()
      } catch (error) {
        button.removeAttribute('aria-busy')
        trouble.hidden = false
        trouble.focus()
      }
    })
  })
})()
