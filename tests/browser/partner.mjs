// A newcomer's walk: an operator makes a partner's account; the partner, who has read no manual,
// sends a feed, reads what is wrong with it, finds the titles on sale in three countries and mends
// one, by the pages alone. Then those pages under axe, by keyboard and on 320 pixels.
import assert from 'node:assert/strict';

const PARTNER = { email: 'pia@press.example', password: 'a long enough secret' };

function isbn(n) {
  const digits = '97800000' + String(n).padStart(4, '0');
  const sum = [...digits].reduce((s, d, i) => s + Number(d) * (i % 2 ? 3 : 1), 0);
  return digits + ((10 - (sum % 10)) % 10);
}

const price = (amount, currency) =>
  `<Price><PriceType>02</PriceType><PriceAmount>${amount}</PriceAmount><CurrencyCode>${currency}</CurrencyCode></Price>`;
const product = (reference, number, title) => `<Product><RecordReference>${reference}</RecordReference><NotificationType>03</NotificationType>
<RecordSourceType>01</RecordSourceType><ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>${number}</IDValue></ProductIdentifier>
<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>BC</ProductForm><TitleDetail><TitleType>01</TitleType><TitleElement>
<TitleElementLevel>01</TitleElementLevel><TitleText>${title}</TitleText></TitleElement></TitleDetail><Contributor><SequenceNumber>1</SequenceNumber>
<ContributorRole>A01</ContributorRole><PersonName>Mara Quist</PersonName></Contributor><Language><LanguageRole>01</LanguageRole><LanguageCode>eng</LanguageCode>
</Language></DescriptiveDetail><PublishingDetail><PublishingStatus>04</PublishingStatus><SalesRights><SalesRightsType>01</SalesRightsType><Territory>
<RegionsIncluded>WORLD</RegionsIncluded></Territory></SalesRights></PublishingDetail><ProductSupply><SupplyDetail><Supplier><SupplierRole>01</SupplierRole>
<SupplierName>Press</SupplierName></Supplier><ProductAvailability>20</ProductAvailability>${price('12.90', 'USD')}${price('58.00', 'CNY')}${price('9.99', 'GBP')}
</SupplyDetail></ProductSupply></Product>`;
const feed = (...products) => `<?xml version="1.0" encoding="UTF-8"?><ONIXMessage release="3.0"><Header><Sender><SenderName>Press</SenderName></Sender>
<SentDateTime>20261120T0900Z</SentDateTime></Header>${products.join('')}</ONIXMessage>`;

// What the operator does, on the command line: the last time that one is needed.
export function welcomePartner(shop) {
  shop.run(['storefront', 'add', 'gb', '--unresearched', 'sell', '--country', 'GB', '--language', 'en', '--currency', 'GBP']);
  shop.run(['shop', 'add', 'press', '--name', 'Quist Press']);
  shop.run(['staff', 'add', PARTNER.email, '--name', 'Pia', '--role', 'partner', '--shop', 'press', '--password-stdin'], PARTNER.password + '\n');
}

export async function signInAsPartner(page) {
  await page.goto('/desk/');
  await page.fill('[name=email]', PARTNER.email);
  await page.fill('[name=password]', PARTNER.password);
  await page.click('main button.btn');
  await page.waitForURL('**/desk/partner/press/');
}

// `n` tells walks apart; `words` are those of the page's language. Where its pages are is returned.
export async function partnerWalks(page, shot, n, words) {
  const good = isbn(9000 + 2 * n), other = isbn(9001 + 2 * n), bad = good.slice(0, 12) + ((Number(good[12]) + 1) % 10);
  await signInAsPartner(page);
  await page.setInputFiles('input[type=file]', {
    name: `spring-${n}.xml`, mimeType: 'application/xml',
    buffer: Buffer.from(feed(product(`q${n}-1`, good, `The Salt Harbuor ${n}`), product(`q${n}-2`, other, `Tidewater ${n}`), product(`q${n}-3`, bad, 'Nowhere'))),
  });
  await shot(page, `partner-${n}-1-send`);
  await page.click('form.write button.btn');
  await page.waitForURL('**/feeds/*');
  const at = new URL(page.url()).pathname;
  await page.waitForSelector('.facts-row'); // the page asks for itself until it is over
  assert.deepEqual(await page.$$eval('.facts-row b', (all) => all.map((b) => b.textContent)), ['2', '0', '0', '0', '1']);
  const fault = page.locator('tr[data-code=isbn-check-digit]');
  for (const said of [bad, `q${n}-3`, 'ProductIdentifier/IDValue', words.mend]) assert.ok((await fault.textContent()).includes(said), said);
  await shot(page, `partner-${n}-2-report`);
  // On sale in three countries?
  await page.click('.crumbs a[href="/desk/partner/press/"]');
  await page.click('.choices a[href$="/titles"]');
  await page.fill('form.write [name=q]', good);
  await page.click('form.write button.btn');
  const row = page.locator(`tr[data-key="${good}"]`);
  assert.equal(await row.locator('.state.lifted').count(), 3, 'on sale in three countries');
  await shot(page, `partner-${n}-3-titles`);
  await row.locator('a[href*="/titles/"]').click();
  assert.equal(await page.locator('tr[data-verdict=ok]').count(), 3);
  // A slip of the typesetter's, mended here and now.
  await page.fill('[name=title]', `The Salt Harbour ${n}`);
  await page.click('form.write:has([name=title]) button.btn');
  await page.waitForSelector('[role=status]');
  assert.ok((await page.textContent('.corrected')).includes('Pia'));
  await shot(page, `partner-${n}-4-corrected`);
  const title = new URL(page.url()).pathname;
  for (const [where, amount] of [['us', '12.90'], ['cn', '58.00'], ['gb', '9.99']]) {
    await page.goto(title);
    await page.click(`tr[data-storefront=${where}] a[href$="/books/${good}"]`);
    assert.equal(await page.textContent('h1'), `The Salt Harbour ${n}`);
    assert.ok((await page.textContent('main')).includes(amount), `${where}: ${amount}`);
  }
  return ['/desk/partner/press/', at, '/desk/partner/press/titles', title];
}
