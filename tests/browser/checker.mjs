// The receipt checker as somebody uses it who kept the page and the files, and has no network.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const password = 'a long enough secret';

// What an author took home: a receipt, a refusal, what was refused, the receipt of an erasure.
async function takeHome(url) {
  const ask = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${url}/api/v1${path}`, { method, headers: { 'Content-Type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
    return answer.json();
  };
  const email = 'keeper@example.org';
  await ask('POST', '/accounts', { email, password, name: 'Keeper' });
  const own = { Authorization: `Bearer ${(await ask('POST', '/session', { email, password })).token}` };
  const book = (await (await fetch(url + '/api/v1/us/search?q=emma')).json()).results[0];
  const review = { title: 'Kept', text: 'CANARY of the keeper', language: 'en', stars: 4 };
  const made = await ask('POST', `/us/works/${book.work_id}/reviews`, review, { ...own, Prefer: 'return=representation' });
  const sent = '{"text": "It has no title.", "language": "en"}';
  const refusal = (await ask('POST', `/us/works/${book.work_id}/reviews`, sent, own)).refusal;
  const erased = await ask('POST', `/receipts/${made.record_index}/erase`, { password }, own);
  const erasure = await (await fetch(`${url}/api/v1/receipts/${erased.record_index}`, { headers: own })).text();
  return { proof: made.proof, refusal, sent, erasure };
}

const replaceExtra = (proof, change) => proof.replace(/extra (\S+)/, (_, text) => {
  const extra = JSON.parse(Buffer.from(text, 'base64').toString());
  change(extra);
  return 'extra ' + Buffer.from(JSON.stringify(extra)).toString('base64');
});

// A witness of our own: its key as a policy names it, and its line under the proof's checkpoint.
function witness(name, proof) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = Buffer.concat([Buffer.of(4), Buffer.from(publicKey.export({ format: 'jwk' }).x, 'base64url')]);
  const id = createHash('sha256').update(name + '\n').update(key).digest().subarray(0, 4);
  const note = proof.slice(proof.indexOf('\n\n') + 2), text = note.slice(0, note.indexOf('\n\n') + 1), time = Buffer.alloc(8);
  time.writeBigUInt64BE(1790000000n);
  const signature = sign(null, Buffer.from(`cosignature/v1\ntime 1790000000\n${text}`), privateKey);
  return { vkey: `${name}+${id.toString('hex')}+${key.toString('base64')}`, line: `\u2014 ${name} ${Buffer.concat([id, time, signature]).toString('base64')}\n` };
}

export async function checkerWorksOffline(browser, url) {
  const base = mkdtempSync(join(tmpdir(), 'colophon-checker-'));
  try {
    const home = await takeHome(url);
    const saved = join(base, 'receipt-checker.html');
    writeFileSync(saved, await (await fetch(url + '/record/receipt-checker')).text());
    for (const [locale, words] of [['en-US', { heading: 'Check a receipt', good: 'Good', bad: 'NOT good' }], ['zh-CN', { heading: '核对回执', good: '有效', bad: '无效' }],
      ['de-AT', { heading: 'Beleg prüfen', good: 'Gültig', bad: 'NICHT gültig' }]]) {
      const context = await browser.newContext({ locale, offline: true });
      const page = await context.newPage(), asked = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(pathToFileURL(saved).href);
      assert.equal(await page.textContent('h1'), words.heading);
      const said = async (file, { sent = '', policy = '' } = {}) => {
        await page.fill('#text', file);
        await page.evaluate(([s, p]) => {
          document.getElementById('sent').value = s;
          document.getElementById('policy').value = p;
          document.getElementById('result').textContent = '';
        }, [sent, policy]);
        // By the keyboard alone: from the keys past what is folded up to the button.
        await page.focus('#keys');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.waitForFunction(() => document.getElementById('result').textContent !== '');
        return page.textContent('#result');
      };
      const good = async (...args) => { const text = await said(...args); assert.ok(text.startsWith(words.good + '\n'), text); return text; };
      const bad = async (...args) => { const text = await said(...args); assert.ok(text.startsWith(words.bad + ': '), text); return text; };
      assert.ok((await good(home.proof)).includes('CANARY of the keeper'), 'its words are opened');
      assert.ok((await good(home.erasure)).includes('erase entry'), 'what was asked to be erased is opened');
      await bad(replaceExtra(home.proof, (e) => { e.entry = e.entry.replace('"work":', '"work":1'); }));
      await bad(replaceExtra(home.proof, (e) => { e.content = e.content.replace('CANARY', 'CANERY'); }));
      await bad(replaceExtra(home.proof, (e) => { e.salt = e.salt.replace(/^./, (c) => (c === '0' ? '1' : '0')); }));
      await bad(home.proof.replace(/\nindex \d+\n/, '\nindex 99\n'));
      await bad('nothing');
      await good(home.refusal);
      await good(home.refusal, { sent: home.sent });
      await bad(home.refusal, { sent: home.sent + ' ' });
      await bad(home.refusal.replace(/\nstatus \d+\n/, '\nstatus 500\n'));
      // A key that another replaced: what it signed until then is good, later is not.
      const keys = await page.inputValue('#keys'), own = /^\S+\/refusals\+\S+$/m.exec(keys)[0];
      for (const [when, verdict] of [['2020-01-01T00:00:00Z', bad], ['2199-01-01T00:00:00Z', good]]) {
        await page.fill('#keys', keys.replace(own, `${own} ${when}`));
        await verdict(home.refusal);
      }
      await page.fill('#keys', keys);
      // Witnesses: both, one of two, one that lies, none that is known.
      const one = witness('one.example/w', home.proof), two = witness('two.example/w', home.proof);
      const policy = (quorum) => `witness a ${one.vkey}\nwitness b ${two.vkey}\ngroup g ${quorum} a b\nquorum g\n`;
      await good(home.proof + one.line + two.line, { policy: policy('all') });
      await good(home.proof + one.line, { policy: policy('any') });
      await bad(home.proof + one.line, { policy: policy('2') });
      await bad(home.proof, { policy: policy('any') });
      await bad(home.proof + witness('one.example/w', home.proof).line, { policy: policy('any') });
      await bad(home.proof + one.line.replace(/(.{20}) *\n$/, (text) => text.replace(/[A-Y]/, 'Z')), { policy: policy('any') });
      await bad(home.proof, { policy: 'witness a nonsense\nquorum a\n' });
      assert.deepEqual(asked, [pathToFileURL(saved).href], 'nothing was asked of anybody');
      await context.close();
    }
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}
