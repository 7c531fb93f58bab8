// The main job as two readers and an operator do it, in English with JavaScript
// and in Chinese without; then every page under axe, light and dark, and on 320
// pixels. Pictures go to shots/.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { checkerWorksOffline } from './checker.mjs';
import { everyWayHolds } from './matrix.mjs';
import { partnerWalks, signInAsPartner, welcomePartner } from './partner.mjs';
import { deskTakesPasskeys, passkeysSignIn, signingInTakesNoScript } from './passkeys.mjs';
import { OPERATOR, openShop } from './shop.mjs';
import { guestBuysPrint, openTill, readerBuysAnEbook, readerSendsBack } from './buy.mjs';
import { booksAreRead, booksRunEveryWay, bringBooks, readingPages, samplesAreReadByAnybody } from './reader.mjs';
import { searchingTakesNoScript, suggestionsAreOffered } from './suggest.mjs';
import { htmlIsValid, javaIsThere, keep, structuredDataIsTrue } from './validity.mjs';
import { pagesAreLight } from './weight.mjs';

const shots = new URL('shots/', import.meta.url).pathname;
const counts = { passed: 0, failed: 0, skipped: 0 };
mkdirSync(shots, { recursive: true });

const shop = await openShop();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

async function test(name, body) {
  const begun = Date.now();
  let said = 'ok';
  try {
    let timer;
    const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error('no end after five minutes')), 300000)));
    await Promise.race([body(), late]).finally(() => clearTimeout(timer));
    counts.passed++;
  } catch (error) {
    counts.failed++;
    said = 'FAILED\n' + (error.stack ?? error);
  }
  console.log(`browser: ${name.padEnd(60)} ${((Date.now() - begun) / 1000).toFixed(2).padStart(6)} s  ${said}`);
}

async function visitor(options = {}) {
  const context = await browser.newContext({ baseURL: shop.url, viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(60000);
  return { context, page: await context.newPage() };
}
const shot = (page, name) => page.screenshot({ path: shots + name + '.png', fullPage: true });

const walks = {
  en: { door: '/us/', search: 'Journey to the West', language: 'en', words: { slip: 'Withheld in this storefront', rated: '5 stars' }, there: '/cn/en', name: 'Ann' },
  zh: { door: '/cn/', search: '西游记', language: 'zh-Hans', words: { slip: '本店面不予显示', rated: '5 星' }, there: '/cn', name: '李明' },
};

// From the printed address to a comment under one's own review.
async function readerWalks(walk, page) {
  await page.goto('/');
  await shot(page, `${walk.language}-1-doors`);
  await page.click(`main a[href="${walk.door}"]`);
  assert.equal(await page.getAttribute('html', 'lang'), walk.language);
  await shot(page, `${walk.language}-2-home`);
  await page.fill('.top input[name=q]', walk.search);
  await page.press('.top input[name=q]', 'Enter');
  await page.waitForSelector('.results');
  await shot(page, `${walk.language}-3-search`);
  await page.click(`.result h3 a:text-is("${walk.search}")`);
  assert.equal(await page.textContent('h1'), walk.search);
  walk.isbn = await page.getAttribute('article.book', 'data-edition');
  await shot(page, `${walk.language}-4-book`);
  await page.click('#reviews a.btn'); // sign in to rate or review
  await page.click('main p a[href*="sign-up"]');
  await page.fill('[name=name]', walk.name);
  await page.fill('[name=email]', `reader-${walk.language}@example.org`);
  await page.fill('[name=password]', 'a long enough secret');
  await shot(page, `${walk.language}-5-sign-up`);
  await page.click('main button.btn');
  // Back where the sign-in was asked for: at the review.
  await page.waitForURL('**/review');
  await shot(page, `${walk.language}-6-write`);
  await page.goto(walk.door + 'books/' + walk.isbn);
  await page.check('.rate [value="5"]');
  await page.click('.rate button');
  assert.ok((await page.textContent('.rating')).includes('5'));
  await page.click('#reviews a.btn[href$="/review"]');
  await page.fill('[name=title]', `Title of ${walk.name}`);
  await page.fill('[name=text]', `CANARY of ${walk.name}: *fine*`);
  await page.selectOption('[name=language]', walk.language);
  await page.click('form.write:has([name=title]) button.btn');
  await page.waitForSelector('.review');
  assert.ok((await page.textContent('.review')).includes(`CANARY of ${walk.name}`));
  await page.click('.review:has-text("CANARY") summary');
  await page.fill('.review [name=text]', `A remark of ${walk.name}`);
  await page.click('.review form.write button.btn');
  await page.waitForSelector('.comment');
  await shot(page, `${walk.language}-7-reviewed`);
}

// What anybody sees of the book; only the head of the Record may differ.
async function seen(path) {
  const text = await fetch(shop.url + path).then((r) => r.text());
  return /<main[^]*<\/main>/.exec(text)[0];
}

async function signInByKeyboard(page) {
  await page.goto('/desk/');
  const focused = () => page.evaluate(() => document.activeElement.getAttribute('name'));
  const tabTo = async (name) => {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab');
      if ((await focused()) === name) return;
    }
    assert.fail(`Tab does not reach ${name}`);
  };
  await tabTo('email');
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineWidth);
  assert.notEqual(outline, '0px', 'focus is visible');
  await page.keyboard.type(OPERATOR.email);
  await tabTo('password');
  await page.keyboard.type(OPERATOR.password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/desk/');
}

async function signIn(page) {
  await page.goto('/desk/');
  await page.fill('[name=email]', OPERATOR.email);
  await page.fill('[name=password]', OPERATOR.password);
  await page.click('main button.btn');
  await page.waitForURL('**/desk/');
}

async function restrict(page) {
  await page.click('a[href="/desk/restrictions/add"]');
  await page.check('[name=target][value=collection]');
  await page.fill('[name=key]', 'four-classics');
  await page.check('[name=storefront][value=cn]');
  for (const feature of ['ratings', 'reviews', 'comments']) await page.check(`[name=feature][value=${feature}]`);
  await page.selectOption('[name=ground]', 'authority-order');
  await page.fill('[name=authority]', 'Example Authority');
  await page.fill('[name=legal_basis]', 'Act 1, § 4');
  await page.fill('[name=reference]', '2026/17');
  await page.fill('[name=reason]', 'We were told to, and say so.');
  await page.fill('[name=until]', '2099-12-31');
  await shot(page, 'desk-add');
  await page.click('form.write button.btn');
  await page.waitForSelector('[data-covers="5"]');
  await shot(page, 'desk-add-look');
  await page.click('form.write button[value=publish]');
  await page.waitForURL('**/record/restrictions/*');
  await shot(page, 'record-restriction');
}

const before = {};
const paths = () => Object.values(walks).flatMap((w) => ['/us/books/', '/us/zh-Hans/books/', '/cn/books/', '/cn/en/books/'].map((p) => p + w.isbn));

await test('a reader goes from the first page to a comment, in English', async () => {
  const { context, page } = await visitor({ locale: 'en-US' });
  await readerWalks(walks.en, page);
  await context.close();
});
await test('the same in Chinese, without JavaScript', async () => {
  const { context, page } = await visitor({ locale: 'zh-CN', javaScriptEnabled: false });
  await readerWalks(walks.zh, page);
  await context.close();
});
await test('the operator signs in by keyboard and restricts a collection', async () => {
  for (const path of paths()) before[path] = await seen(path);
  const { context, page } = await visitor({ locale: 'en-US' });
  await signInByKeyboard(page);
  await restrict(page);
  await context.close();
});
await test('the slip stands in its place there, and nothing changed elsewhere', async () => {
  const { context, page } = await visitor();
  for (const walk of Object.values(walks)) {
    await page.goto(`${walk.there}/books/${walk.isbn}`);
    const slip = page.locator('.body .slip');
    assert.equal(await slip.getAttribute('data-feature'), 'ratings reviews comments');
    assert.ok((await slip.textContent()).includes(walk.words.slip));
    assert.ok((await slip.textContent()).includes('Example Authority'));
    assert.equal(await page.locator('.stars, .histogram, .review, .comment').count(), 0);
    assert.ok(!(await page.content()).includes('CANARY'));
    // Where the stars would stand: below the names, above the description.
    const order = await page.$$eval('.body > *', (all) => all.map((e) => e.className));
    assert.ok(order.indexOf('by') < order.indexOf('slip'));
    await shot(page, `${walk.language}-8-withheld`);
    await page.setViewportSize({ width: 360, height: 800 });
    await shot(page, `${walk.language}-8-withheld-phone`);
    await page.setViewportSize({ width: 1280, height: 900 });
  }
  for (const path of paths().filter((p) => p.startsWith('/us/'))) assert.equal(await seen(path), before[path], path);
  await context.close();
});

const pages = () => [
  '/', '/us/', '/cn/', '/us/subjects/', '/us/subjects/F', '/us/collections/', '/cn/collections/four-classics',
  '/us/search?q=jane', '/cn/search?q=' + encodeURIComponent('西游记'), '/us/search?q=nothing-of-this-kind',
  `/us/books/${walks.en.isbn}`, `/cn/books/${walks.zh.isbn}`, `/cn/books/${walks.zh.isbn}/reviews`, '/us/shops/main',
  '/us/contributors/', '/cn/contributors/', '/us/series/', '/us/publishers/', '/us/series/sherlock-holmes', '/us/contributors/1',
  '/us/sign-in', '/cn/sign-up', '/styleguide', '/record/?language=en', '/record/?language=zh-Hans', '/record/restrictions/1?language=zh-Hans',
  '/record/entries/1?language=en', '/record/?language=en&country=CN&q=four', '/record/?language=zh-Hans&ground=law',
  '/record/countries/CN?language=zh-Hans', '/record/report/?language=en', '/record/ranking?language=en', '/record/embed?language=en', '/record/check?language=zh-Hans', '/record/listed?language=zh-Hans', '/desk/sign-in', '/us/nothing-here', '/us/search?page=0',
];
const own = () => [`/us/books/${walks.en.isbn}`, `/us/books/${walks.en.isbn}/review`, '/us/account', '/desk/', '/desk/components', '/desk/restrictions/add', '/desk/restrictions/1/lift'];

async function checkAxe(page, path, scheme) {
  await keep(path, await page.goto(path));
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const found = await globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return found.violations.map((v) => ({ id: v.id, impact: v.impact, nodes: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)) }));
  });
  const grave = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  return grave.map((v) => `${path} (${scheme}): ${v.id}: ${v.nodes.join(' | ')}`);
}
for (const scheme of ['light', 'dark'])
  await test(`no page has a serious fault under axe, ${scheme}`, async () => {
    const { context, page } = await visitor({ colorScheme: scheme });
    const faults = [];
    for (const path of pages()) faults.push(...(await checkAxe(page, path, scheme)));
    await signIn(page);
    for (const path of own()) faults.push(...(await checkAxe(page, path, scheme)));
    assert.deepEqual(faults, []);
    await context.close();
  });
await test('no page scrolls sideways at 320 pixels', async () => {
  const { context, page } = await visitor({ viewport: { width: 320, height: 640 } });
  const faults = [];
  const look = async (path) => {
    await page.goto(path);
    const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
    if (width > 320) faults.push(`${path}: ${width}`);
    const name = path.replace(/[^\w-]+/g, '_').replace(/^_|_$/g, '') || 'doors';
    await shot(page, 'phone-' + name.slice(0, 60));
  };
  for (const path of pages()) await look(path);
  await page.goto('/us/');
  for (const pick of await page.$$('.pick summary')) {
    await pick.click();
    const box = await page.locator('.pick[open] ul').boundingBox();
    if (box.x < 0 || box.x + box.width > 320) faults.push(`a choice in the header ends at ${box.x + box.width}`);
  }
  await signIn(page);
  for (const path of own()) await look(path);
  assert.deepEqual(faults, []);
  await context.close();
});
await test('on phone and laptop, in three languages, light and dark', () => everyWayHolds(visitor, shot, axe.source, walks.en.isbn, walks.zh.isbn));
await test('a first view is under 60 KB without pictures, 15 KB of it script', async () => {
  const { context, page } = await visitor();
  await signIn(page);
  const storageState = await context.storageState();
  await context.close();
  await pagesAreLight(visitor, {}, pages());
  await pagesAreLight(visitor, { storageState }, own());
});
await test('suggestions while typing, by keyboard and by ear', () => suggestionsAreOffered(visitor, shot));
await test('searching and narrowing take no script', () => searchingTakesNoScript(visitor));
await test('a passkey is made, signs in, is removed', () => passkeysSignIn(visitor, shop, shot));
await test('staff sign in at the desk by a passkey', () => deskTakesPasskeys(visitor, shop, OPERATOR));
await test('signing in takes no script', () => signingInTakesNoScript(visitor, shop));
await bringBooks(shop);
await test('a book of one’s own is read, and nothing of it runs or asks anybody', () => booksAreRead(visitor, shot));
await test('books from top to bottom and from right to left', () => booksRunEveryWay(visitor, shot));
await test('a sample is read by anybody, on a phone', () => samplesAreReadByAnybody(visitor, shot));
await test('the library and the reader under axe, and at 320 pixels', () => readingPages(visitor, axe.source));
openTill(shop);
await test('a guest buys print, pays, has the invoice, and calls it off', () => guestBuysPrint(visitor, shot, shop, axe.source));
await test('a reader of China buys an e-book, on a phone, without JavaScript', () => readerBuysAnEbook(visitor, shot, shop));
await test('they withdraw from a printed book, which the desk takes back', () => readerSendsBack(visitor, shot, shop, axe.source, signIn));
await test('the receipt checker, saved, without a network', () => checkerWorksOffline(browser, shop.url));
await test('after the lift, without JavaScript, everything is back', async () => {
  const { context, page } = await visitor({ javaScriptEnabled: false });
  await signIn(page);
  await page.click('a[href="/desk/restrictions/1/lift"]');
  await page.fill('[name=reason]', 'The order was withdrawn.');
  await page.click('form.write button.btn');
  await page.waitForURL('**/record/restrictions/1');
  for (const path of paths()) assert.equal(await seen(path), before[path], path);
  await context.close();
});


// ---- what was asked, decided, complained of: the pages around demands ----

// A demand refused, one open; a review withheld, its statement, a complaint; a proposal.
async function prepareDemands() {
  const json = (args, input) => JSON.parse(shop.run([...args, '--json'], input).toString());
  const order = (key, ...more) =>
    json(['demand', 'add', '--sender', 'authority', '--country', 'CN', '--authority', 'Example Authority', '--edition', key, '--withhold', 'reviews,sale',
      '--ground', 'authority-order', '--legal-basis', 'Act 1, § 4', '--reference', '2026/18', '--explanation', 'It disturbs.', ...more]);
  const refused = order(walks.en.isbn);
  const open = order(walks.zh.isbn, '--state-involved', 'CN');
  json(['demand', 'decide', String(refused.id), '--outcome', 'refused', '--reason', 'The act is *not* about books.']);
  for (const terms of ['# Scope\n\nWhat is *ordered* here.\n', '# Scope\n\nWhat is *read* here.\n']) shop.run(['text', 'set', 'us', 'terms', '--language', 'en', '--file', '-'], terms);
  shop.run(['agreement', 'add', '--authority', 'Example Authority', '--country', 'CN', '--from', '2026-01-01', '--text', 'Orders come in writing.']);
  const review = await fetch(`${shop.url}/us/books/${walks.en.isbn}`).then((r) => r.text()).then((t) => /target=review&amp;key=(\d+)/.exec(t)[1]);
  shop.run(['restriction', 'add', '--storefront', 'us', '--target', `review:${review}`, '--withhold', 'reviews', '--ground', 'terms', '--legal-basis', 'Terms, § 3', '--reason', 'It names a person.',
    '--until', '2099-12-31']);
  return { refused, open, review };
}

// The reader complains; a second operator comes, and a proposal waits for one of the two.
async function complain(page) {
  await page.goto('/us/sign-in');
  await page.fill('[name=email]', 'reader-en@example.org');
  await page.fill('[name=password]', 'a long enough secret');
  await page.click('main button.btn');
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
  await page.goto('/us/account/statements');
  await page.click('main a[href*="/account/statements/"]');
  const statement = new URL(page.url()).pathname;
  await page.fill('textarea[name=text]', 'It names nobody.');
  await page.click('main form button.btn');
  await page.waitForLoadState();
  await page.goto('/us/account/receipts');
  const receipt = new URL(await page.getAttribute('main a[href*="/account/receipts/"]', 'href'), shop.url).pathname;
  shop.run(['redress', 'set', '--body', 'Appeals Centre=https://appeals.example/']);
  shop.run(['dispute', 'add', '--complaint', '1', '--body', 'Appeals Centre', '--submitted', new Date().toISOString().slice(0, 10)]);
  shop.run(['account', 'add', 'second@example.org', '--role', 'operator', '--name', 'Second', '--password-stdin'], 'a long enough secret\n');
  shop.run(['restriction', 'add', '--storefront', 'us', '--edition', walks.zh.isbn, '--withhold', 'sale', '--ground', 'court-order', '--authority', 'Example Court',
    '--legal-basis', 'Act 9', '--reference', '7 O 45', '--reason', 'It was *ordered*.', '--until', '2099-12-31', '--as', 'second@example.org']);
  return { statement, receipt };
}

const demandPages = (d) => [
  '/us/demand', `/us/demand?target=review&key=${d.review}&feature=reviews&storefront=us`, '/cn/demand', '/record/demands/?language=en',
  '/record/demands/?language=zh-Hans&outcome=refused', `/record/demands/${d.refused.id}?language=en`, `/record/demands/${d.open.id}?language=zh-Hans`,
  `/us/demand/${d.open.secret}`, '/record/countries/CN?language=en', '/record/authorities/Example%20Authority?language=zh-Hans', '/record/?language=en',
  '/record/agreements?language=en', '/record/licences/?language=en', '/record/licences/?language=zh-Hans', '/record/absence?language=en', `/record/absence?language=zh-Hans&work=${walks.en.isbn}&storefront=us`,
  '/record/receipt-checker', '/record/restrictions/2?language=en', '/record/report/?language=zh-Hans', '/us/forgot', `/us/books/${walks.en.isbn}`,
  `/us/books/${walks.en.isbn}/wrong`, '/us/texts/terms', '/us/texts/terms/en/2',
];
const readerPages = (m) => ['/us/account', '/us/account/security', '/us/account/following', '/us/account/lists', '/us/account/statements', m.statement, '/us/account/receipts', `${m.receipt}/erase`, '/us/account/erase', '/us/account/orders', '/us/account/devices', '/us/account/reading'];
const deskPages = (d) => ['/desk/', '/desk/demands', `/desk/demands/${d.open.id}`, '/desk/complaints', '/desk/complaints/1', '/desk/disputes', '/desk/disputes/1', '/desk/trail', '/desk/storefronts?which=us', '/desk/shops', '/desk/licences', '/desk/staff', '/desk/restrictions/add',
  '/desk/texts', '/desk/texts/edit?storefront=us&kind=terms&in=en', '/desk/partner/main/hints', '/desk/orders', '/desk/terms', '/desk/partner/main/seller', '/desk/partner/main/stock', '/desk/partner/main/sales', '/desk/partner/main/terms'];

// Tab goes to all there is to use, shows where it is, and leaves at the end.
async function checkKeyboard(page, path) {
  await page.goto(path);
  const faults = [];
  for (let presses = 0; presses < 400; presses++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      const within = e === globalThis.last; // a date has three fields in one
      if (e === null || e === document.body || (e.dataset.reached && !within)) return null;
      globalThis.last = e;
      e.dataset.reached = 'yes';
      const style = getComputedStyle(e);
      return { what: e.outerHTML.slice(0, 120), shown: style.outlineStyle !== 'none' && style.outlineWidth !== '0px' };
    });
    if (at === null) break;
    if (!at.shown) faults.push(`${path}: focus is not seen: ${at.what}`);
  }
  const missed = await page.$$eval('a[href], button, input:not([type=hidden]), select, textarea, summary', (all) =>
    all
      .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && !e.dataset.reached)
      .filter((e) => e.type !== 'radio' || !document.querySelector(`input[name="${e.name}"][data-reached]`))
      .map((e) => e.outerHTML.slice(0, 120)));
  return [...faults, ...missed.map((m) => `${path}: Tab does not reach ${m}`)];
}
// On paper: the matter, within the sheet, without what can only be clicked.
async function checkPrint(page, path) {
  await page.goto(path);
  await page.emulateMedia({ media: 'print' });
  const seen = await page.evaluate(() => ({
    width: document.scrollingElement.scrollWidth,
    heading: document.querySelector('h1').checkVisibility(),
    buttons: [...document.querySelectorAll('.btn, form, .top')].filter((e) => e.checkVisibility()).map((e) => e.outerHTML.slice(0, 80)),
  }));
  await page.emulateMedia({ media: 'screen' });
  const faults = [];
  if (seen.width > 700) faults.push(`${path}: ${seen.width} wide on paper`);
  if (!seen.heading) faults.push(`${path}: no heading on paper`);
  return [...faults, ...seen.buttons.map((b) => `${path}: on paper there is ${b}`)];
}
// Two things to press are never closer than a finger can tell.
async function checkTouching(page, path) {
  return page.$$eval('main .btn, main .plain', (all, path) => {
    const boxes = all.filter((e) => e.checkVisibility()).map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()]);
    const faults = [];
    boxes.forEach(([a, x], i) =>
      boxes.slice(i + 1).forEach(([b, y]) => {
        const apart = Math.max(x.left - y.right, y.left - x.right, x.top - y.bottom, y.top - x.bottom);
        if (apart < 4) faults.push(`${path}: ${a} touches ${b}`);
      }));
    return faults;
  }, path);
}
async function checkNarrow(page, path) {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(path);
  const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
  const faults = width > 320 ? [`${path}: ${width}`] : [];
  faults.push(...(await checkTouching(page, path)));
  await shot(page, 'phone-' + path.replace(/[^\w-]+/g, '_').slice(1, 60));
  return faults;
}

let asked, mine;
const asReader = await visitor();
await test('the pages around demands have their matter: one is refused, one complained of', async () => {
  asked = await prepareDemands();
  mine = await complain(asReader.page);
});
const everyPage = async (check, options, among = () => true) => {
  const faults = [];
  const { context, page } = await visitor(options);
  for (const path of demandPages(asked).filter(among)) faults.push(...(await check(page, path)));
  await signIn(page);
  for (const path of deskPages(asked).filter(among)) faults.push(...(await check(page, path)));
  await context.close();
  const reader = await visitor({ ...options, storageState: await asReader.context.storageState() });
  for (const path of readerPages(mine).filter(among)) faults.push(...(await check(reader.page, path)));
  await reader.context.close();
  assert.deepEqual(faults, []);
};
for (const scheme of ['light', 'dark'])
  await test(`the pages around demands have no serious fault under axe, ${scheme}`, () =>
    // In the dark one of each kind: a second a page is what axe takes.
    everyPage((page, path) => checkAxe(page, path, scheme), { colorScheme: scheme },
      (path) => scheme === 'light' || /demands\/\d|^\/us\/demand$|outcome=|desk\/demands$|statements\/|complaints\/1/.test(path)));
await test('nor do they scroll sideways at 320 pixels, and no button touches another', () => everyPage(checkNarrow));
await test('Tab reaches all there is on them, and is seen', () => everyPage(checkKeyboard));
await test('on paper they hold their matter alone', () => everyPage(checkPrint, { viewport: { width: 700, height: 990 } }));
let partnerPages;
await test('a partner comes from an account to titles on sale in three countries', async () => {
  welcomePartner(shop);
  const { context, page } = await visitor({ locale: 'en-US' });
  partnerPages = await partnerWalks(page, shot, 1, { mend: 'Compare the ISBN with the printed one' });
  await context.close();
});
await test('the same in Chinese, and without JavaScript', async () => {
  const { context, page } = await visitor({ locale: 'zh-CN', javaScriptEnabled: false });
  await partnerWalks(page, shot, 2, { mend: '请与书上印的 ISBN 核对' });
  await context.close();
});
await test('the partner’s pages under axe, by keyboard, at 320 pixels', async () => {
  const faults = [];
  for (const scheme of ['light', 'dark']) {
    const { context, page } = await visitor({ colorScheme: scheme });
    await signInAsPartner(page);
    for (const path of partnerPages) faults.push(...(await checkAxe(page, path, scheme)));
    if (scheme === 'light') for (const path of partnerPages) faults.push(...(await checkKeyboard(page, path)), ...(await checkNarrow(page, path)));
    await context.close();
  }
  assert.deepEqual(faults, []);
});
await test('the page for a second factor, before there is one', async () => {
  shop.run(['staff', 'require-second-factor', 'on']);
  const { context, page } = await visitor();
  await page.goto('/desk/');
  await page.fill('[name=email]', OPERATOR.email);
  await page.fill('[name=password]', OPERATOR.password);
  await page.click('main button.btn');
  await page.waitForURL('**/sign-in/code*');
  const path = new URL(page.url()).pathname;
  const faults = [];
  for (const check of [(p, x) => checkAxe(p, x, 'light'), checkKeyboard, checkNarrow]) faults.push(...(await check(page, path)));
  assert.deepEqual(faults, []);
  await context.close();
});

if (javaIsThere()) await test('every page that axe has seen is valid HTML', async () => htmlIsValid());
else counts.skipped++, console.log('browser: valid HTML: skipped: there is no java (COLOPHON_DEPS=all tools/deps)');
await test('structured data keeps to schema.org’s vocabulary and to what Google asks', structuredDataIsTrue);

await browser.close();
await shop.close();
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(counts.failed === 0 ? 0 : 1);
