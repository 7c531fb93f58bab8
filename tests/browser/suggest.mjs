// Suggestions while typing, as somebody with a keyboard meets them, and what is heard of
// them; and the same box without JavaScript.
import assert from 'node:assert/strict';
import axe from 'axe-core';

const box = '.top input[name=q]';
const chosen = (page) => page.getAttribute(box, 'aria-activedescendant');

async function violations(page) {
  await page.evaluate(axe.source);
  return page.evaluate(async () => (await globalThis.axe.run()).violations.map((v) => [v.id, v.nodes.map((n) => n.html)]));
}

export async function suggestionsAreOffered(visitor, shot) {
  const { context, page } = await visitor();
  const wrong = [];
  const icon = (message) => message.location().url.endsWith('/favicon.ico'); // there is none yet
  page.on('console', (message) => message.type() === 'error' && !icon(message) && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(String(error)));
  await page.goto('/us/');
  await page.focus(box);
  await page.waitForSelector(box + '[role=combobox]'); // its script comes when the page stands
  assert.equal(await page.getAttribute(box, 'aria-expanded'), 'false');
  await page.keyboard.type('aust');
  await page.waitForSelector('#suggestions [role=option]');
  assert.equal(await page.getAttribute(box, 'aria-expanded'), 'true');
  const options = await page.locator('#suggestions [role=option]').count();
  assert.equal(await page.textContent('.top .find [role=status]'), `Suggestions: ${options}`);
  assert.equal(await chosen(page), null);
  await page.keyboard.press('ArrowDown');
  assert.equal(await chosen(page), 'suggestion-0');
  assert.equal(await page.locator('#suggestion-0').getAttribute('aria-selected'), 'true');
  await page.keyboard.press('ArrowUp'); // back in the box
  assert.equal(await chosen(page), null);
  await page.keyboard.press('ArrowUp'); // the last one
  assert.equal(await chosen(page), `suggestion-${options - 1}`);
  assert.deepEqual(await violations(page), []);
  await shot(page, 'suggestions');
  await page.keyboard.press('Escape'); // closes, and what was typed stays
  assert.equal(await page.isVisible('#suggestions'), false);
  assert.equal(await page.inputValue(box), 'aust');
  await page.keyboard.type('en em');
  await page.waitForSelector('#suggestions [role=option]:has-text("Emma")');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/us/books/**');
  assert.equal(await page.textContent('h1'), 'Emma');
  // Without a choice Enter searches; a click leads to the page, too.
  await page.fill(box, 'austen');
  await page.waitForSelector('#suggestions [role=option]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/us/search?q=austen');
  await page.fill(box, 'emm');
  await page.click('#suggestions [role=option]:has-text("Emma")');
  await page.waitForURL('**/us/books/**');
  await page.fill(box, 'zzzzz');
  await page.waitForFunction(() => document.querySelector('#suggestions')?.hidden);
  assert.deepEqual(wrong, []);
  await context.close();
}

export async function searchingTakesNoScript(visitor) {
  const { context, page } = await visitor({ javaScriptEnabled: false });
  await page.goto('/us/');
  assert.equal(await page.getAttribute(box, 'type'), 'search');
  await page.fill(box, 'emna');
  await page.press(box, 'Enter');
  await page.waitForSelector('.instead:has-text("Showing results for emma")');
  await page.click('.facets a');
  await page.waitForSelector('.chips.taken');
  await page.click('.chips.taken a');
  await page.waitForSelector('.instead');
  assert.equal(await page.locator('.chips.taken').count(), 0);
  await context.close();
}
