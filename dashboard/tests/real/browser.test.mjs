import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Daemon } from './daemon.mjs';

const spec = `
[[sessions]]
name = "shell"
command = ["bash", "--norc", "--noprofile"]
env = { PS1 = '\\[\\e[1;32m\\]me\\[\\e[0m\\]$ ' }
[[sessions]]
name = "counter"
command = "i=0; while :; do i=$((i + 1)); echo line $i; sleep 0.2; done"
`;

let daemon;
let context;
let profile;
const complaints = [];

before(async () => {
  daemon = await Daemon.start(spec);
  profile = mkdtempSync(join(tmpdir(), 'sessiond-real-browser-'));
  context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    // Without WebGL the terminal's text is in the page, where a test can read it.
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-3d-apis', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
    viewport: { width: 1200, height: 760 },
  });
  context.setDefaultTimeout(30_000);
});

after(async () => {
  await context?.close();
  await daemon?.stop();
  if (profile) rmSync(profile, { recursive: true, force: true });
});

/** A page that is signed in; each one begins without a cookie. */
async function signedIn() {
  await context.clearCookies();
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  await page.goto(daemon.url);
  await page.getByLabel('Access token').fill(Daemon.token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('tablist').waitFor();
  return page;
}

const rows = (page) => page.locator('.terminal-tab:not([hidden]) .xterm-rows');
const open = (page, name) => page.locator(`.session[data-name="${name}"]`).getByRole('button', { name: `Open ${name}` }).click();

test('a wrong token is refused and nothing of the devbox is shown', async () => {
  await context.clearCookies();
  const page = await context.newPage();
  await page.goto(daemon.url);
  await page.getByLabel('Access token').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This token is not accepted.').waitFor();
  assert.equal(await page.locator('.session').count(), 0);
  await page.close();
});

test('signing in, opening a session, typing and seeing the echo', async () => {
  const page = await signedIn();
  await open(page, 'shell');
  await rows(page).getByText('me$').first().waitFor();
  await page.keyboard.type("printf '\\033[31mr%s\\033[0m 漢字\\n' ed-$((40 + 2))");
  await page.keyboard.press('Enter');
  const red = rows(page).getByText('red-42').first();
  await red.waitFor();
  const colour = await red.evaluate((element) => getComputedStyle(element).color);
  const plain = await rows(page).evaluate((element) => getComputedStyle(element).color);
  assert.notEqual(colour, plain, 'what the program printed in red has a colour of its own');
  if (process.env['PICTURES']) await page.screenshot({ path: join(process.env['PICTURES'], 'real-shell.png') });
  const screen = await (await daemon.request('v1/sessions/shell/screen')).text();
  assert.match(screen, /red-42 漢字/);
  await page.close();
});

test('the session takes the size of the page, and a reload shows the same screen', async () => {
  const page = await signedIn();
  await open(page, 'shell');
  await rows(page).getByText('red-42').first().waitFor();
  await page.keyboard.type('stty size');
  await page.keyboard.press('Enter');
  const { size } = await (await daemon.request('v1/sessions/shell')).json();
  await rows(page).getByText(`${size.rows} ${size.cols}`).first().waitFor();
  assert.notDeepEqual(size, { cols: 80, rows: 24 });
  await page.reload();
  await rows(page).getByText('red-42').first().waitFor();
  await rows(page).getByText(`${size.rows} ${size.cols}`).first().waitFor();
  await page.close();
});

test('output goes on while nobody looks', async () => {
  const page = await signedIn();
  await open(page, 'counter');
  await rows(page).getByText(/line \d+/).first().waitFor();
  await page.close();
  const before = (await (await daemon.request('v1/sessions/counter')).json()).offset;
  const again = await signedIn();
  await open(again, 'counter');
  await rows(again).getByText(/line \d+/).first().waitFor();
  assert.ok((await (await daemon.request('v1/sessions/counter')).json()).offset > before);
  await again.close();
});

test('the page complains of nothing', () => assert.deepEqual(complaints, []));
