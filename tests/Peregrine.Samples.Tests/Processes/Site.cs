using System.Diagnostics;
using Peregrine.Client;

namespace Peregrine.Samples.Tests.Processes;

/// <summary>A sample that listens.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly Process _process;

    internal Site(Process process, Uri address)
    {
        _process = process;
        Address = address;
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
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
        _process.Dispose();
    }
}
