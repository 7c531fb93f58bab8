// What a first view costs: everything but pictures under 60 KB as it is sent, and under 15 KB of script as it is read.
import assert from 'node:assert/strict';

const FIRST_VIEW = 60000, SCRIPT = 15000, AT_ONCE = 3;

/** Bytes of one page; the script that comes last is awaited. */
async function weigh(page, path) {
  const sent = [], note = (request) => sent.push(request);
  page.on('requestfinished', note);
  await page.goto(path);
  if (await page.locator('[data-script]').count()) await page.waitForSelector('.top input[role=combobox]');
  page.off('requestfinished', note);
  const inline = await page.evaluate(() => [...document.scripts].filter((s) => !s.src && !s.type).reduce((n, s) => n + s.textContent.length, 0));
  const weight = { path, view: 0, script: inline };
  for (const request of sent) {
    if (request.resourceType() === 'image') continue;
    const { responseBodySize, responseHeadersSize } = await request.sizes();
    weight.view += responseBodySize + responseHeadersSize;
    if (request.resourceType() === 'script') weight.script += (await (await request.response()).body()).length;
  }
  return weight;
}

export async function pagesAreLight(visitor, options, paths) {
  const left = [...paths], weights = [];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    const { context, page } = await visitor(options);
    await page.route('**', (route) => route.continue()); // what is routed comes from no cache: each view is the first
    while (left.length > 0) weights.push(await weigh(page, left.shift()));
    await context.close();
  }));
  const most = (of) => weights.reduce((a, b) => (b[of] > a[of] ? b : a));
  console.log(`browser: heaviest first view ${most('view').view} bytes (${most('view').path}), most script ${most('script').script} bytes (${most('script').path})`);
  assert.deepEqual(weights.filter((w) => w.view < 9000), [], 'its style sheet was not weighed');
  assert.deepEqual(weights.filter((w) => w.view > FIRST_VIEW || w.script > SCRIPT), []);
}
