import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { converse, request } from "./client.mjs";

const OverHttp = request.era === "sse" ? SSEClientTransport : StreamableHTTPClientTransport;
const transport = request.url
  ? new OverHttp(new URL(request.url))
  : new StdioClientTransport({ command: request.command, args: request.args, env: process.env });
const client = new Client({ name: "typescript-v1", version: "1.0.0" });
let version;
transport.setProtocolVersion = ((set) => (value) => {
  version = value;
  set?.call(transport, value);
})(transport.setProtocolVersion);
await client.connect(transport);
await converse(client, request, {
  callTool: (call, options) => client.callTool(call, undefined, options),
  version: () => version,
});
