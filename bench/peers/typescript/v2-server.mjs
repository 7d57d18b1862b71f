import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** A server on SDK v2 with echo, add and the given number of numbered tools. */
export function createServer(numberedTools = 0) {
  const server = new McpServer({ name: 'typescript-v2', version: '1.0.0' });
  const echo = async ({ message }) => ({ content: [{ type: 'text', text: message }] });
  const echoInput = z.object({ message: z.string() });
  server.registerTool('echo', { description: 'Returns the message.', inputSchema: echoInput }, echo);
  server.registerTool('add', { description: 'Adds two numbers.', inputSchema: z.object({ a: z.number(), b: z.number() }) }, async ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }));
  for (let number = 1; number <= numberedTools; number++)
    server.registerTool(`tool${number}`, { description: 'Returns the message.', inputSchema: echoInput }, echo);
  return server;
}
