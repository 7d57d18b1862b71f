using System.Globalization;

namespace Peregrine.Bench.Sessions;

/// <summary>The command line.</summary>
internal sealed record SessionsOptions
{
    public const string Usage = """
        Opens many sessions on one server over HTTP, keeps an event stream open in some, pings all of them in turn, and prints what that costs.

        usage: dotnet run -c Release --project bench/Peregrine.Bench.Sessions -- [OPTIONS]

          --sessions N   how many sessions (default: 50000)
          --streams N    in how many of them a stream is kept open (default: 9000; each takes a descriptor here and there)
          --rate N       pings a second, over all sessions in turn (default: 1000)
          --seconds N    how long to ping (default: 300)
          --server PATH  the peregrine program (default: ./peregrine)
          --help         print this and end

        exit codes: 0 measured, 1 a reply was wrong or missing, 2 bad usage
        """;

    public int Sessions { get; private init; } = 50_000;

    public int Streams { get; private init; } = 9_000;

    public int Rate { get; private init; } = 1_000;

    public int Seconds { get; private init; } = 300;

    public string Server { get; private init; } = "./peregrine";

    public bool IsHelp { get; private init; }

    /// <summary>Throws <see cref="FormatException"/> with a text for people on a bad command line.</summary>
    public static SessionsOptions Parse(string[] arguments)
    {
        var options = new SessionsOptions();
        for (int index = 0; index < arguments.Length; index++)
        {
            string argument = arguments[index];
            string Value() => ++index < arguments.Length ? arguments[index] : throw new FormatException($"{argument} needs a value");
            int Number() => int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
                ? number
                : throw new FormatException($"{argument} needs a number above 0");
            options = argument switch
            {
                "--sessions" => options with { Sessions = Number() },
                "--streams" => options with { Streams = Number() },
                "--rate" => options with { Rate = Number() },
                "--seconds" => options with { Seconds = Number() },
                "--server" => options with { Server = Value() },
                "--help" or "-h" => options with { IsHelp = true },
                _ => throw new FormatException($"unknown option {argument}"),
            };
        }

        return options.Streams <= options.Sessions ? options : throw new FormatException("--streams cannot be more than --sessions");
    }
}
