// Lighthouse over the pages that a reader sees first. Reports go to reports/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';

const AIM = 98, PAINT_MS = 1000;
const [origin, ...asked] = process.argv.slice(2);
const categories = ['performance', 'accessibility', 'best-practices', 'seo'];
const reports = new URL('reports/', import.meta.url).pathname;
mkdirSync(reports, { recursive: true });

// Result pages are kept out of search engines, as they ask; and Lighthouse asks for robots.txt out of the page, which a page
// without scripts forbids (it is looked at on the others).
const spared = (path) => [...(path.includes('/search') ? ['is-crawlable'] : []), ...(path.startsWith('/record/') ? ['robots-txt'] : [])];

// A server that has just started says 503 until its index is there.
async function readyAt(base) {
  for (let tries = 0; tries < 600; tries++) {
    if ((await fetch(`${base}/readyz`)).ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${base} is not ready`);
}

// The first link of a page that fits. A page that cannot be had, or has none, is told: nothing is left out in silence.
async function linkOn(base, path, fits) {
  const answer = await fetch(base + path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const main = (await answer.text()).split('<main')[1] ?? '';
  for (const [, link] of main.matchAll(/ href="([^"#?]+)"/g)) {
    const { origin: there, pathname } = new URL(link, base);
    if (there === new URL(base).origin && fits.test(pathname)) return pathname;
  }
  throw new Error(`${path} leads to no ${fits}`);
}

// A book and a collection of the shop itself, by its own pages.
async function placesOf(base) {
  const front = await linkOn(base, '/', /^\/[a-z0-9-]+\/$/);
  const book = await linkOn(base, front, /\/books\/[^/]+$/);
  // A catalogue may name no collection: then it is the list that says so.
  const collections = `${front}collections/`;
  const collection = await linkOn(base, collections, /\/collections\/[^/]+$/).catch(() => collections);
  return [front, `${front}search?q=love`, book, collection, '/record/'];
}

const chrome = await launch({ chromePath: process.env.CHROME_PATH, chromeFlags: ['--headless', '--no-sandbox', '--disable-gpu'] });
await readyAt(origin);
const paths = asked.length > 0 ? asked : await placesOf(origin);
let missed = 0;
for (const [way, config] of [['phone', undefined], ['laptop', desktopConfig]])
  for (const path of paths) {
    const { lhr, report } = await lighthouse(origin + path, { port: chrome.port, output: 'html', onlyCategories: categories, logLevel: 'error', skipAudits: spared(path) }, config);
    const scores = categories.map((c) => Math.round(lhr.categories[c].score * 100));
    const paint = lhr.audits['largest-contentful-paint'].numericValue;
    const bad = scores.some((s) => s < AIM) || (way === 'phone' && paint > PAINT_MS);
    missed += bad ? 1 : 0;
    console.log(`${way.padEnd(6)} ${path.padEnd(48)} ${scores.map((s) => String(s).padStart(4)).join('')}  largest paint ${(paint / 1000).toFixed(2)} s${bad ? '  below its aim' : ''}`);
    for (const category of categories)
      for (const { id, weight } of lhr.categories[category].auditRefs)
        if (weight > 0 && lhr.audits[id] && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9) console.log(`         ${lhr.audits[id].title}${lhr.audits[id].displayValue ? ': ' + lhr.audits[id].displayValue : ''}`);
    writeFileSync(`${reports}${way}${path.replace(/[^\w-]+/g, '_')}.html`, report);
  }
chrome.kill();
process.exit(missed === 0 ? 0 : 1);
