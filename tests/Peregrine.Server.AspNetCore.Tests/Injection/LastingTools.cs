using Microsoft.Extensions.DependencyInjection;
using Peregrine.Server.Tools;

namespace Peregrine.Server.AspNetCore.Tests.Injection;

/// <summary>Tools that need no scope.</summary>
[McpTools]
internal sealed class LastingTools(Unit unit, [FromKeyedServices("night")] string greeting, IEnumerable<Unit> all) : IDisposable
{
    private int _calls;

    /// <summary>Counts its calls.</summary>
    [McpTool]
    public string Count() => $"{greeting} {Interlocked.Increment(ref _calls)} of {all.Count()}";

    public void Dispose() => unit.Log.Enqueue("lasting tools");
}
