using System.Diagnostics;
using System.Globalization;

namespace Peregrine.Bench.Sessions;

/// <summary>The sample server over HTTP, in a process of its own.</summary>
internal sealed class SampleServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _errors;

    private SampleServerProcess(Process process, Uri endpoint)
    {
        _process = process;
        Endpoint = endpoint;
        _errors = process.StandardError.BaseStream.CopyToAsync(Console.OpenStandardError());
    }

    public Uri Endpoint { get; }

    /// <summary>Memory in RAM now, in bytes.</summary>
    public long ResidentBytes => 1024 * long.Parse(Status("VmRSS:").Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);

    public int Threads => int.Parse(Status("Threads:"), CultureInfo.InvariantCulture);

    public static async Task<SampleServerProcess> StartAsync(string program, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, ["serve", "--urls", "http://127.0.0.1:0"]) { RedirectStandardError = true };
        var process = Process.Start(start)!;
        const string Prefix = "MCP at ";
        while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith(Prefix, StringComparison.Ordinal))
            {
                return new SampleServerProcess(process, new Uri(line[Prefix.Length..]));
            }

            Console.Error.WriteLine(line);
        }

        throw new InvalidOperationException($"{program} has ended without listening");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _errors;
        _process.Dispose();
    }

    private string Status(string name) => File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
}
