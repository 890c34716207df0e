import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { MockDaemon, token } from '../mock/mockDaemon';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const dist = join(import.meta.dirname, '../../dist');
/** Where pictures of the page are kept, for people who work on its looks; unset: nowhere. */
const pictures = process.env['PICTURES'];

const chromiumArguments = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** A mock daemon, and a Chromium with a profile of its own that looks at it. */
export class Browser {
  readonly daemon: MockDaemon;
  readonly url: string;
  readonly context: BrowserContext;
  /** What the page complained about, a violated Content-Security-Policy included. */
  readonly complaints: string[] = [];
  readonly #profile: string;

  private constructor(daemon: MockDaemon, url: string, context: BrowserContext, profile: string) {
    this.daemon = daemon;
    this.url = url;
    this.context = context;
    this.#profile = profile;
  }

  /** Without WebGL the terminal's text is in the page, where a test can read it. */
  static async start(webgl = false): Promise<Browser> {
    const daemon = new MockDaemon(dist);
    const url = await daemon.listen();
    const profile = mkdtempSync(join(tmpdir(), 'sessiond-dashboard-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath, args: webgl ? chromiumArguments : [...chromiumArguments, '--disable-3d-apis'], viewport: { width: 1200, height: 760 }, permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(15_000);
    return new Browser(daemon, url, context, profile);
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.daemon.close();
    rmSync(this.#profile, { recursive: true, force: true });
  }

  /** A fresh page at `hash`, not signed in. */
  async page(hash = ''): Promise<Page> {
    await this.context.clearCookies();
    const page = await this.context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      // Refused and cut requests are in the console too; they are what the tests are about.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.complaints.push(message.text());
    });
    await page.goto(this.url + hash);
    return page;
  }

  async signedIn(hash = ''): Promise<Page> {
    const page = await this.page(hash);
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('tablist').waitFor();
    return page;
  }

  async picture(page: Page, name: string): Promise<void> {
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
  }
}
