import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { converse, request } from "./client.mjs";

const modes = { session: "legacy", stateless: { pin: "2026-07-28" }, auto: "auto" };
const transport = request.url
  ? new StreamableHTTPClientTransport(new URL(request.url))
  : new StdioClientTransport({ command: request.command, args: request.args, env: process.env });
const client = new Client({ name: "typescript-v2", version: "1.0.0" }, { versionNegotiation: { mode: modes[request.era] } });
await client.connect(transport);
await converse(client, request, {
  callTool: (call, options) => client.callTool(call, options),
  version: () => client.getNegotiatedProtocolVersion(),
});
