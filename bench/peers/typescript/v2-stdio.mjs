import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createServer } from './v2-server.mjs';

serveStdio(() => createServer());
