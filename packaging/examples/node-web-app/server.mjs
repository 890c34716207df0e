import { createServer } from 'node:http';

const port = Number(process.env.PORT);
createServer((request, response) => {
  response.end(request.url === '/health' ? 'ok' : 'hello from the shop\n');
}).listen(port, '127.0.0.1', () => console.log(`listening on ${port}`));
