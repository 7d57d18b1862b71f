using System.Collections.Immutable;

namespace Peregrine.Gateway.Configuration;

/// <summary>A part of what the gateway offers, at a path of its own: <c>/mcp/NAME</c>. Immutable.</summary>
public sealed record VirtualServerConfiguration
{
    /// <summary>The last part of its path: 1 to 64 of <c>A-Z a-z 0-9 _ - .</c></summary>
    public required string Name { get; init; }

    /// <summary>The servers whose things it has, by their names in the configuration; null for all.</summary>
    public ImmutableArray<string>? Servers { get; init; }

    /// <summary>Which tools it has, by the names that clients use; a star at the end stands for anything. Null for all.</summary>
    public ImmutableArray<string>? Tools { get; init; }

    /// <summary>True where both lists say the same in the same order.</summary>
    internal static bool AreSame(ImmutableArray<VirtualServerConfiguration> a, ImmutableArray<VirtualServerConfiguration> b) =>
        a.Length == b.Length && a.Zip(b).All(static pair => pair.First.Name == pair.Second.Name && AreSame(pair.First.Servers, pair.Second.Servers) && AreSame(pair.First.Tools, pair.Second.Tools));

    private static bool AreSame(ImmutableArray<string>? a, ImmutableArray<string>? b) => a is { } names ? b is { } others && names.SequenceEqual(others) : b is null;
}
