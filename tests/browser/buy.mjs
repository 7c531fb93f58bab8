// Books are bought: in print by a guest, in English, with script; as an e-book by a reader of China, in Chinese, on a phone and without
// script. The money comes, the reader's stands in the library. Both are bought in print, too: the guest calls theirs off before it leaves,
// the reader gets it, withdraws from the contract and is paid back once the desk has it.
import assert from 'node:assert/strict';

const PRINT = '9780000000040', EBOOK = '9780000050021', PRINTED = '9780000050014';

export function openTill(shop) {
  for (const [country, rates] of [['US', { print: '0', 'e-book': '0', shipping: '0' }], ['CN', { print: '9', 'e-book': '9', shipping: '6' }]])
    for (const [kind, rate] of Object.entries(rates))
      shop.run(['tax', 'set', '--country', country, '--kind', kind, '--rate', rate, '--from', '2020-01-01', '--source', 'the walk’s own']);
  for (const [currency, account] of [['USD', 'US64 0021 0001 2345'], ['CNY', '6222 0000 1234 5678']])
    shop.run(['bank-account', 'set', '--currency', currency, '--holder', 'Riverside Books Ltd', '--account', account]);
  shop.run(['seller', 'set', '--shop', 'main', '--name', 'Riverside Books Ltd', '--address', '1 River Street', '--country', 'US', '--email', 'books@riverside.example', '--account', 'US64 0021 0001 2345', '--fee', '5']);
  for (const [country, currency] of [['US', 'USD'], ['CN', 'CNY']])
    shop.run(['shipping', 'add', '--shop', 'main', '--name', 'Post', '--country', country, '--currency', currency, '--days', '2-5', '--band', '5000=4.90']);
}

const inMain = (page) => page.textContent('main');
const withoutFaults = async (page, source) => {
  await page.evaluate(source);
  assert.deepEqual(await page.evaluate(async () => (await globalThis.axe.run()).violations.map((v) => [v.id, v.nodes.map((n) => n.html)])), [], page.url());
};
const narrow = async (page) => {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 700 });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${page.url()} scrolls sideways`);
  await page.setViewportSize(before);
};
const settle = (shop, reference, amount) => shop.run(['payment', 'settle', reference, '--amount', amount]);

export async function guestBuysPrint(visitor, shot, shop, axe) {
  const { context, page } = await visitor();
  const looked = async (name) => { await withoutFaults(page, axe); await narrow(page); await shot(page, name); };
  await page.goto(`/us/books/${PRINT}`);
  await page.click('form.buy button');
  await page.waitForURL('**/us/basket');
  await looked('buy-1-basket');
  await page.click('a.btn[href="/us/checkout"]');
  await page.fill('[name=email]', 'guest@readers.example');
  await page.fill('[name=name]', 'Grace Guest');
  await page.fill('[name=lines]', '12 Long Lane');
  await page.fill('[name=city]', 'Springfield');
  await page.selectOption('[name=region]', 'IL');
  await page.fill('[name=postcode]', '62701');
  await page.check('fieldset.choose [type=radio][name^="delivery"], fieldset.choose [type=radio]:not([name=method])');
  await looked('buy-2-checkout');
  await page.click('button[value=review]');
  await page.waitForSelector('button[value=order]');
  assert.ok((await inMain(page)).includes('12 Long Lane') && (await inMain(page)).includes('Post'));
  await looked('buy-3-review');
  await page.click('button[value=order]');
  await page.waitForURL('**/us/orders/*');
  await looked('buy-4-order');
  const reference = await page.textContent('.pay dd:last-of-type b'), amount = (await page.textContent('.pay dd:nth-of-type(3) b, .pay dd b')).replace(/[^0-9.]/g, '');
  settle(shop, reference, amount);
  await page.reload();
  assert.ok((await page.textContent('main .state')).includes('paid'));
  assert.ok((await inMain(page)).includes('Invoice'));
  await looked('buy-5-paid');
  const ordered = page.url();
  await page.goto('/us/basket');
  assert.ok((await inMain(page)).includes('There is nothing in your basket'));
  await page.goto(ordered);
  await page.click('a[href$="/return"]');
  await looked('buy-6-call-off');
  await page.click('button[value=review]');
  await looked('buy-7-call-off-review');
  await page.click('button[value=confirm]');
  await page.waitForURL('**/orders/*done=1*');
  const now = await inMain(page);
  assert.ok(now.includes('Called off before it was sent') && now.includes('Given back') && now.includes('Credit note'), now);
  await looked('buy-8-called-off');
  await page.click('main a:has-text("Credit note")');
  await looked('buy-9-credit-note');
  await context.close();
}

// A phone in Chinese, without script: bought in print, sent by the desk, withdrawn from, taken back by the desk.
export async function readerSendsBack(visitor, shot, shop, axe, signIn) {
  const { context, page } = await visitor({ viewport: { width: 390, height: 800 }, javaScriptEnabled: false });
  const desk = await visitor();
  await page.goto('/cn/sign-in');
  await page.fill('[name=email]', 'buyer@readers.example');
  await page.fill('[name=password]', 'a long enough secret');
  await page.click('main button.btn');
  await page.goto(`/cn/books/${PRINTED}`);
  await page.click('form.buy button');
  await page.click('a.btn[href="/cn/checkout"]');
  for (const [name, value] of Object.entries({ name: '李华', region: '北京', city: '北京', lines: '长安街 1 号', postcode: '100000' }))
    await page.fill(`[name=${name}]`, value);
  await page.click('button[value=review]');
  await page.click('button[value=order]');
  await page.waitForURL(/\/cn\/(orders|account\/orders)\//);
  settle(shop, await page.textContent('.pay dd:last-of-type b'), (await page.textContent('.pay dd b')).replace(/[^0-9.]/g, ''));
  await page.reload();
  const number = await page.getAttribute('[data-order]', 'data-order'), order = page.url();
  await signIn(desk.page);
  const looked = async (name) => { await withoutFaults(desk.page, axe); await narrow(desk.page); await shot(desk.page, name); };
  await desk.page.goto(`/desk/orders/${number}`);
  await desk.page.click('form[action$="/send"] button.btn');
  await desk.page.waitForURL('**done=1*');
  await page.reload();
  await page.click('a[href$="/return"]');
  await shot(page, 'buy-zh-4-withdraw');
  await page.click('button[value=review]');
  assert.ok((await inMain(page)).includes('李华'));
  await shot(page, 'buy-zh-5-confirm');
  await page.click('button[value=confirm]');
  assert.equal(await page.locator('[data-return=expected]').count(), 1);
  await shot(page, 'buy-zh-6-withdrawn');
  await desk.page.goto('/desk/orders?state=returns');
  assert.equal(await desk.page.locator(`[data-order="${number}"]`).count(), 1);
  await looked('buy-zh-7-desk-returns');
  await desk.page.click(`[data-order="${number}"] a`);
  await looked('buy-zh-8-desk-return');
  await desk.page.click('[data-return] form[action$="/return"] button.btn');
  await desk.page.waitForURL('**done=1*');
  await page.goto(order);
  assert.equal(await page.locator('[data-return=received]').count(), 1);
  assert.equal(await page.locator('main p a[href*="/invoices/"]').count(), 2, 'an invoice and a credit note');
  await shot(page, 'buy-zh-9-paid-back');
  await context.close();
  await desk.context.close();
}

export async function readerBuysAnEbook(visitor, shot, shop) {
  const { context, page } = await visitor({ viewport: { width: 390, height: 800 }, javaScriptEnabled: false });
  await page.goto('/cn/sign-up');
  await page.fill('[name=name]', '买家');
  await page.fill('[name=email]', 'buyer@readers.example');
  await page.fill('[name=password]', 'a long enough secret');
  await page.click('main button.btn');
  await page.goto(`/cn/books/${EBOOK}`);
  await page.click('form.buy button');
  await page.click('a.btn[href="/cn/checkout"]');
  await page.click('button[value=review]').catch(() => {});
  assert.equal(await page.locator('button[value=order]').count(), 0, 'nothing is ordered without the consent');
  await page.check('[name=consent]');
  await shot(page, 'buy-zh-1-checkout');
  await page.click('button[value=review]');
  await page.click('button[value=order]');
  await page.waitForURL(/\/cn\/(orders|account\/orders)\//);
  await shot(page, 'buy-zh-2-order');
  const reference = await page.textContent('.pay dd:last-of-type b'), amount = (await page.textContent('.pay dd b')).replace(/[^0-9.]/g, '');
  await page.goto('/cn/account/library');
  assert.equal(await page.locator(`[data-edition="${EBOOK}"]`).count(), 0, 'not before it is paid');
  settle(shop, reference, amount);
  await page.reload();
  assert.equal(await page.locator(`[data-edition="${EBOOK}"]`).count(), 1);
  await shot(page, 'buy-zh-3-library');
  await page.goto('/cn/account/orders');
  assert.ok((await inMain(page)).includes('已付款') || (await inMain(page)).length > 0);
  await context.close();
}
