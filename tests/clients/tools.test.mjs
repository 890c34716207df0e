// Command-line tools and libraries that others wrote, as they come.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, test } from 'node:test';
import { Exec, KubeConfig } from '@kubernetes/client-node';
import WebSocket from 'ws';
import { Daemon } from '../../dashboard/tests/real/daemon.mjs';
import { Gathered } from './waiting.mjs';

let daemon;
let names = 0;

before(async () => {
  daemon = await Daemon.start('');
});

after(() => daemon?.stop());

async function session(...command) {
  const name = `s${++names}`;
  await daemon.request('v1/sessions', { method: 'POST', body: JSON.stringify({ name, command }) });
  return name;
}

const address = (name, query = '') => `${daemon.url.replace('http', 'ws')}v1/sessions/${name}/attach?${query}`;
const headers = { Authorization: `Bearer ${Daemon.token}` };

test('npm ws, raw: the screen, then what is printed; text and binary are typed', async () => {
  const name = await session('bash', '--norc', '--noprofile');
  const socket = new WebSocket(address(name), { headers });
  const output = new Gathered();
  socket.on('message', (data, isBinary) => output.add(isBinary ? data : '(text) '));
  await new Promise((done) => socket.once('open', done));
  socket.send('echo one $((1 + 1))\r');
  await output.until('one 2');
  socket.send(Buffer.from('echo → $((2 + 2))\r'));
  await output.until('→ 4');
  socket.send('exit 3\r');
  const [code] = await new Promise((done) => socket.once('close', (...closed) => done(closed)));
  assert.equal(code, 4002);
  assert.ok(!output.text.includes('(text)'));
});

test('npm ws, sessiond.v1: resumes where it was', async () => {
  const name = await session('cat');
  const first = new WebSocket(address(name), 'sessiond.v1', { headers });
  const output = new Gathered();
  let hello;
  let position;
  first.on('message', (data, isBinary) => {
    if (!isBinary) hello ??= JSON.parse(data);
    else {
      const header = data[0] === 1 ? 9 : 10;
      position = Number(data.readBigUInt64BE(header - 8)) + (data[0] === 1 ? data.length - 9 : 0);
      output.add(data.subarray(header));
    }
  });
  await new Promise((done) => first.once('open', done));
  first.send(Buffer.from('\0hello\r'));
  await output.until('hello\r\nhello\r\n');
  first.terminate();
  await daemon.request(`v1/sessions/${name}/input`, { method: 'POST', body: 'missed\r' });
  const second = new WebSocket(address(name, `since=${hello.epoch}:${position}&resume=${hello.attachment}`), 'sessiond.v1', { headers });
  const missed = new Gathered();
  second.on('message', (data, isBinary) => {
    if (isBinary) missed.add(`<${data[0]} ${data.readBigUInt64BE(1)}>${data.subarray(9)}`);
  });
  await missed.until('missed', await missed.until('missed'));
  assert.ok(missed.text.startsWith(`<1 ${position}>missed`), missed.text);
  second.close();
});

test('wscat, raw', async () => {
  const name = await session('bash', '--norc', '--noprofile');
  const tool = spawn(process.execPath, [
    resolve(import.meta.dirname, 'node_modules/wscat/bin/wscat'), '-c', address(name), '-H', `Authorization: Bearer ${Daemon.token}`,
    '-x', 'echo from $((20 + 3)) wscat; exit\r', '-w', '20',
  ], { stdio: ['pipe', 'pipe', 'inherit'] });
  const output = new Gathered();
  tool.stdout.on('data', (chunk) => output.add(chunk));
  await output.until('from 23 wscat');
  tool.kill();
});

test('the Kubernetes client: exec with its own channels, sizes and status', async () => {
  const name = await session('bash', '-c', 'read line; echo "got $line"; stty size; exit 5');
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'c', server: daemon.url.replace(/\/$/, ''), skipTLSVerify: true }],
    users: [{ name: 'u', token: Daemon.token }],
    contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
    currentContext: 'x',
  });
  // The client makes the path of a pod's exec; everything else is its own.
  const exec = new Exec(config);
  const connect = exec.handler.connect.bind(exec.handler);
  exec.handler.connect = (path, text, binary) => connect(`/v1/sessions/${name}/attach`, text, binary);
  const stdout = Object.assign(new PassThrough(), { columns: 97, rows: 31 });
  const stdin = new PassThrough();
  const output = new Gathered();
  stdout.on('data', (chunk) => output.add(chunk));
  let told;
  const status = new Promise((done) => {
    told = done;
  });
  const socket = await exec.exec('default', 'pod', 'container', ['sh'], stdout, null, stdin, true, told);
  assert.match(socket.protocol, /^v[45]\.channel\.k8s\.io$/);
  // The client sends the size when it gets to it.
  for (let cols = 0; cols !== 97;) cols = (await (await daemon.request(`v1/sessions/${name}`)).json()).size.cols;
  stdin.write('from kubernetes\r');
  await output.until('got from kubernetes');
  await output.until('31 97');
  const ended = await status;
  assert.equal(ended.status, 'Failure');
  assert.equal(ended.reason, 'NonZeroExitCode');
  assert.equal(ended.details.causes[0].message, '5');
});
