using System.Diagnostics;
using Peregrine.Client;

namespace Peregrine.Samples.Tests.Processes;

/// <summary>A sample that listens.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _rest;

    internal Site(Process process, Uri address)
    {
        _process = process;
        Address = address;

        // Read on, so that the sample never waits for somebody to take what it logs.
        _rest = process.StandardOutput.ReadToEndAsync();
        Http = new HttpClient { BaseAddress = address, Timeout = Sample.Patience };
    }

    internal Uri Address { get; }

    internal Uri Endpoint => new(Address, "/mcp");

    internal HttpClient Http { get; }

    internal ValueTask<PeregrineClient> ConnectAsync() => PeregrineClient.ConnectAsync(Endpoint);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        await _rest;
        _process.Dispose();
    }
}
