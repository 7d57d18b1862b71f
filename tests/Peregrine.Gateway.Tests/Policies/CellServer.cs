using System.Globalization;
using System.Text.Json.Nodes;
using Peregrine.Gateway.Tests.Serving;
using Peregrine.Server;
using Peregrine.Server.Tools;

namespace Peregrine.Gateway.Tests.Policies;

/// <summary>A server with numbered cells: <c>read</c> gives one, <c>write</c> sets one. Both take their time between looking and answering, so that reads and writes overlap.</summary>
internal static class CellServer
{
    internal static Task<HttpServer> StartAsync(int cells)
    {
        var values = new int[cells];
        return HttpServer.StartAsync(PeregrineServer.CreateBuilder("cells", "1")
            .AddTool(new McpToolDefinition { Name = "read", InputSchema = "{\"type\":\"object\"}"u8.ToArray(), ReadOnly = true }, async call =>
            {
                var value = Volatile.Read(ref values[(int)JsonNode.Parse(call.RawArguments.Span)!["cell"]!]);
                await Task.Yield();
                call.ReturnText(value.ToString(CultureInfo.InvariantCulture));
            })
            .AddTool(new McpToolDefinition { Name = "write", InputSchema = "{\"type\":\"object\"}"u8.ToArray() }, async call =>
            {
                var arguments = JsonNode.Parse(call.RawArguments.Span)!;
                await Task.Yield();
                Volatile.Write(ref values[(int)arguments["cell"]!], (int)arguments["value"]!);
                await Task.Yield();
                call.ReturnText("written");
            })
            .Build());
    }
}
