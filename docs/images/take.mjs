// take.mjs URL TOKEN PROFILE FOLDER: signs in, takes a picture of the list, opens the session `editor`, takes another.
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../../dashboard/', import.meta.url))('playwright-core');
const [url, token, profile, folder] = process.argv.slice(2);

const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-3d-apis', '--no-first-run', '--disable-background-networking'],
  viewport: { width: 1080, height: 560 },
  colorScheme: 'dark',
});
context.setDefaultTimeout(15_000);
const page = await context.newPage();
await page.goto(url);
await page.getByLabel('Access token').fill(token);
await page.getByRole('button', { name: 'Sign in' }).click();
await page.getByRole('button', { name: 'Open tests' }).waitFor();
await page.screenshot({ path: `${folder}/sessions.png` });
await page.getByRole('button', { name: 'Open editor' }).click();
// The page is of use as a picture once the editor has drawn itself at the page's size.
await page.waitForFunction(() => document.querySelector('.terminal-tab:not([hidden]) .xterm-rows')?.textContent?.includes('private'));
await page.screenshot({ path: `${folder}/editor.png` });
await context.close();
