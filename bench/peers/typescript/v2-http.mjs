// usage: node v2-http.mjs PORT [TOOLS]. The SDK's own handler for both eras, through its adapter for Node.
import { createServer as createHttpServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { createServer } from './v2-server.mjs';

const [port, tools] = process.argv.slice(2).map(Number);
const handle = toNodeHandler(createMcpHandler(() => createServer(tools)));

createHttpServer((request, response) => {
  if (request.url === '/mcp')
    handle(request, response);
  else
    response.writeHead(404).end();
}).listen(port, '127.0.0.1');
