using System.Collections.Immutable;

namespace Peregrine.Gateway.Configuration;

/// <summary>Compares configurations of servers by what they say, so that a reload leaves alone what has not changed. No state.</summary>
internal static class UpstreamConfigurationComparer
{
    /// <summary>True where both describe the same server in the same way.</summary>
    internal static bool AreSame(UpstreamConfiguration a, UpstreamConfiguration b) => HaveSameNames(a, b) && HaveSameMembers(a, b) && (a, b) switch
    {
        (StdioUpstreamConfiguration x, StdioUpstreamConfiguration y) => x.Arguments.SequenceEqual(y.Arguments) && x.Environment.SequenceEqual(y.Environment)
            && x with { Arguments = y.Arguments, Environment = y.Environment, Tools = y.Tools, Renames = y.Renames, Hidden = y.Hidden, Members = y.Members } == y,
        (HttpUpstreamConfiguration x, HttpUpstreamConfiguration y) => x.Headers.SequenceEqual(y.Headers) && x with { Headers = y.Headers, Tools = y.Tools, Renames = y.Renames, Hidden = y.Hidden, Members = y.Members } == y,
        _ => false,
    };

    private static bool HaveSameMembers(UpstreamConfiguration a, UpstreamConfiguration b) => a.Members.Length == b.Members.Length
        && a.Members.Zip(b.Members).All(static pair => (pair.First.Name, pair.First.Weight) == (pair.Second.Name, pair.Second.Weight) && AreSame(pair.First.Server, pair.Second.Server));

    private static bool HaveSameNames(UpstreamConfiguration a, UpstreamConfiguration b) => a.Renames.SequenceEqual(b.Renames) && a.Hidden.SequenceEqual(b.Hidden)
        && (a.Tools is { } tools ? b.Tools is { } others && tools.SequenceEqual(others) : b.Tools is null);
}
