using System.Globalization;
using Peregrine.Server.Tools;

namespace Peregrine.Integration.OnceServer;

/// <summary>Tools that do something that must not be done twice, and give a result of their own each time.</summary>
[McpTools]
public sealed class EffectTools
{
    private readonly EffectFile _file;
    private readonly Random _random = new(1);
    private int _runs;

    internal EffectTools(EffectFile file) => _file = file;

    /// <summary>Appends a key to the file.</summary>
    /// <param name="key">The key.</param>
    /// <param name="before">How long to wait ahead of it, in milliseconds.</param>
    /// <param name="after">How long to wait behind it, in milliseconds.</param>
    /// <param name="cancellationToken">Not heeded: what must not be done twice is done to its end.</param>
    [McpTool]
    public async Task<string> Append(string key, int before = 0, int after = 0, CancellationToken cancellationToken = default)
    {
        await LingerAsync(before);
        _file.Append(key);
        await LingerAsync(after);
        return Result(key);
    }

    /// <summary>The same, and knows afterwards what it has done.</summary>
    [McpTool(Reconcile = nameof(FindAsync))]
    public Task<string> AppendOrFind(string key, int before = 0, int after = 0, CancellationToken cancellationToken = default) => Append(key, before, after, cancellationToken);

    /// <summary>Looks whether a call has happened.</summary>
    public ValueTask<McpReconciliation> FindAsync(string key, CancellationToken cancellationToken) =>
        new(_file.Has(key) ? McpReconciliation.Happened($"{key} found") : McpReconciliation.DidNotHappen);

    // Not the same twice, so that a second run shows in the result as well.
    private string Result(string key) => string.Create(CultureInfo.InvariantCulture, $"{key} run {Interlocked.Increment(ref _runs)} of {Environment.ProcessId}");

    // So that kills meet calls before, in and behind what they do.
    private Task LingerAsync(int further)
    {
        int milliseconds;
        lock (_random)
        {
            milliseconds = further + _random.Next(4);
        }

        return milliseconds == 0 ? Task.CompletedTask : Task.Delay(milliseconds);
    }
}
