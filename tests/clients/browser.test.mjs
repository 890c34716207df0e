// Pages with xterm.js: its own AttachAddon, and the example of docs/. And a recording in asciinema-player.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Daemon } from '../../dashboard/tests/real/daemon.mjs';
import { Proxy } from './proxy.mjs';

const browser = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const here = import.meta.dirname;
const addonPage = `<!doctype html><meta charset="utf-8"><div id="screen"></div>
<script src="xterm/lib/xterm.js"></script><script src="addon/lib/addon-attach.js"></script>
<script>
const terminal = new Terminal({ cols: 80, rows: 24 });
terminal.open(document.getElementById('screen'));
terminal.loadAddon(new AttachAddon.AttachAddon(new WebSocket(new URLSearchParams(location.search).get('url'))));
window.terminal = terminal;
</script>`;

const playerPage = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="player/asciinema-player.css"><div id="player"></div>
<script src="player/asciinema-player.js"></script>
<script>
const player = AsciinemaPlayer.create('recording.cast', document.getElementById('player'), { autoPlay: true, idleTimeLimit: 0.1 });
player.addEventListener('ended', () => document.title = 'ended');
</script>`;

let pages;
let daemon;
let proxy;
let context;
let profile;

before(async () => {
  pages = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    const file = path.startsWith('/xterm/') ? resolve(here, 'node_modules/@xterm', `.${path}`)
      : path.startsWith('/addon/') ? resolve(here, 'node_modules/@xterm', `./addon-attach/${path.slice(7)}`)
      : path.startsWith('/player/') ? resolve(here, 'node_modules/asciinema-player/dist/bundle', `.${path.slice(7)}`)
        : path === '/attach.html' ? resolve(here, '../../docs/examples/attach.html') : null;
    response.setHeader('Content-Type', path.endsWith('.js') ? 'text/javascript' : path.endsWith('.css') ? 'text/css' : 'text/html');
    const made = { '/addon.html': addonPage, '/player.html': playerPage, '/recording.cast': path === '/recording.cast' && await recording() }[path];
    response.end(made ? made : file ? await readFile(file) : '');
  });
  await new Promise((done) => pages.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${pages.address().port}`;
  daemon = await Daemon.start(`allowed_origins = ["${origin}"]\n[[sessions]]\nname = "shell"\ncommand = ["bash", "--norc", "--noprofile"]\n[[sessions]]\nname = "echo"\ncommand = ["cat"]\n`);
  proxy = await Proxy.start({ port: Number(new URL(daemon.url).port), host: '127.0.0.1' });
  profile = mkdtempSync(join(tmpdir(), 'sessiond-clients-'));
  context = await chromium.launchPersistentContext(profile, { executablePath: browser, args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-3d-apis'] });
  context.setDefaultTimeout(30_000);
  const login = await fetch(`${daemon.url}v1/login`, { method: 'POST', body: JSON.stringify({ token: Daemon.token }) });
  const [name, value] = login.headers.get('set-cookie').split(';')[0].split('=');
  await context.addCookies([{ name, value, url: daemon.url }]);
});

after(async () => {
  await context?.close();
  proxy?.stop();
  pages?.close();
  await daemon?.stop();
  if (profile) rmSync(profile, { recursive: true, force: true });
});

const recording = async () => (await daemon.request('v1/sessions/shell/logs?format=cast')).text();

async function open(page, session) {
  const tab = await context.newPage();
  const url = `ws://127.0.0.1:${proxy.port}/v1/sessions/${session}/attach`;
  await tab.goto(`http://127.0.0.1:${pages.address().port}/${page}?url=${encodeURIComponent(url)}`);
  return tab;
}

const shows = (tab, text) => tab.locator('.xterm-rows').filter({ hasText: text }).waitFor();
const type = async (tab, text) => {
  await tab.locator('.xterm-helper-textarea').focus();
  await tab.keyboard.type(text);
};

test('@xterm/addon-attach works unchanged, and finds the screen again', async () => {
  const first = await open('addon.html', 'shell');
  await shows(first, 'bash');
  await type(first, 'echo from $((1 + 1)) the addon\n');
  await shows(first, 'from 2 the addon');
  await first.close();
  const second = await open('addon.html', 'shell');
  await shows(second, 'from 2 the addon');
  await second.close();
});

test('the example page types, comes back after a cut without a snapshot, and stays away when it was taken over', async () => {
  const tab = await open('attach.html', 'echo');
  await tab.getByText('controller').waitFor();
  await type(tab, 'first\n');
  await shows(tab, 'first');
  const back = tab.waitForEvent('websocket');
  proxy.cut();
  const socket = await back;
  assert.match(socket.url(), /since=[0-9a-z]+%3A\d+&resume=/);
  await tab.getByText('controller').waitFor();
  await daemon.request('v1/sessions/echo/input', { method: 'POST', body: 'while away\r' });
  await shows(tab, 'while away');
  const other = await open('attach.html', 'echo');
  await shows(other, 'while away');
  await tab.getByText('4001').waitFor();
  const accepted = proxy.accepted;
  await type(other, 'mine\n');
  await shows(other, 'mine');
  assert.equal(proxy.accepted, accepted);
});

test('a recording plays in asciinema-player to its end, and shows what the session showed', async () => {
  await daemon.request('v1/sessions/shell/input', { method: 'POST', body: 'printf "\\033[31mplayed → %d\\033[m\\n" $((6 * 7))\r' });
  const tab = await context.newPage();
  while (!(await recording()).includes('played \u2192 42')) await new Promise((done) => setTimeout(done, 50));
  await tab.goto(`http://127.0.0.1:${pages.address().port}/player.html`);
  await tab.waitForFunction(() => document.title === 'ended');
  await tab.locator('.ap-term').filter({ hasText: 'played → 42' }).waitFor();
  await tab.close();
});
