// The reader in the browser: what stands around foliate-js. The page says where the book is, which
// of its places is the reader's, and in which words; this asks our own server and nobody else.
const body = document.body, data = body.dataset;
const $ = name => document.querySelector(name), $$ = name => [...document.querySelectorAll(name)];
const box = $('.reader-book'), state = $('.reader-state'), where = $('.reader-where'), slider = $('.reader-place');
const sample = data.book === '';
const HALF_PERCENT = 0.005;
const { lang } = document.documentElement;
const percent = new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 0 });
const number = new Intl.NumberFormat(lang);
const fill = (text, value) => text.replace('%1', value);

// ---- a sample as a book: its chapters are pages of ours

async function chapterOf(url, title) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const text = page.querySelector('.sample');
  const made = document.implementation.createHTMLDocument(title);
  made.documentElement.lang = text.lang || data.lang;
  if (text.dir === 'rtl') made.documentElement.dir = 'rtl';
  const style = made.createElement('style');
  style.textContent = (data.vertical === '1' ? 'html{writing-mode:vertical-rl}' : '') + 'img{max-width:100%;height:auto}';
  made.head.append(style);
  for (const image of text.querySelectorAll('img[src]')) image.setAttribute('src', new URL(image.getAttribute('src'), answer.url).href);
  made.body.append(...[...text.childNodes].map(node => made.importNode(node, true)));
  return made;
}

function sampleBook() {
  const links = $$('#contents a');
  const last = href => new URL(href, links[0].href).pathname.split('/').pop();
  const at = href => links.findIndex(a => last(a.href) === last(href));
  const section = (a, index) => {
    let url = '';
    const createDocument = () => chapterOf(a.href, a.textContent);
    return {
      id: String(index), size: 1500, linear: 'yes', createDocument,
      load: async () => (url ||= URL.createObjectURL(new Blob(['<!DOCTYPE html>' + (await createDocument()).documentElement.outerHTML], { type: 'text/html' }))),
      unload: () => { URL.revokeObjectURL(url); url = ''; },
      resolveHref: href => (at(href) >= 0 ? String(at(href)) : href),
    };
  };
  return {
    metadata: { title: document.title, language: data.lang }, dir: data.rtl === '1' ? 'rtl' : 'ltr',
    sections: links.map(section), toc: links.map((a, i) => ({ label: a.textContent, href: String(i) })),
    splitTOCHref: href => [href, null], getTOCFragment: doc => doc.documentElement,
    resolveHref: href => ({ index: Number(href), anchor: () => 0 }), isExternal: href => !/^\d+$/.test(href),
  };
}

// ---- what a book's documents may ask for: nothing

// A policy of contents stops loads, not names that are looked up nor connections that are opened ahead
// of them: what asks for those goes out of every document before it is shown, and with it what a
// browser would read another way than we do here.
const CALLS = 'link, base, meta[http-equiv], script, noscript, template, [srcdoc], [ping]';
const isStyle = element => element.localName === 'link' && element.getAttribute('rel')?.trim().toLowerCase() === 'stylesheet' && element.getAttribute('href')?.startsWith('blob:');
function tamed(text, type) {
  for (let tries = 0; tries < 5; tries++) {
    const read = new DOMParser().parseFromString(text, type);
    const found = [...read.querySelectorAll(CALLS)].filter(element => !isStyle(element));
    if (read.querySelector('parsererror')) break;
    if (!found.length) return text;
    for (const element of found) {
      if (!element.matches('link, base, meta, script, noscript, template')) for (const name of ['srcdoc', 'ping']) element.removeAttribute(name);
      else element.remove();
    }
    text = type === 'text/html' ? `<!DOCTYPE html>${read.documentElement.outerHTML}` : new XMLSerializer().serializeToString(read);
  }
  return '';
}
function tame(book) {
  book.transformTarget?.addEventListener('data', ({ detail }) => {
    const { data, type } = detail;
    if (!['application/xhtml+xml', 'text/html', 'image/svg+xml'].includes(type)) return;
    detail.data = Promise.resolve(data).then(async given => tamed(typeof given === 'string' ? given : await given.text(), type));
    if (type === 'text/html') detail.type = 'text/html;charset=utf-8'; // what said so has gone
  });
}

// ---- how it looks

const themes = { light: ['#fbf9f4', '#1d1b18', '#14524d'], sepia: ['#f3e7cf', '#3b2a17', '#6b3a12'], dark: ['#171614', '#ece7dd', '#7fc4b8'], contrast: ['#000000', '#ffffff', '#ffe680'] };
const look = $('.reader-look');
const darkly = matchMedia('(prefers-color-scheme: dark)');
const chosen = () => ({ size: look.size.value, spacing: look.spacing.value, theme: look.theme.value, flow: look.flow.value, justify: look.justify.checked, plain: look.plain.checked });

function remember() { try { localStorage.setItem('reader', JSON.stringify(chosen())); } catch { /* it is kept for this page */ } }
function recall() {
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem('reader')) ?? {}; } catch { /* as it comes */ }
  for (const name of ['size', 'spacing', 'theme', 'flow']) if (kept[name] !== undefined) look[name].value = kept[name];
  for (const name of ['justify', 'plain']) look[name].checked = kept[name] === true;
}

function styles(c, theme) {
  const [paper, ink, act] = themes[theme];
  return `html { font-family: "Iowan Old Style", "Palatino Linotype", "EB Garamond", Palatino, "Source Han Serif SC", "Noto Serif CJK SC", "Noto Naskh Arabic", Georgia, serif; font-size: ${c.size}% !important; background: ${paper} !important; color: ${ink} !important; color-scheme: ${theme === 'light' || theme === 'sepia' ? 'light' : 'dark'}; --theme-bg-color: ${paper}; }
body { background: none !important; color: ${ink} !important; }
${theme === 'light' ? '' : `body *:not(img, svg, svg *, video) { color: inherit !important; background-color: transparent !important; border-color: currentColor; }`}
a:any-link { color: ${act} !important; }
p, li, dd, blockquote { line-height: ${c.spacing / 100}${c.plain ? ' !important' : ''}; ${c.justify ? 'text-align: justify; hyphens: auto;' : ''} }
${c.plain ? 'body * { font-family: inherit !important; } p { margin-block: 0 .6em !important; text-indent: 0 !important; }' : ''}
pre { white-space: pre-wrap !important; } img, svg { max-width: 100%; }`;
}

function apply(view) {
  const c = chosen();
  const theme = c.theme === 'auto' ? (darkly.matches ? 'dark' : 'light') : c.theme;
  body.dataset.theme = theme;
  view.renderer.setAttribute('flow', c.flow);
  view.renderer.setStyles?.(styles(c, theme));
}

// ---- what the server keeps

async function tell(place, fields) {
  const answer = await fetch(data.act + place, { method: 'POST', body: new URLSearchParams({ ...fields, token: data.token }), keepalive: true });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.text()).trim();
}
const millionths = fraction => String(Math.min(1000000, Math.max(0, Math.round(fraction * 1000000))));

let timer = 0, told = '', moved = false;
function tellPlace(view) {
  clearTimeout(timer);
  const at = view.lastLocation;
  if (sample || !moved || !at?.cfi || at.cfi === told) return;
  told = at.cfi;
  tell('place', { place: millionths(at.fraction), locator: at.cfi }).catch(() => { told = ''; });
}

// ---- panels

function close(back) {
  for (const button of $$('[data-panel]')) {
    if (button.getAttribute('aria-expanded') === 'true' && back) button.focus();
    button.setAttribute('aria-expanded', 'false');
    document.getElementById(button.dataset.panel).hidden = true;
  }
}
function toggle(name) {
  const button = $(`[data-panel=${name}]`), panel = document.getElementById(name), open = panel.hidden;
  close(false);
  panel.hidden = !open;
  button.setAttribute('aria-expanded', String(open));
  if (open) (panel.querySelector('input, a, button') ?? button).focus();
  else button.focus();
}

function listContents(view, items, into) {
  const list = document.createElement('ol');
  for (const item of items ?? []) {
    const li = document.createElement('li'), a = document.createElement('a');
    a.textContent = item.label?.trim() || '…';
    a.href = '#';
    a.dataset.href = item.href ?? '';
    a.addEventListener('click', event => { event.preventDefault(); close(false); box.focus(); view.goTo(item.href); });
    li.append(a);
    if (item.subitems?.length) listContents(view, item.subitems, li);
    list.append(li);
  }
  into.append(list);
}

// ---- marks

function showMark(view, mark) {
  const li = $('#mark').content.firstElementChild.cloneNode(true);
  const [go, note, keep, remove] = [li.querySelector('[data-do=go]'), li.querySelector('textarea'), li.querySelector('[data-do=note]'), li.querySelector('[data-do=remove]')];
  const said = $('.reader-marked');
  go.textContent = `${percent.format(mark.place / 1000000)} ${mark.excerpt}`;
  go.addEventListener('click', () => { close(false); box.focus(); view.goTo(mark.locator); });
  note.value = mark.note;
  keep.addEventListener('click', () => tell(`marks/${mark.id}`, { note: note.value }).then(() => { mark.note = note.value; said.textContent = '✓'; }, () => { said.textContent = said.dataset.failed; }));
  remove.addEventListener('click', () => tell(`marks/${mark.id}`, { remove: '1' }).then(() => {
    li.remove();
    marks.delete(mark);
    if (mark.kind === 'highlight') view.deleteAnnotation({ value: mark.locator });
    $('[data-panel=marks]').focus();
  }, () => { said.textContent = said.dataset.failed; }));
  $('.reader-marks').append(li);
}
const marks = new Set();

async function addMark(view, kind, locator, excerpt) {
  const at = view.lastLocation;
  const mark = { kind, locator, excerpt: [...excerpt.replace(/\s+/g, ' ').trim()].slice(0, kind === 'bookmark' ? 100 : 1000).join(''), note: '', place: Number(millionths(at?.fraction ?? 0)) };
  const said = $('.reader-marked');
  try {
    mark.id = await tell('marks', { kind, locator, excerpt: mark.excerpt, place: String(mark.place) });
    marks.add(mark);
    showMark(view, mark);
    said.textContent = '✓';
    if (kind === 'highlight') view.addAnnotation({ value: locator });
  } catch { said.textContent = said.dataset.failed; }
}

function selection(view) {
  for (const { doc, index } of view.renderer.getContents()) {
    const range = doc.getSelection()?.rangeCount ? doc.getSelection().getRangeAt(0) : null;
    if (range && !range.collapsed) return { range, index };
  }
  return null;
}

function setUpMarks(view, Overlayer) {
  for (const li of $$('.reader-marks > li')) {
    const mark = { id: li.dataset.id, kind: li.dataset.kind, locator: li.dataset.locator, place: Number(li.dataset.place), excerpt: li.querySelector('q').textContent, note: li.querySelector('p').textContent };
    li.remove();
    marks.add(mark);
    showMark(view, mark);
  }
  view.addEventListener('create-overlay', ({ detail: { index } }) => {
    for (const mark of marks) if (mark.kind === 'highlight' && view.resolveNavigation(mark.locator)?.index === index) view.addAnnotation({ value: mark.locator });
  });
  view.addEventListener('draw-annotation', ({ detail: { draw } }) => draw(Overlayer.highlight, { color: '#d9a45a' }));
  let last = null; // a button takes the focus, and some browsers the selection with it
  const note = () => { last = selection(view) ?? last; };
  view.addEventListener('load', ({ detail: { doc } }) => doc.addEventListener('selectionchange', note));
  $('[data-do=bookmark]').addEventListener('click', () => { const at = view.lastLocation; if (at) addMark(view, 'bookmark', at.cfi, at.range?.toString() ?? ''); });
  $('[data-do=highlight]').addEventListener('click', () => {
    const found = selection(view) ?? last;
    last = null;
    if (!found) { $('.reader-marked').textContent = $('.reader-marked').dataset.none; return; }
    addMark(view, 'highlight', view.getCFI(found.index, found.range), found.range.toString());
    view.deselect();
  });
}

// ---- search

let searches = 0;
async function search(view, query) {
  const mine = ++searches, hits = $('.reader-hits'), said = $('.reader-found');
  const MOST = 300;
  let n = 0;
  hits.replaceChildren();
  view.clearSearch();
  if (!query.trim()) { said.textContent = ''; return; }
  for await (const found of view.search({ query })) {
    if (mine !== searches) return;
    if (found === 'done' || n >= MOST) break;
    for (const { cfi, excerpt } of found.subitems ?? []) {
      if (n >= MOST) break;
      n++;
      const li = document.createElement('li'), a = document.createElement('a'), b = document.createElement('b');
      b.textContent = excerpt.match;
      a.href = '#';
      a.append(excerpt.pre, b, excerpt.post);
      a.addEventListener('click', event => { event.preventDefault(); if (innerWidth < 640) close(false); view.goTo(cfi); });
      li.append(a);
      hits.append(li);
    }
  }
  said.textContent = n === 0 ? said.dataset.none : fill(said.dataset.many, number.format(n));
}

// ---- keys

function onKey(view, event) {
  if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (event.key === 'Escape') { close(true); return; }
  const { target } = event;
  if (target.closest?.('input, textarea, select, .reader-panel')) return;
  if (event.key === '?') { event.preventDefault(); toggle('help'); return; }
  if (event.key === ' ' && target.closest?.('button, a, summary')) return;
  const scrolled = look.flow.value === 'scrolled';
  const acts = {
    ArrowLeft: () => view.goLeft(), ArrowRight: () => view.goRight(), PageUp: () => view.prev(), PageDown: () => view.next(),
    ' ': () => (event.shiftKey ? view.prev() : view.next()), Home: () => view.goToFraction(0), End: () => view.goToFraction(0.99999),
  };
  if (!scrolled) Object.assign(acts, { ArrowUp: () => view.prev(), ArrowDown: () => view.next() });
  if (!acts[event.key]) return;
  event.preventDefault();
  moved = true;
  acts[event.key]();
}

// ---- where one is

function onRelocate(view, { fraction, tocItem }) {
  slider.value = Math.round(fraction * 1000);
  slider.setAttribute('aria-valuetext', percent.format(fraction));
  where.textContent = [percent.format(fraction), tocItem?.label?.trim()].filter(Boolean).join(' · ');
  for (const a of $$('#contents a[data-href]')) a.toggleAttribute('aria-current', a.dataset.href === tocItem?.href);
  clearTimeout(timer);
  timer = setTimeout(() => tellPlace(view), 1500);
}

function askToJump(view) {
  const far = Number(data.latestPlace) / 1000000, here = Number(data.ownPlace) / 1000000;
  if (!data.latest || data.latest === 'web' || Math.abs(far - here) < HALF_PERCENT) return;
  if (!data.own) { view.goToFraction(far); return; }
  const ask = $('.reader-ask');
  $('.reader-far').textContent = percent.format(far);
  ask.hidden = false;
  ask.addEventListener('click', ({ target }) => {
    if (!target.dataset.do) return;
    if (target.dataset.do === 'jump') { moved = true; view.goToFraction(far); }
    ask.hidden = true;
    box.focus();
  });
}

async function begin() {
  await import(data.module);
  const { Overlayer } = await import(new URL('overlayer.js', new URL(data.module, location.href)).href);
  recall();
  const view = document.createElement('foliate-view');
  box.append(view);
  await view.open(sample ? sampleBook() : data.book);
  tame(view.book);
  view.addEventListener('relocate', ({ detail }) => onRelocate(view, detail));
  view.addEventListener('load', ({ detail: { doc } }) => {
    doc.addEventListener('keydown', event => onKey(view, event));
    doc.addEventListener('pointerdown', () => { moved = true; close(false); });
  });
  view.addEventListener('external-link', event => { event.preventDefault(); if (/^(https?|mailto):/i.test(event.detail.href)) open(event.detail.href, '_blank', 'noopener,noreferrer'); });
  if (!sample) {
    setUpMarks(view, Overlayer);
    listContents(view, view.book.toc, $('.reader-toc'));
  } else {
    $$('#contents a').forEach((a, i) => { a.dataset.href = String(i); a.addEventListener('click', event => { event.preventDefault(); close(false); view.goTo(String(i)); }); });
  }
  apply(view);
  await view.init({ lastLocation: data.own || null });
  if (!data.own && data.latest === 'web' && data.ownPlace > 0) await view.goToFraction(Math.min(data.ownPlace / 1000000, 0.99999));
  askToJump(view);
  look.addEventListener('input', () => { apply(view); remember(); });
  darkly.addEventListener('change', () => apply(view));
  document.addEventListener('keydown', event => onKey(view, event));
  slider.addEventListener('change', () => { moved = true; view.goToFraction(Math.min(slider.value / 1000, 0.99999)); });
  $('[data-do=left]').addEventListener('click', () => { moved = true; view.goLeft(); });
  $('[data-do=right]').addEventListener('click', () => { moved = true; view.goRight(); });
  for (const button of $$('[data-panel]')) button.addEventListener('click', () => toggle(button.dataset.panel));
  $('.reader-search').addEventListener('submit', event => { event.preventDefault(); search(view, event.target.querySelector('input').value); });
  look.addEventListener('submit', event => event.preventDefault());
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') tellPlace(view); });
  $('.reader-tools').hidden = $('.reader-foot').hidden = false;
  state.textContent = '';
  body.dataset.open = '1';
}

begin().catch(error => {
  console.error(error);
  state.textContent = state.dataset.failed;
});
