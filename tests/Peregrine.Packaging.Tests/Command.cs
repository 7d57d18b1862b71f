using System.Diagnostics;
using System.Text;

namespace Peregrine.Packaging.Tests;

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    // A restore may have to fetch a runtime; a hanging one is a failure.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>Runs it, and fails where it fails.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="environment">Variables to set.</param>
    /// <param name="input">What it reads on its standard input.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it wrote on its standard output.</returns>
    internal static async Task<string> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, string input, string program, params string[] arguments)
    {
        using var process = Start(folder, environment, program, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{await output}\n{await errors}");
        return await output;
    }

    internal static Process Start(string folder, IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        // What runs this test must not reach into what the test runs.
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        return Process.Start(start)!;
    }
}
