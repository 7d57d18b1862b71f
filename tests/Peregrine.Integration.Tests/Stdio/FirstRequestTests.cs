using Peregrine.Integration.Tests.Processes;

namespace Peregrine.Integration.Tests.Stdio;

/// <summary>
/// Listeners that are there before a server hear of its very first request, though what it is reported with is made after the reply. Each in a process of its own, for a process reports its first request once.
/// </summary>
public sealed class FirstRequestTests
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":"first","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"roots":{}},"clientInfo":{"name":"c","version":"1"}}}""";

    private const string Stateless =
        "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientInfo\":{\"name\":\"c\",\"version\":\"1\"},\"io.modelcontextprotocol/clientCapabilities\":{}";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void InitializeIsHeardOnce(bool callsBeforeTheEnd)
    {
        var heard = Run(Initialize, callsBeforeTheEnd);

        Assert.Single(heard, "measured mcp.server.operation.duration mcp.method.name=initialize mcp.protocol.version=2025-11-25 network.transport=pipe in time");
        Assert.Single(heard, "span initialize Server 0000000000000000 jsonrpc.request.id=first mcp.method.name=initialize mcp.protocol.version=2025-11-25 network.transport=pipe in time");
        Assert.Equal(callsBeforeTheEnd ? 4 : 2, heard.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void DiscoverIsHeardOnce(bool callsBeforeTheEnd)
    {
        var heard = Run(Discover(Stateless), callsBeforeTheEnd);

        Assert.Single(heard, "measured mcp.server.operation.duration mcp.method.name=server/discover mcp.protocol.version=2026-07-28 network.transport=pipe in time");
        Assert.Single(heard, "span server/discover Server 0000000000000000 jsonrpc.request.id=first mcp.method.name=server/discover mcp.protocol.version=2026-07-28 network.transport=pipe in time");
        Assert.Equal(callsBeforeTheEnd ? 4 : 2, heard.Count);
    }

    [Fact]
    public void OneThatBelongsToATraceIsASpanOfIt()
    {
        var heard = Run(Discover("\"traceparent\":\"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\"," + Stateless), callsBeforeTheEnd: false);

        Assert.Single(heard, "span server/discover Server 00f067aa0ba902b7 jsonrpc.request.id=first mcp.method.name=server/discover mcp.protocol.version=2026-07-28 network.transport=pipe in time");
        Assert.Equal(2, heard.Count);
    }

    private static string Discover(string meta) => """{"jsonrpc":"2.0","id":"first","method":"server/discover","params":{"_meta":{""" + meta + "}}}";

    private static List<string> Run(string first, bool callsBeforeTheEnd)
    {
        using var child = StdioChild.Start(BuiltPrograms.MeasuredServer, ["listen"]);
        child.Send(first);
        if (callsBeforeTheEnd)
        {
            Assert.Equal("first", child.Receive().GetProperty("id").GetString());
            child.Send(StdioChild.Call("2", "echo", """{"message":"m"}"""));
            Assert.Equal(2, child.Receive().GetProperty("id").GetInt32());
        }

        child.EndInput();
        child.WaitForExit();
        Assert.Equal(0, child.ExitCode);
        return [.. child.Errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    }
}
