using ModelContextProtocol.Server;
using Peregrine.Bench.Official;

// Without a host and without logging: the quickest way the SDK offers to serve stdio.
await using McpServer server = McpServer.Create(new StdioServerTransport("official-stdio"), OfficialTools.CreateOptions("official-stdio", numberedTools: 0));
await server.RunAsync();
