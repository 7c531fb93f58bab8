// Reading in the browser: a book of one's own, a sample, a book that means harm, one set from top
// to bottom, one from right to left; places, bookmarks and passages that stay.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PLAIN = '9780000099112', CHINESE = '9780000099136', ARABIC = '9780000099143';
const here = fileURLToPath(new URL('.', import.meta.url));

// Who connects to it was sent by a book.
const spy = createServer((socket) => { spied++; socket.destroy(); });
let spied = 0;
const spiedOn = (said) => new Promise((done) => { const socket = connect(spy.address().port, '127.0.0.1', done); socket.on('error', () => {}); socket.end(said); });

export async function bringBooks(shop) {
  await new Promise((ready) => spy.listen(0, '127.0.0.1', ready));
  spy.unref();
  const folder = mkdtempSync(join(tmpdir(), 'colophon-books-'));
  execFileSync('python3', [join(here, 'books.py'), folder, `127.0.0.1:${spy.address().port}`]);
  shop.run(['import', '--shop', 'main', join(folder, 'free.xml')]);
  for (const isbn of [PLAIN, CHINESE, ARABIC]) shop.run(['epub', 'add', isbn, join(folder, isbn + '.epub')]);
  // What buy.mjs buys is a file, too.
  shop.run(['epub', 'add', '9780000050021', join(folder, CHINESE + '.epub')]);
  rmSync(folder, { recursive: true });
}

async function signUp(page, name) {
  await page.goto('/us/sign-up');
  await page.fill('[name=name]', name);
  await page.fill('[name=email]', `${name.toLowerCase()}@readers.example`);
  await page.fill('[name=password]', 'a long enough secret');
  await page.click('main button.btn');
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-up'));
}
async function take(page, isbn, door = '/us') {
  await page.goto(`${door}/books/${isbn}`);
  await page.click('.offer form[action$="/library"] button');
  await page.waitForURL('**/account/library');
}
const opened = (page) => page.waitForSelector('body[data-open="1"]');
// The book lies in frames of a closed tree: the browser knows them all the same.
const shownText = async (page) => (await Promise.all(page.frames().slice(1).map((f) => f.evaluate(() => document.body?.innerText ?? '').catch(() => '')))).join(' ');
const where = (page) => page.textContent('.reader-where');
const until = async (page, condition, what) => {
  for (let tries = 0; tries < 400; tries++) {
    if (await condition()) return;
    await page.waitForTimeout(25);
  }
  assert.fail(what);
};
const kept = (page) => page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/place'));

export async function booksAreRead(visitor, shot) {
  const { context, page } = await visitor();
  const asked = [], wrong = [];
  page.on('requestfinished', (r) => asked.push(r.url()));
  page.on('requestfailed', (r) => { if (r.failure().errorText !== 'csp') asked.push(`${r.url()} ${r.failure().errorText}`); });
  page.on('pageerror', (e) => wrong.push(String(e)));
  await signUp(page, 'Rita');
  await take(page, PLAIN);
  await shot(page, 'library-en');
  await page.click('.own-book a.btn:has-text("Read")');
  await opened(page);
  assert.ok((await shownText(page)).includes('lighthouse'));
  await shot(page, 'reader-en');
  // Not every browser connects where it is told to: so none of it is there.
  const calls = (await Promise.all(page.frames().filter((f) => f.url().startsWith('blob:')).map((f) => f.evaluate(() =>
    [...document.querySelectorAll('link:not([rel=stylesheet][href^="blob:"]), base, meta[http-equiv], script, noscript, template, [srcdoc], [ping]')].map((e) => e.outerHTML))))).flat();
  assert.equal(await page.evaluate(() => fetch(location.href).then((a) => a.headers.get('X-DNS-Prefetch-Control'))), 'off');
  const beginning = await page.inputValue('.reader-place'); // where the first page ends
  // By keyboard on, to the end, back; the focus leaves the book as it came.
  await page.focus('.reader-book');
  const first = kept(page);
  await page.keyboard.press('ArrowRight');
  await until(page, async () => (await page.inputValue('.reader-place')) !== beginning, 'a page is turned');
  assert.equal(await (await first).text(), 'kept');
  await page.keyboard.press('End');
  await until(page, async () => (await where(page)).includes('Of Kings'), 'the end');
  await page.keyboard.press('Home');
  await until(page, async () => (await page.inputValue('.reader-place')) === beginning, 'the beginning');
  await page.keyboard.press('Space');
  await page.keyboard.press('?');
  assert.ok(await page.isVisible('#help'));
  await page.keyboard.press('Escape');
  assert.ok(!(await page.isVisible('#help')));
  assert.equal(await page.evaluate(() => document.activeElement.dataset.panel), 'help');
  // Contents, search, a bookmark, a passage.
  await page.click('[data-panel=contents]');
  await shot(page, 'reader-contents');
  await page.click('#contents a:has-text("Of Kings")');
  await until(page, async () => (await shownText(page)).includes('harbour'), 'the second chapter');
  await page.click('[data-panel=search]');
  await page.fill('#search input', 'lighthouse');
  await page.press('#search input', 'Enter');
  await page.waitForSelector('.reader-hits a');
  assert.equal(await page.textContent('.reader-found'), 'Places found: 1');
  await page.click('[data-panel=marks]');
  await page.click('[data-do=bookmark]');
  await page.waitForSelector('.reader-marks li');
  await page.fill('.reader-marks textarea', 'Come back here');
  await page.click('.reader-marks [data-do=note]');
  await until(page, async () => (await page.textContent('.reader-marked')) === '✓', 'the note is kept');
  const frame = page.frames().find((f) => f.url().startsWith('blob:'));
  await frame.evaluate(() => { const p = document.querySelectorAll('p')[3]; document.getSelection().selectAllChildren(p); });
  await page.click('[data-do=highlight]');
  await until(page, async () => (await page.locator('.reader-marks li').count()) === 2, 'the passage is marked');
  await shot(page, 'reader-marks');
  await page.addScriptTag({ content: '1' }).then(() => assert.fail('a script came in'), () => {}); // nobody's script
  await page.click('[data-panel=look]');
  await page.check('[name=theme][value=sepia]');
  await page.fill('[name=size]', '140');
  await shot(page, 'reader-look');
  await page.check('[name=flow][value=scrolled]');
  await page.keyboard.press('Escape');
  await shot(page, 'reader-scrolled');
  await page.click('[data-panel=look]');
  await page.check('[name=theme][value=dark]');
  await page.check('[name=flow][value=paginated]');
  await page.keyboard.press('Escape');
  await page.focus('.reader-book');
  await page.keyboard.press('Home');
  await until(page, async () => (await where(page)).includes('Of Government'), 'the beginning again');
  const last = kept(page);
  await page.click('[data-do=right]');
  await last;
  const place = await page.inputValue('.reader-place');
  await shot(page, 'reader-dark');
  // Later, from the library: the same place, what was marked, how it looked.
  await page.goto('/us/account/library');
  assert.match(await page.textContent('.own-book'), /\d+ % read/);
  await page.click('.own-book a.btn:has-text("Read on")');
  await opened(page);
  await until(page, async () => Math.abs((await page.inputValue('.reader-place')) - place) < 15, 'the place of before');
  assert.equal(await page.getAttribute('body', 'data-theme'), 'dark');
  await page.click('[data-panel=marks]');
  assert.deepEqual(await page.$$eval('.reader-marks textarea', (all) => all.map((t) => t.value)), ['Come back here', '']);
  await page.locator('.reader-marks [data-do=remove]').first().click();
  await until(page, async () => (await page.locator('.reader-marks li').count()) === 1, 'a mark is removed');
  // Nothing of a book ran, nothing was asked of anybody else, nor was a connection opened; what somebody opens now would have come after it.
  await spiedOn('us');
  await until(page, () => spied > 0, 'our own call is heard');
  assert.equal(spied, 1);
  assert.deepEqual(calls, []);
  assert.equal(await page.title(), 'The Free One | Colophon');
  const hosts = new Set(asked.filter((u) => /^https?:/.test(u)).map((u) => new URL(u).host));
  assert.equal(hosts.size, 1, asked.filter((u) => u.includes('spy')).join(' '));
  assert.deepEqual(wrong, []);
  await context.close();
}

export async function booksRunEveryWay(visitor, shot) {
  const { context, page } = await visitor();
  await signUp(page, 'Wen');
  for (const [isbn, name, door, word] of [[CHINESE, 'zh-vertical', '/us/zh-Hans', '天下'], [ARABIC, 'ar', '/us/ar', 'الزمان']]) {
    await take(page, isbn, door);
    await page.goto(`${door}/read/${isbn}`);
    await opened(page);
    assert.ok((await shownText(page)).includes(word));
    const beginning = Number(await page.inputValue('.reader-place'));
    await page.focus('.reader-book');
    await page.keyboard.press('ArrowLeft'); // on, where a book runs so
    await until(page, async () => Number(await page.inputValue('.reader-place')) > beginning, 'a page is turned');
    await shot(page, `reader-${name}`);
  }
  await context.close();
}

export async function samplesAreReadByAnybody(visitor, shot) {
  const { context, page } = await visitor({ viewport: { width: 390, height: 800 } });
  await page.goto(`/us/books/${PLAIN}/sample`);
  await page.click('a:has-text("Open it in the reader")');
  await opened(page);
  assert.ok((await shownText(page)).includes('lighthouse'));
  await shot(page, 'reader-sample-phone');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await page.click('.reader-buy');
  await page.waitForURL(`**/books/${PLAIN}`);
  await context.close();
}

// Under axe, as they are with what is open, at 320 pixels, and without JavaScript.
export async function readingPages(visitor, source) {
  const { context, page } = await visitor();
  await signUp(page, 'Olga');
  await take(page, PLAIN);
  const check = async (what) => {
    const { violations } = await page.evaluate((code) => { (0, eval)(code); return axe.run(document, { iframes: false }); }, source);
    assert.deepEqual(violations.map((v) => `${what}: ${v.id}: ${v.nodes[0].html.slice(0, 120)}`), []);
  };
  const cdp = await context.newCDPSession(page); // the policy lets no script in but the page's own
  await cdp.send('Page.setBypassCSP', { enabled: true });
  for (const path of ['/us/account/library', '/us/account/reading', `/us/read/${PLAIN}`, `/us/read/${PLAIN}/sample`]) {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(path);
    if (path.includes('/read/')) await opened(page);
    await check(path);
    for (const panel of await page.$$eval('[data-panel]', (all) => all.map((b) => b.dataset.panel))) {
      await page.click(`[data-panel=${panel}]`);
      await check(`${path} ${panel}`);
    }
    await page.setViewportSize({ width: 320, height: 640 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} at 320 pixels`);
  }
  await context.close();
}
