// {phone, laptop} x {en, zh-Hans, ar} x {light, dark}: each page is loaded once, and looked at in
// all four ways: once under axe as a whole, then by the rules that colours and size can break.
import assert from 'node:assert/strict';

const languages = ['en', 'zh-Hans', 'ar'];
const laptop = { width: 1280, height: 900 }, phone = { width: 320, height: 640 };
const all = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] };
const rules = (...values) => ({ runOnly: { type: 'rule', values }, resultTypes: ['violations'] });
const colours = rules('color-contrast'), narrow = rules('color-contrast', 'target-size', 'scrollable-region-focusable');
const ways = [['laptop', 'light', all], ['laptop', 'dark', colours], ['phone', 'dark', narrow], ['phone', 'light', colours]];

// A storefront's first language has no place of its own in the address.
const root = (front, own, tag) => (tag === own ? `/${front}` : `/${front}/${tag}`);
const places = (tag, sold, withheld) => [
  `${root('us', 'en', tag)}/`, `${root('us', 'en', tag)}/search?q=journey`, `${root('us', 'en', tag)}/books/${sold}`,
  `${root('cn', 'zh-Hans', tag)}/books/${withheld}`, `/record/?language=${tag}`, `/record/restrictions/1?language=${tag}`, `${root('us', 'en', tag)}/sign-up`,
];

async function faultsOf(page, where, asked) {
  const violations = await page.evaluate(async (wanted) => (await globalThis.axe.run(document, wanted)).violations.filter((v) => ['serious', 'critical'].includes(v.impact))
    .map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')), asked);
  const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
  return [...violations, ...(wide > 0 ? [`it is ${wide} too wide`] : [])].map((f) => `${where}: ${f}`);
}

export async function everyWayHolds(visitor, shot, axe, sold, withheld) {
  const { context, page } = await visitor({ reducedMotion: 'reduce' }); // colours change at once
  const faults = [];
  for (const tag of languages)
    for (const path of places(tag, sold, withheld)) {
      await page.setViewportSize(laptop);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.goto(path);
      assert.equal(await page.getAttribute('html', 'lang'), tag, path);
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).direction), tag === 'ar' ? 'rtl' : 'ltr', path);
      await page.evaluate(axe);
      for (const [size, scheme, asked] of ways) {
        await page.setViewportSize(size === 'phone' ? phone : laptop);
        await page.emulateMedia({ colorScheme: scheme });
        faults.push(...(await faultsOf(page, `${path} (${size}, ${scheme})`, asked)));
        if (tag === 'ar' && asked !== colours) await shot(page, `ar-${size}-${scheme}-${path.replace(/[^\w-]+/g, '_').slice(0, 50)}`);
      }
    }
  assert.deepEqual(faults, []);
  await context.close();
}
