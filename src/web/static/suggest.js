// Suggestions while typing: the pattern of a combobox with a list. Without this script the
// form is a search like any other.
'use strict';
(() => {
  const input = document.querySelector('input[data-suggest]');
  if (!input) return;
  const list = document.createElement('ul');
  const said = document.createElement('p');
  let options = [], active = -1, timer = 0, asked = null, last = '';

  input.type = 'text';
  const attributes = { role: 'combobox', autocomplete: 'off', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': 'suggestions', enterkeyhint: 'search' };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  list.id = 'suggestions';
  list.className = 'suggestions';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', input.dataset.said);
  list.hidden = true;
  said.className = 'sr';
  said.setAttribute('role', 'status');
  input.form.append(list, said);

  function choose(at) {
    if (active >= 0) options[active].removeAttribute('aria-selected');
    active = at;
    if (at < 0) {
      input.removeAttribute('aria-activedescendant');
      return;
    }
    options[at].setAttribute('aria-selected', 'true');
    options[at].scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', options[at].id);
  }

  function close() {
    choose(-1);
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    said.textContent = '';
  }

  function option(at, [, texts, notes, urls, more]) {
    const item = document.createElement('li');
    item.id = 'suggestion-' + at;
    item.setAttribute('role', 'option');
    const url = new URL(urls[at]);
    item.dataset.url = url.pathname + url.search; // on this very server, by whatever name
    const text = document.createElement('bdi');
    text.textContent = texts[at];
    if (more.languages[at]) text.lang = more.languages[at];
    item.append(text);
    if (notes[at]) {
      const note = document.createElement('bdi');
      note.className = 'soft';
      note.textContent = notes[at];
      item.append(' ', note);
    }
    return item;
  }

  function show(answer) {
    choose(-1);
    options = answer[1].map((_, at) => option(at, answer));
    const kept = answer[4].withheld; // said in its place, with the way to why
    if (kept) options.push(option(options.length, [, [...answer[1], kept.text], [], [...answer[3], new URL(kept.url, location).href], { languages: [] }]));
    if (kept) options.at(-1).classList.add('kept');
    list.replaceChildren(...options);
    if (options.length === 0) {
      close();
      return;
    }
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    said.textContent = input.dataset.said + ': ' + options.length;
  }

  async function ask() {
    const typed = input.value.trim();
    if (typed === last) return;
    last = typed;
    asked?.abort();
    if (!typed) {
      close();
      return;
    }
    asked = new AbortController();
    try {
      const answer = await fetch(input.dataset.suggest + '?q=' + encodeURIComponent(typed), { signal: asked.signal });
      if (answer.ok && document.activeElement === input) show(await answer.json());
    } catch {
      // Given up, or the shop does not answer: there is still the form.
    }
  }

  input.addEventListener('input', (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener('compositionend', ask);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || list.hidden) return;
    const n = options.length;
    if (event.key === 'ArrowDown') choose(active === n - 1 ? -1 : active + 1);
    else if (event.key === 'ArrowUp') choose(active === -1 ? n - 1 : active - 1);
    else if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && active >= 0) location.assign(options[active].dataset.url);
    else return;
    event.preventDefault();
  });
  list.addEventListener('pointerdown', (event) => event.preventDefault()); // the focus stays
  list.addEventListener('click', (event) => {
    const item = event.target.closest('[data-url]');
    if (item) location.assign(item.dataset.url);
  });
  if (input.value !== input.defaultValue) ask(); // typed before this came
})();
