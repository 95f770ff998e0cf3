/* Choosing whom to write to: who is picked from the list becomes a chip, and a press on the chip takes them out. Without scripts names are typed
   with a comma between. Reads data-people, data-chosen, data-drop, data-pick. */
(() => {
  'use strict'
  const form = document.querySelector('[data-people]')
  if (!form) return
  const chosen = form.querySelector('[data-chosen]'), names = form.elements.names, found = document.getElementById('people-found')
  const has = handle => [...chosen.querySelectorAll('input[name=to]')].some(one => one.value === handle)
  const dropping = chip => {
    const name = chip.querySelector('bdi').textContent, button = document.createElement('button')
    button.type = 'button'; button.className = 'tool slim'; button.textContent = '\u00d7'
    button.setAttribute('aria-label', chosen.dataset.drop.replace('{name}', name))
    button.addEventListener('click', () => { chip.remove(); names.focus() })
    chip.append(button)
  }
  chosen.querySelectorAll('.chip-of').forEach(dropping)
  form.addEventListener('click', event => {
    const pick = event.target.closest('[data-pick]')
    if (!pick) return
    if (!has(pick.dataset.pick)) {
      const chip = document.createElement('span'), name = document.createElement('bdi'), input = document.createElement('input')
      chip.className = 'chip-of'; name.textContent = pick.dataset.name
      input.type = 'hidden'; input.name = 'to'; input.value = pick.dataset.pick
      chip.append(pick.querySelector('.face').cloneNode(true), name, input)
      dropping(chip)
      chosen.append(chip)
    }
    names.value = names.value.includes(',') ? names.value.replace(/[^,]*$/, '') : ''
    found.textContent = ''
    names.focus()
  })
  names.addEventListener('keydown', event => {
    const first = found.querySelector('[data-pick]')
    if (event.key === 'Enter' && first) { event.preventDefault(); first.click() }
    if (event.key === 'Backspace' && !names.value && chosen.lastElementChild) chosen.lastElementChild.remove()
  })
})()
