using Peregrine.Server.Dispatch;
using Peregrine.Server.Fronts;
using Peregrine.Server.Tests.Serving;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Tests.Dispatch;

/// <summary>What surrounds the calls of a tool.</summary>
public sealed class CallPipelineTests
{
    [Fact]
    public void AToolThatNothingSurroundsHasNoSteps()
    {
        var tool = new DelegateTool("plain", static call => call.ReturnNothing());

        Assert.Null(new CallPipeline(null!, static _ => null, static _ => null).Prepare(tool));
    }

    [Fact]
    public async Task StepsRunFromTheFirstSourceInwards()
    {
        List<string> seen = [];
        var tool = new DelegateTool("tool", static call => call.ReturnNothing());

        var first = new CallPipeline(null!, _ => new Noting("a", seen), static _ => null, _ => new Noting("b", seen), _ => new Ending(seen)).Prepare(tool);
        using var exchange = new Exchange();
        await first!.RunAsync(tool, exchange);

        Assert.Equal(["a in", "b in", "end", "b out", "a out"], seen);
    }

    [Fact]
    public async Task AToolInTwoServersHasTheStepsOfEach()
    {
        List<string> seen = [];
        var tool = new DelegateTool("tool", static call => call.ReturnNothing());
        var first = new CallPipeline(null!, _ => new Noting("first", seen), _ => new Ending(seen));
        var second = new CallPipeline(null!, _ => new Noting("second", seen), _ => new Ending(seen));
        var step = first.Prepare(tool);
        second.Prepare(tool);

        using var exchange = new Exchange();
        await step!.RunAsync(tool, exchange);

        Assert.Equal(["first in", "end", "first out"], seen);
    }

    private sealed class Exchange : McpExchange
    {
        public override ValueTask NotifyAsync(ReadOnlySpan<byte> notification, CancellationToken cancellationToken = default) => default;
    }

    private sealed class Noting(string name, List<string> seen) : CallStep
    {
        internal override async ValueTask RunAsync(McpToolHandler tool, McpExchange exchange)
        {
            seen.Add(name + " in");
            await NextAsync(tool, exchange);
            seen.Add(name + " out");
        }
    }

    private sealed class Ending(List<string> seen) : CallStep
    {
        internal override ValueTask RunAsync(McpToolHandler tool, McpExchange exchange)
        {
            seen.Add("end");
            return default;
        }
    }
}
