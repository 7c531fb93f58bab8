// What pages say to machines: HTML as the Nu checker reads it, structured data by schema.org's vocabulary (schema-dts)
// and by what Google asks of products, reviews and trails.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Validator from '@adobe/structured-data-validator';

const modules = new URL('node_modules/', import.meta.url).pathname;
const pages = new Map(); // path -> the HTML as it was sent

/** Keeps what a page was sent as; what is looked at twice is kept once. */
export async function keep(path, response) {
  if (response && !pages.has(path) && (response.headers()['content-type'] ?? '').startsWith('text/html')) pages.set(path, await response.text());
}

function inFolder(use) {
  const dir = mkdtempSync(join(tmpdir(), 'colophon-valid-'));
  try {
    return use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export const javaIsThere = () => spawnSync('java', ['-version']).status === 0;

export function htmlIsValid() {
  assert.ok(pages.size > 40, `only ${pages.size} pages were kept`);
  const paths = [...pages.keys()];
  const faults = inFolder((dir) => {
    const files = paths.map((path, i) => {
      writeFileSync(join(dir, `${i}.html`), pages.get(path));
      return join(dir, `${i}.html`);
    });
    const ran = spawnSync('java', ['-jar', join(modules, 'vnu-jar/build/dist/vnu.jar'), '--format', 'json', '--stdout', '--exit-zero-always', ...files], { maxBuffer: 1 << 26 });
    assert.equal(ran.status, 0, String(ran.stderr));
    return JSON.parse(String(ran.stdout)).messages.filter((m) => m.type !== 'info' || m.subType === 'warning')
      .map((m) => `${paths[Number(/(\d+)\.html/.exec(m.url)[1])]}:${m.lastLine}: ${m.message} … ${(m.extract ?? '').trim()}`);
  });
  assert.deepEqual([...new Set(faults)], []);
}

const dataOf = (html) => [...html.matchAll(/<script type="application\/ld\+json">([^]*?)<\/script>/g)].map((m) => JSON.parse(m[1]));

export async function structuredDataIsTrue() {
  const all = [...pages].flatMap(([path, html]) => dataOf(html).map((data) => ({ path, data })));
  const kinds = new Set(all.flatMap(({ data }) => data['@type']));
  for (const kind of ['Book', 'Product', 'BreadcrumbList']) assert.ok(kinds.has(kind), `${kind} is on no page: ${[...kinds]}`);
  const faults = inFolder((dir) => {
    symlinkSync(modules, join(dir, 'node_modules'));
    // schema-dts knows things of one type: one of two may have the properties of both.
    const one = (type) => `Omit<Extract<WithContext<${type}>, { '@type': '${type}' }>, '@type'>`;
    const typeOf = (types) => (Array.isArray(types) ? `${types.map(one).join(' & ')} & { '@type': string[] }` : 'WithContext<Thing>');
    const lines = all.map(({ data }, i) => `export const d${i}: ${typeOf(data['@type'])} = ${JSON.stringify(data)};`);
    writeFileSync(join(dir, 'data.ts'), ["import type { Book, Product, Thing, WithContext } from 'schema-dts';", ...lines].join('\n'));
    try {
      execFileSync(process.execPath, [join(modules, 'typescript/bin/tsc'), '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', join(dir, 'data.ts')],
        { stdio: 'pipe', cwd: dir });
      return [];
    } catch (error) {
      return String(error.stdout).split('\n').filter((l) => l.includes('error')).map((l) => `${all[Number(/\((\d+),/.exec(l)?.[1] ?? 2) - 2].path}: ${l.slice(0, 400)}`);
    }
  });
  for (const { path, data } of all) {
    const byType = Object.fromEntries([].concat(data['@type']).map((type) => [type, [data]]));
    const found = await new Validator().validate({ jsonld: byType, microdata: {}, rdfa: {}, errors: [], metadata: {} });
    faults.push(...found.filter((f) => f.severity === 'ERROR').map((f) => `${path}: ${f.issueMessage} at ${f.path.map((p) => p.type ?? p.property).join('.')} (${f.fieldNames})`));
  }
  assert.deepEqual([...new Set(faults)], []);
}
