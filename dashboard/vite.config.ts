import { defineConfig } from 'vite';

// `npm run dev` talks to a daemon that listens on TCP. The daemon refuses foreign origins, so the proxy presents its own.
const daemon = process.env['SESSIOND_URL'] ?? 'http://127.0.0.1:7681';

export default defineConfig({
  build: {
    target: 'es2022',
    // The page is served with `default-src 'self'`: a data: URI would be refused.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
    license: { fileName: 'licenses.md' },
  },
  server: {
    proxy: { '/v1': { target: daemon, ws: true, changeOrigin: true, headers: { origin: daemon } } },
  },
});
