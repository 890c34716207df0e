import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Attached } from '../mock/mockSession';
import { token } from '../mock/mockDaemon';
import { Browser } from './browser';

let browser: Browser;
let page: Page;

beforeAll(async () => { browser = await Browser.start(); });
afterAll(() => browser.close());

beforeEach(() => {
  const { daemon } = browser;
  daemon.sessions.clear();
  daemon.unsaved.clear();
  daemon.add('server', { command: 'npm run dev', title: 'vite dev server', port: 3000 });
  daemon.get('server').print('\x1b[32mready\x1b[0m in 312 ms\r\n$ ');
});

afterEach(async () => {
  await page.close();
  expect(browser.complaints.splice(0)).toEqual([]);
});

const row = (name: string) => page.locator(`.session[data-name="${name}"]`);
const notice = () => page.locator('.terminal-tab:not([hidden]) .notice');

const shown = () => page.locator('.terminal-tab:not([hidden]) .xterm-rows');

async function opened(name: string): Promise<Attached> {
  await row(name).getByRole('button', { name: `Open ${name}` }).click();
  await expect.poll(() => browser.daemon.get(name).clients.length).toBe(1);
  const client = browser.daemon.get(name).clients[0];
  if (!client) throw new Error('not attached');
  // The first ack says that the snapshot is on the screen.
  await expect.poll(() => client.told.some((message) => message['type'] === 'ack')).toBe(true);
  return client;
}

const received = (client: Attached): string => Buffer.concat(client.received).toString();

describe('signing in', () => {
  it('refuses a wrong token in words, and keeps the right one nowhere', async () => {
    page = await browser.page();
    await browser.picture(page, 'sign-in');
    await page.getByLabel('Access token').fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This token is not accepted.').waitFor();
    await page.getByLabel('Access token').fill(token);
    await page.keyboard.press('Enter');
    await row('server').waitFor();
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]));
    expect(kept).not.toContain(token);
  });

  it('asks again when the token is revoked, and comes back to the session', async () => {
    page = await browser.signedIn();
    await opened('server');
    browser.daemon.revoke();
    await page.getByLabel('Access token').fill(token);
    await page.keyboard.press('Enter');
    await expect.poll(() => browser.daemon.get('server').history.at(-1)?.query.get('resume')).toBe('a1');
    await expect.poll(() => browser.daemon.get('server').clients.length).toBe(1);
  });
});

describe('the list', () => {
  it('shows the devbox and every session, and follows the events', async () => {
    const { daemon } = browser;
    daemon.status = {
      ...daemon.status, version: '0.4.1', degraded: ['notebook'], warnings: ['/workspaces/checkout/.sessiond.toml:3:1: [daemon] is ignored in a workspace layer'],
      labels: { project: 'checkout', environment: 'dev' },
      hooks: [
        { name: 'on_create', event: 'on_create', state: 'succeeded', reason: null, exit_code: 0, started_at: null, ended_at: null },
        { name: 'migrate', event: 'post_start', state: 'succeeded', reason: null, exit_code: 0, started_at: null, ended_at: null },
        { name: 'seed', event: 'post_start', state: 'failed', reason: 'timed out after 60 s', exit_code: 124, started_at: null, ended_at: null },
      ],
    };
    daemon.autoCommit = {
      enabled: true, interval: '5s', state: 'watching', reason: null, last_commit: { id: 'abc', at: new Date(Date.now() - 90_000).toISOString(), message: 'm' },
      last_push_at: null, ahead: 0, behind: 0, uncommitted: 0, unpushed: 0, error: null,
    };
    daemon.add('tests', { command: 'npm test -- --watch', controller: 'alice', attached: true, observers: 2, last_activity_at: new Date().toISOString() });
    daemon.add('notebook', { type: 'marimo', state: 'failed', reason: 'not ready within 60 s: http://127.0.0.1:2718/ answered 502', port: 2718, exit_code: 1, restarts: 5 });
    daemon.add('build', { command: ['make', 'release'], state: 'stopped', exit_code: 2, exited_at: new Date(Date.now() - 300_000).toISOString() });
    daemon.add('shell-2', { state: 'paused', outdated: true });
    page = await browser.signedIn();
    await row('notebook').waitFor();
    await browser.picture(page, 'list-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await browser.picture(page, 'list-dark');
    await page.setViewportSize({ width: 390, height: 780 });
    await browser.picture(page, 'list-narrow');
    expect(await row('tests').textContent()).toContain('alice controls, 2 observers');
    expect(await row('build').textContent()).toContain('Stopped, exit 2');
    expect(await page.locator('.devbox').textContent()).toContain('Degraded: notebook');

    daemon.get('build').change({ state: 'running', exit_code: null });
    await row('build').getByText('Running').waitFor();
    daemon.sessions.delete('shell-2');
    daemon.publish('session.removed', { name: 'shell-2' });
    await row('shell-2').waitFor({ state: 'detached' });
    daemon.sessions.delete('tests');
    daemon.publish('reset', null);
    await row('tests').waitFor({ state: 'detached' });
    daemon.autoCommit = null;
  });

  it('creates a session and opens it, by keyboard alone', async () => {
    page = await browser.signedIn();
    await row('server').waitFor();
    await page.getByRole('button', { name: 'New session' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('fresh');
    await page.keyboard.press('Tab');
    await page.keyboard.type('htop');
    await browser.picture(page, 'create');
    await page.keyboard.press('Enter');
    await expect.poll(() => browser.daemon.sessions.get('fresh')?.clients.length).toBe(1);
    expect(browser.daemon.get('fresh').object.command).toBe('htop');
    await expect.poll(() => page.title()).toBe('fresh · sessiond');
  });

  it('terminates only after showing what would be lost', async () => {
    browser.daemon.unsaved.set('server', ['M src/app.ts', '2 commits of main are not pushed']);
    page = await browser.signedIn();
    await row('server').getByRole('button', { name: 'Terminate server' }).click();
    await page.getByRole('button', { name: 'Terminate', exact: true }).click();
    await page.getByText('2 commits of main are not pushed').waitFor();
    await browser.picture(page, 'unsaved');
    expect(browser.daemon.sessions.has('server')).toBe(true);
    await page.getByRole('button', { name: 'Terminate and lose it' }).click();
    await row('server').waitFor({ state: 'detached' });
    expect(browser.daemon.sessions.has('server')).toBe(false);
  });
});

describe('a terminal', () => {
  it('shows the snapshot, sends keys, and fits', async () => {
    page = await browser.signedIn();
    const client = await opened('server');
    await expect.poll(() => shown().textContent()).toContain('ready in 312 ms');
    await page.keyboard.type('echo hi');
    await page.keyboard.press('Enter');
    await expect.poll(() => received(client)).toBe('echo hi\r');
    await expect.poll(() => shown().textContent()).toContain('echo hi');
    expect(client.told.find((message) => message['type'] === 'profile')).toMatchObject({ background: '#fdfdfb' });
    expect(await page.title()).toBe('vite dev server · server · sessiond');

    const { cols } = browser.daemon.get('server').object.size;
    await page.setViewportSize({ width: 800, height: 500 });
    await expect.poll(() => browser.daemon.get('server').object.size.cols).toBeLessThan(cols);
    await browser.picture(page, 'terminal');
  });

  it('T30 T32 answers no query, and reports no focus on its own account', async () => {
    page = await browser.signedIn();
    const client = await opened('server');
    browser.daemon.get('server').print(
      '\x1b[c\x1b[>c\x1b[=c\x1b[5n\x1b[6n\x1b[?6n\x1b[?2004$p\x1bP$qm\x1b\\\x1b[>q\x1b]10;?\x07\x1b]11;?\x1b\\\x1b]4;1;?\x07\x1b]12;?\x07\x1b]52;c;?\x07\x1b[14t\x1b[18t\x1b[?1004hdone',
    );
    await expect.poll(() => shown().textContent()).toContain('done');
    await page.keyboard.type('x');
    await expect.poll(() => received(client)).toBe('x');
  });

  it('T14 copies what the program copies', async () => {
    page = await browser.signedIn();
    await opened('server');
    browser.daemon.get('server').print(`\x1b]52;c;${Buffer.from('from the program').toString('base64')}\x07`);
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('from the program');
  });

  it('T54 comes back after a loss with the missing bytes only', async () => {
    page = await browser.signedIn();
    await opened('server');
    const session = browser.daemon.get('server');
    const { offset } = session.object;
    browser.daemon.cut();
    session.print('while you were away');
    await expect.poll(() => session.history.length).toBe(2);
    expect(session.history[1]?.query.get('since')).toBe(`e1:${offset}`);
    expect(session.history[1]?.query.get('takeover')).toBe('0');
    await expect.poll(() => shown().textContent()).toContain('$ while you were away');
  });

  it('T45 stays away after a takeover until the person takes it back', async () => {
    page = await browser.signedIn();
    await opened('server');
    const session = browser.daemon.get('server');
    session.takenOver('alice');
    await notice().getByText(/Taken over by alice at/).waitFor();
    await browser.picture(page, 'taken-over');
    expect(session.history).toHaveLength(1);
    await notice().getByRole('button', { name: 'Take back' }).click();
    await expect.poll(() => session.history[1]?.query.get('takeover')).toBe('1');
    await notice().waitFor({ state: 'hidden' });
  });

  it('asks before it evicts when a link is followed', async () => {
    browser.daemon.get('server').change({ controller: 'alice', attached: true });
    page = await browser.signedIn('#/sessions/server');
    await notice().getByText('alice controls this session.').waitFor();
    await notice().getByRole('button', { name: 'Watch' }).click();
    await page.getByText('read-only').waitFor();
    await page.keyboard.type('typed blindly');
    await page.getByRole('button', { name: 'Take control' }).click();
    await page.getByText('read-only').waitFor({ state: 'hidden' });
    await page.keyboard.type('y');
    const client = browser.daemon.get('server').clients[0];
    await expect.poll(() => client && received(client)).toBe('y');
  });

  it('T59 keeps the screen of a program that ended, and starts it again', async () => {
    page = await browser.signedIn();
    await opened('server');
    browser.daemon.get('server').exit(3);
    await notice().getByText('The program ended: exit 3.').waitFor();
    expect(await shown().textContent()).toContain('ready in 312 ms');
    await browser.picture(page, 'ended');
    await notice().getByRole('button', { name: 'Start' }).click();
    await expect.poll(() => browser.daemon.get('server').clients.length).toBe(1);
    expect(browser.daemon.get('server').object.state).toBe('running');
  });

  it('searches its scrollback with Ctrl+Shift+F', async () => {
    page = await browser.signedIn();
    await opened('server');
    browser.daemon.get('server').print(Array.from({ length: 200 }, (_, line) => `line ${line}\r\n`).join(''));
    await page.keyboard.press('Control+Shift+F');
    await page.keyboard.type('line 17');
    await page.getByText(/of 11$/).waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    await browser.picture(page, 'search-dark');
    await page.keyboard.press('Escape');
    await page.getByRole('search').waitFor({ state: 'hidden' });
  });

  it('has the keys that a phone lacks', async () => {
    page = await browser.signedIn();
    await page.setViewportSize({ width: 390, height: 700 });
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'pointer', value: 'coarse' }] });
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true });
    const client = await opened('server');
    await browser.picture(page, 'phone');
    await page.getByRole('button', { name: 'Ctrl' }).click();
    await page.keyboard.type('c');
    await page.getByRole('button', { name: 'Up' }).click();
    await page.keyboard.type('c');
    await expect.poll(() => received(client)).toBe('\x03\x1b[Ac');
  });

  it('leaves the terminal by Ctrl+Shift+E', async () => {
    page = await browser.signedIn();
    await opened('server');
    await page.keyboard.press('Control+Shift+E');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Watch only');
  });
});
