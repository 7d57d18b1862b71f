using System.Diagnostics;
using Peregrine.Load.Driving;

namespace Peregrine.Load.Tests.Sources;

/// <summary>`peregrine serve`, as a process.</summary>
internal sealed class SampleServer : IDisposable
{
    private static readonly string Program = Repository.Program("Peregrine.Cli", OperatingSystem.IsWindows() ? "peregrine.exe" : "peregrine");

    private readonly Process _process;

    private SampleServer(Process process, Uri url) => (_process, Url) = (process, url);

    /// <summary>The server as a command.</summary>
    public static LoadTarget Stdio { get; } = new() { Command = [Program, "serve", "--stdio"] };

    public Uri Url { get; }

    public LoadTarget Http => new() { Endpoint = Url };

    public static async Task<SampleServer> StartAsync()
    {
        const string Mark = "MCP at ";
        var start = new ProcessStartInfo(Program, ["serve", "--bench", "--urls", "http://127.0.0.1:0"]) { RedirectStandardError = true };
        var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        string? line;
        do
        {
            line = await process.StandardError.ReadLineAsync(patience.Token);
        }
        while (line is not null && !line.StartsWith(Mark, StringComparison.Ordinal));

        Assert.NotNull(line);
        return new SampleServer(process, new Uri(line[Mark.Length..]));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
