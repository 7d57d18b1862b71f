using System.Collections.Concurrent;
using Peregrine.Conformance.Tests.Suite;
using Peregrine.Interop.Tests.Processes;

namespace Peregrine.Conformance.Tests.Targets;

/// <summary>An endpoint that the suite is run against, once for each revision.</summary>
public abstract class SuiteTarget : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Task<SuiteRun>> _runs = new();
    private readonly Stack<StartedProgram> _programs = new();

    /// <summary>Where MCP is served.</summary>
    internal Uri Endpoint { get; private set; } = null!;

    /// <summary>What fails there and is known to.</summary>
    internal abstract ExpectedFailures Expected { get; }

    public async ValueTask InitializeAsync() => Endpoint = await StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        while (_programs.TryPop(out var program))
        {
            await program.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>What the suite finds at a revision; it runs when this is first asked.</summary>
    internal Task<SuiteRun> RunAsync(string revision)
    {
        OfficialSuite.Require();
        return _runs.GetOrAdd(revision, asked => OfficialSuite.RunAsync(EndpointOf(asked), asked));
    }

    /// <summary>Where a revision is judged.</summary>
    protected virtual Uri EndpointOf(string revision) => Endpoint;

    /// <summary>Starts what is to be judged.</summary>
    /// <returns>Where it serves MCP.</returns>
    protected abstract Task<Uri> StartAsync();

    /// <summary>Starts a program that says on standard error where it serves, and ends with this target.</summary>
    private protected async Task<Uri> StartAsync(string path, params string[] arguments)
    {
        var program = StartedProgram.Start(path, [.. arguments, "--urls", "http://127.0.0.1:0"]);
        _programs.Push(program);
        var line = await program.WaitForErrorLineAsync("MCP at ");
        return new Uri(line["MCP at ".Length..].Split(',')[0]);
    }
}
