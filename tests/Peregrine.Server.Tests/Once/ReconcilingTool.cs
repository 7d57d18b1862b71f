using Peregrine.Server.Content;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Once;

/// <summary>Says of every call what it is told to.</summary>
internal sealed class ReconcilingTool(McpReconciliationOutcome outcome) : McpToolHandler(new McpToolDefinition { Name = "pay", InputSchema = "{\"type\":\"object\"}"u8.ToArray() })
{
    internal int Runs { get; private set; }

    internal List<string> Asked { get; } = [];

    public override bool CanReconcile => true;

    public override ValueTask InvokeAsync(McpCall call)
    {
        Runs++;
        call.ReturnText("paid");
        return default;
    }

    public override ValueTask<McpReconciliation> ReconcileAsync(string key, McpCall call, CancellationToken cancellationToken)
    {
        Asked.Add(key);
        return new(outcome switch
        {
            McpReconciliationOutcome.Happened => McpReconciliation.Happened([McpContent.Text("paid before")], "{\"order\":7}"u8.ToArray()),
            McpReconciliationOutcome.DidNotHappen => McpReconciliation.DidNotHappen,
            _ => McpReconciliation.Unknown,
        });
    }
}
