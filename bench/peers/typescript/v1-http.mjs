// usage: node v1-http.mjs PORT [TOOLS]. Stateless, replies as plain JSON: the quickest way this SDK offers.
import { createServer as createHttpServer } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createServer } from './v1-server.mjs';

const [port, tools] = process.argv.slice(2).map(Number);

createHttpServer(async (request, response) => {
  if (request.method !== 'POST' || request.url !== '/mcp') {
    response.writeHead(request.url === '/mcp' ? 405 : 404).end();
    return;
  }
  const server = createServer(tools);
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  response.on('close', () => {
    transport.close();
    server.close();
  });
  await server.connect(transport);
  await transport.handleRequest(request, response);
}).listen(port, '127.0.0.1');
