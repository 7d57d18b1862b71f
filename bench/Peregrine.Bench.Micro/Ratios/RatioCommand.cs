using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace Peregrine.Bench.Micro.Ratios;

/// <summary>The command line of the fast mode: measures, prints a table, writes JSON where asked.</summary>
internal static class RatioCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static int Run(string[] args, RatioCase[] cases)
    {
        var jsonAt = Array.IndexOf(args, "--json");
        if (jsonAt >= 0 && jsonAt + 1 >= args.Length)
        {
            Console.Error.WriteLine("--json needs a file name");
            return 2;
        }

        var texts = args.Where((a, i) => !a.StartsWith("--", StringComparison.Ordinal) && (jsonAt < 0 || i != jsonAt + 1)).ToList();
        cases = [.. cases.Where(c => texts.TrueForAll(t => c.Name.Contains(t, StringComparison.OrdinalIgnoreCase)))];
        if (cases.Length == 0)
        {
            Console.Error.WriteLine("no case has these texts in its name");
            return 2;
        }

        cases = [.. cases.Select(static c => c.Complete())];
        PairedMeasurement.WarmUp(cases, TimeSpan.FromSeconds(3));
        foreach (var contestant in cases.Where(static c => c.WarmsUntilSteady).SelectMany(static c => c.Contestants))
        {
            var (seconds, isSteady) = SteadyWarmUp.Run(contestant);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{contestant.Name}: warm after {seconds:F0} s{(isSteady ? "" : ", but not steady")}"));
        }

        PrintHead();
        var results = new List<RatioResult>();
        foreach (var ratioCase in cases)
        {
            results.Add(PairedMeasurement.Measure(ratioCase));
            Print(results[^1]);
        }

        if (jsonAt >= 0)
        {
            File.WriteAllText(args[jsonAt + 1], JsonSerializer.Serialize(new { Environment = Describe(), Results = results }, Indented));
        }

        return 0;
    }

    private static object Describe() => new
    {
        Runtime = RuntimeInformation.FrameworkDescription,
        Architecture = RuntimeInformation.ProcessArchitecture.ToString(),
        Os = RuntimeInformation.OSDescription,
        Processors = Environment.ProcessorCount,
        Vector = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128,
        Time = TimeProvider.System.GetUtcNow(),
    };

    private static void PrintHead() => Console.WriteLine($"{"case",-26}{"bytes",8}  {"contestant",-28}{"ns",10}{"MB/s",8}{"B alloc",10}{"ratio",8}  quartiles");

    private static void Print(RatioResult result)
    {
        foreach (var (c, i) in result.Contestants.Select(static (c, i) => (c, i)))
        {
            var rate = result.Bytes == 0 ? 0 : result.Bytes / c.Nanoseconds * 1000;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(i == 0 ? result.Name : ""),-26}{(i == 0 ? result.Bytes.ToString(CultureInfo.InvariantCulture) : ""),8}  {c.Name,-28}{c.Nanoseconds,10:F1}{rate,8:F0}{c.AllocatedBytes,10:F0}{c.Ratio,8:F2}  {c.RatioLow:F2}-{c.RatioHigh:F2}"));
        }
    }
}
