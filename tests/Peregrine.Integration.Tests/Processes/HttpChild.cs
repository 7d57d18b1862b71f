using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace Peregrine.Integration.Tests.Processes;

/// <summary>`peregrine serve` over HTTP in a process of its own, on ports that the system chooses.</summary>
internal sealed class HttpChild : IAsyncDisposable
{
    /// <summary>A test that waits this long has failed.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Channel<string> _errors = Channel.CreateUnbounded<string>();

    private HttpChild(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                _errors.Writer.TryComplete();
            }
            else
            {
                _errors.Writer.TryWrite(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>The addresses of the MCP endpoints, in the order of the command line.</summary>
    internal IReadOnlyList<Uri> Endpoints { get; private set; } = [];

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="addresses">How many addresses the arguments name.</param>
    /// <param name="arguments">What follows `serve`.</param>
    internal static async Task<HttpChild> StartAsync(int addresses, params string[] arguments)
    {
        var start = new ProcessStartInfo(BuiltPrograms.Peregrine, ["serve", .. arguments]) { RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["DOTNET_ROOT"] = BuiltPrograms.DotnetRoot;
        var child = new HttpChild(Process.Start(start)!);
        List<Uri> endpoints = [];
        while (endpoints.Count < addresses)
        {
            var line = await child.NextErrorAsync();
            const string Prefix = "MCP at ";
            Assert.StartsWith(Prefix, line, StringComparison.Ordinal);
            endpoints.Add(new Uri(line[Prefix.Length..]));
        }

        child.Endpoints = endpoints;
        return child;
    }

    /// <summary>The next line on standard error.</summary>
    internal async Task<string> NextErrorAsync() => await _errors.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Asks it to end, as a service manager does.</summary>
    internal void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    internal async Task<int> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await WaitForExitAsync();
        }

        _process.Dispose();
    }
}
