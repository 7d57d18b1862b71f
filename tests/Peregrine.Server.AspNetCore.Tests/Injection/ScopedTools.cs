using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Injection;

/// <summary>Tools that need a scope.</summary>
[McpTools]
internal sealed class ScopedTools(Unit unit, UnitOfWork work) : IAsyncDisposable
{
    /// <summary>The numbers of what the call has been given.</summary>
    [McpTool]
    public string Numbers(McpCall call)
    {
        Assert.Same(work, call.Services!.GetService(typeof(UnitOfWork)));
        return $"{work.Number}";
    }

    /// <summary>Fails.</summary>
    [McpTool]
    public async Task<string> Fail()
    {
        await Task.Yield();
        throw new McpToolException($"work {work.Number}");
    }

    /// <summary>Fails at its end.</summary>
    [McpTool]
    public string Spoil()
    {
        work.FailsToEnd = true;
        return "never seen";
    }

    public ValueTask DisposeAsync()
    {
        unit.Log.Enqueue($"tools of {work.Number}");
        return default;
    }
}
