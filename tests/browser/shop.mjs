// A shop to walk through: the real binary, the samples, an operator.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const colophon = process.env.COLOPHON ?? join(root, 'build/colophon');
export const OPERATOR = { email: 'operator@example.org', password: 'a long enough secret' };

export async function openShop() {
  const base = mkdtempSync(join(tmpdir(), 'colophon-browser-'));
  const dir = join(base, 'shop');
  const run = (args, input) => execFileSync(colophon, ['-d', dir, ...args], { input, stdio: ['pipe', 'pipe', 'pipe'] });
  run(['init', '--origin', 'books.example']);
  run(['staff', 'require-second-factor', 'off']);
  run(['storefront', 'add', 'us', '--unresearched', 'sell', '--country', 'US', '--language', 'en', '--language', 'zh-Hans', '--currency', 'USD']);
  run(['storefront', 'add', 'cn', '--unresearched', 'sell', '--country', 'CN', '--language', 'zh-Hans', '--language', 'en', '--currency', 'CNY']);
  run(['shop', 'add', 'main', '--name', 'Riverside', '--owner', 'Riverside Books Ltd', '--controlled-by', 'Example Press Group']);
  run(['import', '--shop', 'main', join(root, 'samples/classics.xml'), join(root, 'samples/chinese-classics.xml')]);
  run(['collection', 'add', 'four-classics', '--name', 'Four Great Classical Novels', '--isbn', join(root, 'samples/four-classics.txt')]);
  run(['account', 'add', OPERATOR.email, '--role', 'operator', '--name', 'Operator', '--password-stdin'], OPERATOR.password + '\n');
  const server = spawn(colophon, ['-d', dir, 'serve', '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (text) => {
      said += text;
      const found = /http:\/\/[\d.]+:\d+/.exec(said);
      if (found) resolve(found[0]);
    });
    server.on('exit', (code) => reject(new Error(`serve ended with ${code}`)));
  });
  for (let tries = 0; tries < 400; tries++) {
    const found = await fetch(url + '/api/v1/us/search?q=emma').then((r) => r.json());
    if (found.total > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    run,
    async close() {
      server.removeAllListeners('exit');
      const ended = new Promise((resolve) => server.on('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      rmSync(base, { recursive: true, force: true });
    },
  };
}
