// The examples of docs/, as they stand there.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { Daemon } from '../../dashboard/tests/real/daemon.mjs';
import { Proxy } from './proxy.mjs';
import { Gathered } from './waiting.mjs';

const python = resolve(import.meta.dirname, '../../docs/examples/attach.py');
let daemon;

before(async () => {
  daemon = await Daemon.start('[[sessions]]\nname = "shell"\ncommand = ["bash", "--norc", "--noprofile"]\n[[sessions]]\nname = "echo"\ncommand = ["cat"]\n');
});

after(() => daemon?.stop());

function run(socket, session) {
  const program = spawn('python3', [python, socket, session], { stdio: ['pipe', 'pipe', 'inherit'] });
  const output = new Gathered();
  program.stdout.on('data', (chunk) => output.add(chunk));
  return { program, output, code: new Promise((done) => program.once('exit', done)) };
}

test('the examples are sixty lines', () => {
  for (const name of ['attach.py', 'attach.html']) {
    assert.ok(readFileSync(resolve(import.meta.dirname, '../../docs/examples', name), 'utf8').trimEnd().split('\n').length <= 60, name);
  }
});

test('attach.py types, shows, and ends with the exit code of the program', async () => {
  const { program, output, code } = run(join(daemon.folder, 'run/sessiond.sock'), 'shell');
  program.stdin.write('echo from $((1 + 1)) python; exit 7\r');
  await output.until('from 2 python');
  assert.equal(await code, 7);
});

test('attach.py comes back by itself, with neither gap nor double, and leaves by ctrl-]', async () => {
  const path = join(daemon.folder, 'proxy.sock');
  const proxy = await Proxy.start({ path: join(daemon.folder, 'run/sessiond.sock') }, { path });
  const { program, output, code } = run(path, 'echo');
  program.stdin.write('first\r');
  await output.until('first\r\nfirst\r\n');
  const shown = output.text.length;
  proxy.cut();
  await daemon.request('v1/sessions/echo/input', { method: 'POST', body: 'while away\r' });
  await output.until('while away\r\nwhile away\r\n', shown);
  assert.equal(output.text.slice(shown), 'while away\r\nwhile away\r\n');
  assert.equal(proxy.accepted, 2);
  program.stdin.write('\x1d');
  assert.equal(await code, 0);
  proxy.stop();
});
