// Passkeys, as Chromium makes and uses them with a device that is not there (CDP's WebAuthn):
// added on the account's page, used to sign in, removed; and the pages without JavaScript.
import assert from 'node:assert/strict';
import axe from 'axe-core';

const PASSWORD = 'a long enough secret';

async function violations(page) {
  await page.evaluate(axe.source);
  return page.evaluate(async () => (await globalThis.axe.run()).violations.map((v) => [v.id, v.nodes.map((n) => n.html)]));
}

// A device that holds passkeys and knows its owner, or does not.
async function device(page, owner = true) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: owner, automaticPresenceSimulation: true },
  });
  return {
    held: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    know: (isUserVerified) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    clear: () => cdp.send('WebAuthn.clearCredentials', { authenticatorId }),
  };
}

const signUp = async (page, name) => {
  await page.goto('/us/sign-up');
  await page.fill('[name=name]', name);
  await page.fill('[name=email]', `${name.toLowerCase()}@example.org`);
  await page.fill('[name=password]', PASSWORD);
  await page.click('main button.btn');
  await page.waitForURL('**/us/');
};

export async function passkeysSignIn(visitor, shop, shot) {
  // Browsers know passkeys on this machine itself by its name alone.
  const { context, page } = await visitor({ baseURL: shop.url.replace('127.0.0.1', 'localhost') });
  const wrong = [];
  page.on('console', (message) => message.type() === 'error' && !/favicon|422/.test(message.text() + message.location().url) && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(String(error)));
  const phone = await device(page);
  await signUp(page, 'Passkeya');
  await page.click('a[href$="/account"]');
  await page.click('a[href$="/account/security"]');
  const form = page.locator('form[data-passkey=make]');
  assert.equal(await page.isVisible('[data-without]'), false);
  assert.match(await form.locator('[name=name]').inputValue(), /^Chrome on \w+/);
  // The password first: a wrong one makes nothing.
  await form.locator('[name=name]').fill('My phone');
  await form.locator('[name=password]').fill('not the secret');
  await form.locator('button').click();
  await form.locator('[role=alert]:has-text("password")').waitFor();
  assert.equal((await phone.held()).length, 0);
  await form.locator('[name=password]').fill(PASSWORD);
  await form.locator('button').click();
  await page.waitForSelector('[data-passkey-name="My phone"]:has-text("never used")');
  assert.equal((await phone.held()).length, 1);
  assert.deepEqual(await violations(page), []);
  await shot(page, 'passkeys');
  // The same device is told that it has one.
  await form.locator('[name=password]').fill(PASSWORD);
  await form.locator('button').click();
  await form.locator('[role=alert]:has-text("already")').waitFor();

  await page.goto('/us/account');
  await page.click('form[action$="/sign-out"] button');
  await page.waitForURL('**/us/');
  await page.goto('/us/sign-in?return=/us/account/security');
  const use = page.locator('form[data-passkey=use]');
  assert.deepEqual(await violations(page), []);
  await shot(page, 'sign-in-passkey');
  // A device that does not know its owner lets nobody in.
  await phone.know(false);
  await use.locator('button').click();
  await use.locator('[role=alert]:has-text("still the password")').waitFor();
  await phone.know(true);
  await use.locator('button').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/us/account/security');
  await page.waitForSelector('[data-passkey-name="My phone"]:has-text("last used")');
  // The last one goes with the password; then the device is a stranger's.
  const removal = page.locator('[data-passkey-name="My phone"] form');
  await removal.locator('[name=password]').fill(PASSWORD);
  await removal.locator('button').click();
  await page.waitForFunction(() => document.querySelector('[data-passkey-name]') === null);
  await context.clearCookies();
  await page.goto('/us/sign-in');
  await use.locator('button').click();
  await page.waitForSelector('#error:has-text("does not know it")');
  assert.deepEqual(wrong, []);
  await context.close();
}

export async function signingInTakesNoScript(visitor, shop) {
  const { context, page } = await visitor({ javaScriptEnabled: false, baseURL: shop.url.replace('127.0.0.1', 'localhost') });
  await signUp(page, 'Scriptless');
  await page.goto('/us/account/security');
  assert.equal(await page.isVisible('form[data-passkey]'), false);
  assert.equal(await page.isVisible('[data-without]'), true);
  await page.fill('form[action$="/account/password"] [name=password]', PASSWORD);
  await page.fill('[name=new-password]', 'another long secret');
  await page.click('form[action$="/account/password"] button');
  await page.waitForSelector('[role=status]:has-text("signed out everywhere else")');
  await context.clearCookies();
  await page.goto('/us/sign-in');
  assert.equal(await page.isVisible('form[data-passkey]'), false);
  await page.fill('[name=email]', 'scriptless@example.org');
  await page.fill('[name=password]', 'another long secret');
  await page.click('main form.write button');
  await page.waitForURL('**/us/');
  await context.close();
}

// Staff: the same at the desk's own form.
export async function deskTakesPasskeys(visitor, shop, operator) {
  const { context, page } = await visitor({ baseURL: shop.url.replace('127.0.0.1', 'localhost') });
  await device(page);
  const signIn = async () => {
    await page.goto('/desk/sign-in');
    await page.fill('[name=email]', operator.email);
    await page.fill('[name=password]', operator.password);
    await page.click('form.write button.btn');
    await page.waitForURL('**/desk/');
  };
  await signIn();
  await page.goto('/us/account/security');
  await page.fill('form[data-passkey=make] [name=password]', operator.password);
  await page.click('form[data-passkey=make] button');
  await page.waitForSelector('[data-passkey-name]');
  await context.clearCookies();
  await page.goto('/desk/sign-in');
  assert.deepEqual(await violations(page), []);
  await page.click('form[data-passkey=use] button');
  await page.waitForURL('**/desk/');
  await page.goto('/us/account/security'); // nothing is left for whoever walks here next
  await page.fill('[data-passkey-name] [name=password]', operator.password);
  await page.click('[data-passkey-name] button');
  await page.waitForSelector('[data-passkey-name]', { state: 'detached' });
  await context.close();
}
