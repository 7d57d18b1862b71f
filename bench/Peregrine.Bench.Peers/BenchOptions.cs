using System.Globalization;
using Peregrine.Bench.Peers.Rows;

namespace Peregrine.Bench.Peers;

/// <summary>The command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        The same workload on our server, on other stacks, and on bare programs (floors); prints the ratios.

        usage: dotnet run -c Release --project bench/Peregrine.Bench.Peers -- [ROW...] [OPTIONS]

          ROW             a row's id or the start of one (stdio, http-first, start-1-2025, gateway); all when none is named
          --quick         windows of 1 s and fewer rounds: a first impression, not a result
          --rounds N      measured rounds of each target (default: 12; starts: 10; first seconds: 5)
          --window N      seconds of a measured window (default: 2)
          --warm-up N     seconds after which a target counts as warm although it is not steady (default: 90)
          --only ID,...   only these targets: peregrine, floor, official, typescript-1, typescript-2, forwarder, nginx
          --server PATH   the peregrine program (default: ./peregrine, else the built Peregrine.Cli)
          --soak SECONDS  instead of rows: load the gateway for so long, in each era, with `peregrine bench` (--json, default bench/results/gateway-soak.json)
          --json FILE     also write everything, with the environment, as JSON
          --scoreboard    write the tables of README.md and docs/performance.md anew from the JSON results, and end
          --list          print the rows and end
          --help          print this and end

        examples:
          dotnet run -c Release --project bench/Peregrine.Bench.Peers -- --quick
          dotnet run -c Release --project bench/Peregrine.Bench.Peers -- stdio http --json bench/results/peers.json
          dotnet run -c Release --project bench/Peregrine.Bench.Peers -- stdio-64 --quick --only peregrine,floor
          dotnet run -c Release --project bench/Peregrine.Bench.Peers -- gateway --json bench/results/gateway.json
          dotnet run -c Release --project bench/Peregrine.Bench.Peers -- --soak 300

        exit codes: 0 measured, 1 a target failed or answered wrongly, or a soak missed a budget, 2 bad usage. A row's budget that is OVER does not fail the run.
        """;

    public IReadOnlyList<RowDefinition> Rows { get; private init; } = RowDefinition.All;

    public bool IsQuick { get; private init; }

    public int? Rounds { get; private init; }

    public IReadOnlyList<string> Only { get; private init; } = [];

    public string? Server { get; private init; }

    public string? JsonFile { get; private init; }

    /// <summary>How long the gateway is loaded in each era; null where rows are measured.</summary>
    public int? SoakSeconds { get; private init; }

    /// <summary>Whether a row is measured in which the TypeScript SDKs take part.</summary>
    public bool NeedsTypeScript => SoakSeconds is null && Rows.Any(row => !row.HasUpstream);

    public bool IsHelp { get; private init; }

    public bool IsList { get; private init; }

    public bool IsScoreboard { get; private init; }

    /// <summary>Length of a measured window; also of a warm-up window.</summary>
    /// <remarks>Many short windows in turn, not a few long ones: a machine that others share changes its speed from minute to minute, and a ratio within one round does not see it.</remarks>
    public TimeSpan Window => TimeSpan.FromSeconds(WindowSeconds ?? (IsQuick ? 1 : 2));

    public int? WindowSeconds { get; private init; }

    public int? WarmUpSeconds { get; private init; }

    /// <summary>Longest warm-up of a target that does not become steady.</summary>
    public TimeSpan WarmUpLimit => TimeSpan.FromSeconds(WarmUpSeconds ?? (IsQuick ? 8 : 90));

    /// <summary>The first seconds of a process, in the rows about them.</summary>
    public TimeSpan First => TimeSpan.FromSeconds(IsQuick ? 3 : 10);

    public int RoundsOf(RowKind kind) => Rounds ?? (kind, IsQuick) switch
    {
        (RowKind.Start, false) => 10,
        (RowKind.Start, true) => 5,
        (RowKind.HttpFirst, true) => 2,
        (RowKind.HttpFirst, false) => 5,
        (_, true) => 3,
        _ => 12,
    };

    /// <summary>Whether the target takes part; <c>floor</c> means both floors.</summary>
    public bool Includes(string target) => Only.Count == 0 || Only.Any(only => target == only || target.StartsWith(only + "-", StringComparison.Ordinal));

    /// <summary>Throws <see cref="FormatException"/> with a text for people on a bad command line.</summary>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        var rows = new List<RowDefinition>();
        for (int index = 0; index < arguments.Count; index++)
        {
            string argument = arguments[index];
            string Value() => ++index < arguments.Count ? arguments[index] : throw new FormatException($"{argument} needs a value");
            options = argument switch
            {
                "--quick" => options with { IsQuick = true },
                "--rounds" => options with { Rounds = PositiveNumber(argument, Value()) },
                "--window" => options with { WindowSeconds = PositiveNumber(argument, Value()) },
                "--warm-up" => options with { WarmUpSeconds = PositiveNumber(argument, Value()) },
                "--only" => options with { Only = Value().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
                "--server" => options with { Server = ExistingFile(Value()) },
                "--soak" => options with { SoakSeconds = PositiveNumber(argument, Value()) },
                "--json" => options with { JsonFile = Value() },
                "--scoreboard" => options with { IsScoreboard = true },
                "--list" => options with { IsList = true },
                "--help" or "-h" => options with { IsHelp = true },
                _ when argument.StartsWith('-') => throw new FormatException($"unknown option {argument}"),
                _ => AddRows(options, rows, argument),
            };
        }

        return rows.Count == 0 ? options : options with { Rows = [.. RowDefinition.All.Where(rows.Contains)] };
    }

    private static BenchOptions AddRows(BenchOptions options, List<RowDefinition> rows, string prefix)
    {
        RowDefinition[] matching = [.. RowDefinition.All.Where(row => row.Id == prefix || row.Id.StartsWith(prefix, StringComparison.Ordinal))];
        if (matching.Length == 0)
            throw new FormatException($"no row is called {prefix}; there are: {string.Join(", ", RowDefinition.All.Select(row => row.Id))}");
        rows.AddRange(matching);
        return options;
    }

    private static int PositiveNumber(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : throw new FormatException($"{name} needs a number above 0, not {text}");

    private static string ExistingFile(string path) => File.Exists(path) ? path : throw new FormatException($"--server: {path} does not exist");
}
