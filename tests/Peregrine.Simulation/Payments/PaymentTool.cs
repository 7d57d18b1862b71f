using System.Text.Json;
using Peregrine.Server.Tools;
using Peregrine.Simulation.World;

namespace Peregrine.Simulation.Payments;

/// <summary>Pays an order, with pauses before and behind. Where it can find out, it asks the bank afterwards what has happened.</summary>
internal sealed class PaymentTool(SimWorld world, SimProcess process, Bank bank, bool reconciles)
    : McpToolHandler(new McpToolDefinition { Name = "pay", InputSchema = "{\"type\":\"object\"}"u8.ToArray() })
{
    public override bool CanReconcile => reconciles;

    public override async ValueTask InvokeAsync(McpCall call)
    {
        using var arguments = JsonDocument.Parse(call.RawArguments);
        var order = arguments.RootElement.GetProperty("order").GetString()!;
        await world.PauseAsync(process, 10);
        var run = bank.Pay(order);
        await world.PauseAsync(process, 10);
        call.ReturnText($"{order} paid by run {run}");
    }

    public override async ValueTask<McpReconciliation> ReconcileAsync(string key, McpCall call, CancellationToken cancellationToken)
    {
        await world.PauseAsync(process, 5);
        return bank.Of(key) > 0 ? McpReconciliation.Happened($"{key} paid before") : McpReconciliation.DidNotHappen;
    }
}
