// A server on the TypeScript SDK v2 that offers one of everything, in both eras: over stdio, or over HTTP on the port that is its argument.
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { McpServer, ResourceTemplate, completable, createMcpHandler, inputRequired } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";

let handler;

function build() {
  const server = new McpServer({ name: "typescript-v2-server", version: "1.0.0" }, { capabilities: { logging: {}, resources: { subscribe: true } } });
  server.registerTool("echo", { description: "Gives back.", inputSchema: z.object({ message: z.string() }) },
    async ({ message }) => ({ content: [{ type: "text", text: message }] }));
  server.registerTool("add", {
    description: "Adds.",
    inputSchema: z.object({ a: z.number(), b: z.number() }),
    outputSchema: z.object({ sum: z.number() }),
    annotations: { readOnlyHint: true },
  }, async ({ a, b }) => ({ content: [{ type: "text", text: String(a + b) }], structuredContent: { sum: a + b } }));
  server.registerTool("region", {
    description: "Has an argument that is repeated in a header.",
    inputSchema: z.object({ region: z.string().meta({ "x-mcp-header": "Region" }) }),
  }, async ({ region }) => ({ content: [{ type: "text", text: region }] }));
  server.registerTool("steps", { description: "Reports progress." , inputSchema: z.object({}) }, async (_, context) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    for (let step = 1; progressToken !== undefined && step <= 3; step++) {
      await context.mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress: step, total: 3, message: `step ${step}` } });
    }
    return { content: [{ type: "text", text: "done" }] };
  });
  server.registerTool("fail", { description: "Fails.", inputSchema: z.object({}) }, async () => {
    throw new Error("as asked");
  });
  server.registerTool("ask", { description: "Asks for a name.", inputSchema: z.object({}) }, async (_, context) => {
    const answer = context.mcpReq.inputResponses?.who;
    return answer?.action === "accept"
      ? { content: [{ type: "text", text: `hello ${answer.content.name}` }] }
      : inputRequired({
        inputRequests: {
          who: inputRequired.elicit({
            message: "Who are you?",
            requestedSchema: { type: "object", properties: { name: { type: "string", default: "nobody" } } },
          }),
        },
      });
  });
  server.registerTool("touch", { description: "Changes the watched resource and the list of tools.", inputSchema: z.object({}) }, async () => {
    handler?.notify.resourceUpdated("test://watched");
    handler?.notify.toolsChanged();
    return { content: [] };
  });
  server.registerResource("watched", "test://watched", { mimeType: "text/plain", description: "A text." },
    async (uri) => ({ contents: [{ uri: uri.href, mimeType: "text/plain", text: "watched text" }] }));
  server.registerResource("numbered", new ResourceTemplate("test://numbered/{number}", { list: undefined }), { description: "Numbered texts." },
    async (uri, { number }) => ({ contents: [{ uri: uri.href, text: `number ${number}` }] }));
  server.registerPrompt("greet", {
    description: "Greets.",
    argsSchema: z.object({ name: completable(z.string(), (value) => ["Ada", "Alan", "Grace"].filter((name) => name.startsWith(value))) }),
  }, async ({ name }) => ({ messages: [{ role: "user", content: { type: "text", text: `Greet ${name}.` } }] }));
  return server;
}

const port = process.argv[2];
if (port === undefined) {
  serveStdio(build);
} else {
  handler = createMcpHandler(build);
  createServer(async (incoming, outgoing) => {
    const body = incoming.method === "GET" || incoming.method === "HEAD" ? undefined : Readable.toWeb(incoming);
    const abort = new AbortController();
    outgoing.on("close", () => abort.abort());
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, { method: incoming.method, headers: incoming.headers, body, duplex: "half", signal: abort.signal });
    const response = await handler.fetch(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.flushHeaders();
    if (response.body) {
      for await (const piece of response.body) outgoing.write(piece);
    }
    outgoing.end();
  }).listen(Number(port), "127.0.0.1", () => console.error(`listening on ${port}`));
}
