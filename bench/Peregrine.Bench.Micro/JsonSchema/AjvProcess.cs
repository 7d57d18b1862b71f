using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Peregrine.Bench.Micro.Ratios;

namespace Peregrine.Bench.Micro.JsonSchema;

/// <summary>ajv with JSON.parse in a process of node, which measures itself when it is asked to: so that it takes turns with what runs here.</summary>
internal static class AjvProcess
{
    /// <summary>Starts node for one schema and instance; null where node or ajv is absent, which is said on standard error.</summary>
    public static Contestant? TryStart(byte[] schema, byte[] instance)
    {
        var (script, packages) = Find();
        if (script is null || packages is null)
        {
            Console.Error.WriteLine("ajv is left out: its packages are missing in tests/Peregrine.JsonSchema.Tests/npm (./test --install)");
            return null;
        }

        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("node", [script, packages]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            Console.Error.WriteLine($"ajv is left out: node cannot be started ({exception.Message})");
            return null;
        }

        process.StandardInput.AutoFlush = true;
        process.StandardInput.WriteLine($"{{\"schema\":{OneLine(schema)},\"instance\":\"{JsonEncodedText.Encode(Encoding.UTF8.GetString(instance))}\"}}");
        return new Contestant("ajv + JSON.parse (node)", static () => 0, count =>
        {
            process.StandardInput.WriteLine(count.ToString(CultureInfo.InvariantCulture));
            var answer = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("node has ended");
            return (long)(long.Parse(answer, CultureInfo.InvariantCulture) / 1e9 * Stopwatch.Frequency);
        });
    }

    private static string OneLine(byte[] json) => Encoding.UTF8.GetString(json).ReplaceLineEndings(" ");

    private static (string? Script, string? Packages) Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "bench", "Peregrine.Bench.Micro", "JsonSchema", "ajv-measure.mjs");
            var packages = Path.Combine(folder.FullName, "tests", "Peregrine.JsonSchema.Tests", "npm");
            if (File.Exists(script))
            {
                return (script, Directory.Exists(Path.Combine(packages, "node_modules", "ajv")) ? packages : null);
            }
        }

        return (null, null);
    }
}
