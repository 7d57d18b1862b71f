using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Peregrine.Generators;

namespace Peregrine.Bench.Micro.Generating;

/// <summary>What an edit costs in a program with 1,000 tools: the generator's run after it, in turn with one that only finds the classes, and beside what the compiler takes to check the program.</summary>
internal static class EditCommand
{
    private const int WarmUp = 10;
    private const int Rounds = 51;

    internal static int Run()
    {
        var clock = Stopwatch.StartNew();
        var program = new ToolProgram();
        var drivers = new GeneratorDriver[] { Driver(new ToolGenerator()), Driver(new FindingGenerator()) };
        for (var i = 0; i < drivers.Length; i++)
        {
            drivers[i] = drivers[i].RunGenerators(program.Compilation);
        }

        var made = drivers[0].GetRunResult().GeneratedTrees.Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ToolProgram.Classes * ToolProgram.ToolsEach:N0} tools in {made} classes; medians and quartiles of {Rounds} edits, ms"));
        Measure("another file", program.EditUnrelated, drivers);
        Measure("a tool's body", program.EditBody, drivers);
        Measure("a tool's signature", program.EditSignature, drivers);

        List<double> checks = [];
        for (var i = 0; i < 7; i++)
        {
            var edited = program.EditUnrelated();
            clock.Restart();
            _ = edited.GetDiagnostics();
            checks.Add(clock.Elapsed.TotalMilliseconds);
        }

        Console.WriteLine($"the compiler checks the program, without what is generated: {Describe(checks)}");
        return made == ToolProgram.Classes ? 0 : 1;
    }

    private static void Measure(string what, Func<Compilation> edit, GeneratorDriver[] drivers)
    {
        var times = new[] { new List<double>(), new List<double>() };
        for (var round = 0; round < WarmUp + Rounds; round++)
        {
            var edited = edit();

            // Whoever comes first binds what both look at.
            for (var i = 0; i < drivers.Length; i++)
            {
                var clean = edited.Clone();
                var started = Stopwatch.GetTimestamp();
                drivers[i] = drivers[i].RunGenerators(clean);
                if (round >= WarmUp)
                {
                    times[i].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }
        }

        Console.WriteLine($"{what}: generator {Describe(times[0])}, only finding the classes {Describe(times[1])}");
    }

    private static string Describe(List<double> times)
    {
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2]:F1} ({times[times.Count / 4]:F1} to {times[times.Count * 3 / 4]:F1})");
    }

    private static CSharpGeneratorDriver Driver(IIncrementalGenerator generator) => CSharpGeneratorDriver.Create([generator.AsSourceGenerator()], parseOptions: ToolProgram.Parsing);
}
