using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Once;

/// <summary>Counts its runs.</summary>
internal sealed class CountingTool(string name = "count", bool? readOnly = null, bool? idempotent = null)
    : McpToolHandler(new McpToolDefinition { Name = name, InputSchema = "{\"type\":\"object\"}"u8.ToArray(), ReadOnly = readOnly, Idempotent = idempotent })
{
    private int _runs;

    internal int Runs => _runs;

    public override ValueTask InvokeAsync(McpCall call)
    {
        call.ReturnText($"run {Interlocked.Increment(ref _runs)}");
        return default;
    }
}
