using System.Diagnostics;
using System.Text;
using Peregrine.Client;

namespace Peregrine.Samples.Tests.Processes;

/// <summary>Samples as a user runs them, in processes of their own.</summary>
internal static class Sample
{
    /// <summary>A test that waits this long has failed. Far more than any wait takes on a busy machine.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Starts a sample and connects to it over its standard streams.</summary>
    internal static ValueTask<PeregrineClient> ConnectAsync(string sample, Action<string>? onErrorLine = null, params (string Name, string Value)[] environment) =>
        PeregrineClient.ConnectStdioAsync("dotnet", [PathOf(sample)], new PeregrineClientOptions
        {
            OnErrorLine = onErrorLine,
            Environment = environment.ToDictionary(static pair => pair.Name, static pair => (string?)pair.Value),
            ProbeTimeout = Patience,
            ConnectTimeout = Patience,
            RequestTimeout = Patience,
        });

    /// <summary>Runs a sample to its end, and gives what it wrote.</summary>
    internal static async Task<string> RunAsync(string sample, params string[] arguments)
    {
        using var process = Start(sample, arguments);
        using var patience = new CancellationTokenSource(Patience);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    /// <summary>Starts a sample that listens, on a port that the system chooses.</summary>
    internal static async Task<Site> ServeAsync(string sample)
    {
        const string Listening = "Now listening on: ";
        var process = Start(sample, "--urls", "http://127.0.0.1:0");
        var output = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            output.AppendLine(line);
            if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var start)
            {
                return new Site(process, new Uri(line[(start + Listening.Length)..].Trim()));
            }
        }

        process.Kill();
        throw new InvalidOperationException($"{sample} does not listen: {output}");
    }

    /// <summary>Calls a tool, and gives its text.</summary>
    internal static async Task<string> CallAsync(this PeregrineClient client, string tool, string arguments = "{}")
    {
        using var result = await client.CallToolAsync(tool, Encoding.UTF8.GetBytes(arguments));
        return result.IsError ? $"failed: {result.GetText()}" : result.GetText();
    }

    private static Process Start(string sample, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [PathOf(sample), .. arguments]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;

    // artifacts/bin/PROJECT/CONFIGURATION/
    private static string PathOf(string sample)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(here.Parent!.Parent!.FullName, sample, here.Name, sample + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing; build tests/Peregrine.Samples.Tests.");
    }
}
