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

// A book and a collection of the shop itself, by its own API and pages.
async function placesOf(base) {
  const front = (await fetch(`${base}/`).then((r) => r.text())).match(/<main[^]*?href="(\/[a-z]+\/)"/)[1];
  const book = (await fetch(`${base}${front}`).then((r) => r.text())).match(/href="(\/[^"]*\/books\/[^"#?]+)"/)[1];
  const collection = (await fetch(`${base}${front}collections/`).then((r) => r.text())).match(/href="(\/[^"]*\/collections\/[^"#?]+)"/)?.[1];
  return [front, `${front}search?q=love`, book, ...(collection ? [collection] : []), '/record/'];
}

const chrome = await launch({ chromePath: process.env.CHROME_PATH, chromeFlags: ['--headless', '--no-sandbox', '--disable-gpu'] });
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
