import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const binary = process.env['SESSIOND_BINARY'] ?? resolve(import.meta.dirname, '../../../out/sessiond');

/** The published binary on a free port of the loopback, in a folder of its own. */
export class Daemon {
  static token = 'real-browser-token';

  static async start(spec) {
    const folder = mkdtempSync(join(tmpdir(), 'sessiond-real-'));
    const daemon = new Daemon();
    daemon.folder = folder;
    writeFileSync(join(folder, 'token'), `${Daemon.token}\n`);
    writeFileSync(join(folder, 'spec.toml'), `schema = 1\n[daemon]\ntoken_file = "${join(folder, 'token')}"\n${spec}`);
    daemon.process = spawn(binary, [
      'serve', '--spec', join(folder, 'spec.toml'), '--socket', join(folder, 'run', 'sessiond.sock'),
      '--state-dir', join(folder, 'state'), '--listen', '127.0.0.1:0',
    ], { stdio: ['ignore', 'pipe', 'inherit'] });
    daemon.exited = new Promise((done) => daemon.process.once('exit', done));
    daemon.url = await daemon.listening();
    await daemon.sessionsAreThere([...spec.matchAll(/\[\[sessions\]\]\s+name = "([^"]+)"/g)].map((found) => found[1]));
    return daemon;
  }

  /** It listens before it has made the sessions of the spec. */
  async sessionsAreThere(names) {
    const missing = async () => {
      const present = (await (await this.request('v1/sessions')).json()).map((session) => session.name);
      return names.some((name) => !present.includes(name));
    };
    while (await missing()) await new Promise((done) => setTimeout(done, 20));
  }

  /** Resolves with the page's address once the log names it. */
  listening() {
    let log = '';
    return new Promise((done, fail) => {
      this.process.once('exit', (code) => fail(new Error(`the daemon ended with ${code}:\n${log}`)));
      this.process.stdout.on('data', (chunk) => {
        log += chunk;
        const found = /listening on (127\.0\.0\.1:\d+)/.exec(log);
        if (found) done(`http://${found[1]}/`);
      });
    });
  }

  async request(path, options = {}) {
    const response = await fetch(this.url + path, { ...options, headers: { Authorization: `Bearer ${Daemon.token}` } });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.exited;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
