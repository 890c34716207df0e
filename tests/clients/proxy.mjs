import { createServer, connect } from 'node:net';

/** A way to the daemon that can be cut like a network: every connection over it is reset, and new ones work again. */
export class Proxy {
  static async start(target, listen = { port: 0, host: '127.0.0.1' }) {
    const proxy = new Proxy();
    proxy.pairs = new Set();
    proxy.accepted = 0;
    proxy.server = createServer((client) => {
      proxy.accepted++;
      const daemon = connect(target);
      const pair = [client, daemon];
      proxy.pairs.add(pair);
      const end = () => {
        proxy.pairs.delete(pair);
        for (const socket of pair) socket.destroy();
      };
      for (const socket of pair) socket.on('error', end).on('close', end);
      client.pipe(daemon).pipe(client);
    });
    await new Promise((done) => proxy.server.listen(listen, done));
    return proxy;
  }

  get port() {
    return this.server.address().port;
  }

  cut() {
    for (const [client, daemon] of this.pairs) {
      if (client.resetAndDestroy && client.remoteAddress) client.resetAndDestroy();
      else client.destroy();
      daemon.destroy();
    }
  }

  stop() {
    this.server.close();
    this.cut();
  }
}
