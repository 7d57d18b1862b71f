using Peregrine.Client;

namespace Peregrine.Cli.Targets;

/// <summary>The MCP server that a command is about: a URL, or a command line after <c>--</c>.</summary>
internal sealed record Target(Uri? Endpoint, IReadOnlyList<string> Command)
{
    private static readonly TimeSpan LongestProbe = new PeregrineClientOptions().ProbeTimeout;

    /// <summary>How to name it to a person.</summary>
    internal string Name => Endpoint?.ToString() ?? string.Join(' ', Command);

    /// <summary>Understands a target.</summary>
    /// <param name="url">What stands where a URL may stand, or null.</param>
    /// <param name="command">What stands after <c>--</c>.</param>
    /// <param name="error">What is wrong and what to give.</param>
    internal static Target? TryParse(string? url, IReadOnlyList<string> command, out string error)
    {
        error = "";
        if (url is not null && command.Count > 0)
        {
            error = "give either a URL or a command after --, not both";
        }
        else if (command.Count > 0)
        {
            return new Target(null, command);
        }
        else if (url is null)
        {
            error = "name a server: a URL such as http://127.0.0.1:8808/mcp, or a command after --, such as -- npx -y some-server";
        }
        else if (IsUrl(url) && Uri.TryCreate(url, UriKind.Absolute, out var endpoint))
        {
            return new Target(endpoint, []);
        }
        else
        {
            error = $"\"{url}\" is no http or https URL; a command goes after --";
        }

        return null;
    }

    /// <summary>Understands a target that stands in one word: a URL, or a command line in quotes.</summary>
    internal static Target? TryParseWord(string word, out string error)
    {
        error = "";
        if (IsUrl(word))
        {
            return TryParse(word, [], out error);
        }

        if (CommandWords.Split(word) is { Count: > 0 } command)
        {
            return new Target(null, command);
        }

        error = $"\"{word}\" is neither a URL nor a command line";
        return null;
    }

    /// <summary>True where a word looks like a URL target.</summary>
    internal static bool IsUrl(string word) =>
        word.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || word.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The same for a program that runs in another folder: paths of what exists here are whole.</summary>
    internal Target FromAnywhere() => this with { Command = [.. Command.Select((word, index) => IsPath(word, index) ? Path.GetFullPath(word) : word)] };

    // The word "run" may be the name of a folder as well; what follows an option, or is written as a path, is meant as one.
    private bool IsPath(string word, int index) =>
        !word.StartsWith('-') && (word.AsSpan().ContainsAny('/', '\\', '.') || (index > 0 && Command[index - 1].StartsWith('-'))) && Path.Exists(word);

    /// <summary>Connects.</summary>
    internal ValueTask<PeregrineClient> ConnectAsync(TargetOptions options, CancellationToken cancellationToken)
    {
        var settings = new PeregrineClientOptions
        {
            Name = "peregrine",
            RequestTimeout = options.Timeout,
            ConnectTimeout = options.Timeout,
            ProbeTimeout = Min(LongestProbe, options.Timeout / 4),
            Headers = options.Headers,
            OnErrorLine = options.Verbose ? Console.Error.WriteLine : null,
        };
        return Endpoint is not null
            ? PeregrineClient.ConnectAsync(Endpoint, settings, cancellationToken)
            : PeregrineClient.ConnectStdioAsync(Command[0], [.. Command.Skip(1)], settings, cancellationToken);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
