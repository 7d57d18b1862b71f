// What both clients do once they are connected: list the tools, make the calls they were given, print what came as JSON.
export async function converse(client, request, { callTool, version }) {
  const tools = [];
  let cursor;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor });
    tools.push(...page.tools.map((tool) => tool.name));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  const results = [];
  for (const { name, arguments: values = {} } of request.calls ?? []) {
    const progress = [];
    try {
      const result = await callTool({ name, arguments: values }, { onprogress: (value) => progress.push(value.progress), timeout: 30_000 });
      results.push({ name, result, progress });
    } catch (error) {
      results.push({ name, error: { code: error.code, message: error.message }, progress });
    }
  }
  const report = { server: client.getServerVersion(), version: version(), tools, results };
  await client.close();
  process.stdout.write(JSON.stringify(report) + "\n");
}

// The request comes as one JSON argument: {"url"} or {"command","args"}, "era", "calls": [{"name","arguments"}].
export const request = JSON.parse(process.argv[2]);
