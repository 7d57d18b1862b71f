using System.Collections.Immutable;

namespace Peregrine.Gateway.Configuration;

/// <summary>An MCP server that the gateway runs as a child process and speaks to over standard input and output.</summary>
public sealed record StdioUpstreamConfiguration : UpstreamConfiguration
{
    /// <summary>The program: a path, or a name looked up in PATH.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments, passed as they are: no shell sees them.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Environment variables it gets beside those of the gateway.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Its working directory; null for that of the gateway.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>How many processes of it run.</summary>
    /// <value>One.</value>
    public PoolConfiguration Pool { get; init; } = PoolConfiguration.Single;

    private protected override void ValidateOwn(ICollection<string> faults, string name)
    {
        if (string.IsNullOrWhiteSpace(Command))
        {
            faults.Add($"{name}.{nameof(Command)} is empty.");
        }

        Pool.Validate(faults, $"{name}.{nameof(Pool)}");
    }
}
