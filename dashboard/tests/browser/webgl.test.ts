import { afterAll, beforeAll, expect, it } from 'vitest';
import { Browser } from './browser';

let browser: Browser;

beforeAll(async () => { browser = await Browser.start(true); });
afterAll(() => browser.close());

it('draws with WebGL where there is one, and keeps one context however many tabs are open', async () => {
  for (const name of ['one', 'two', 'three']) browser.daemon.add(name).print(`\x1b[1;36m${name}\x1b[0m 漢字 👩‍💻 é \x1b[4:3mundercurl\x1b[0m\r\n`);
  const page = await browser.signedIn();
  for (const name of ['one', 'two', 'three']) {
    await page.getByRole('tab', { name: 'Sessions' }).click();
    await page.getByRole('button', { name: `Open ${name}` }).click();
    await expect.poll(() => browser.daemon.get(name).clients[0]?.told.some((message) => message['type'] === 'ack')).toBe(true);
  }
  expect(await page.locator('.terminal-tab:not([hidden]) canvas').count()).toBeGreaterThan(0);
  expect(await page.locator('.terminal-tab[hidden] .xterm-screen canvas:not(.xterm-decoration-overview-ruler)').count()).toBe(0);
  await page.emulateMedia({ colorScheme: 'dark' });
  await browser.picture(page, 'webgl-dark');
  expect(browser.complaints).toEqual([]);
});
