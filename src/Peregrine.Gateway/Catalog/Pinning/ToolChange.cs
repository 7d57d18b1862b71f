using System.Collections.Immutable;
using Peregrine.Client.Contracts;

namespace Peregrine.Gateway.Catalog.Pinning;

/// <summary>A tool whose definition is another than the pinned one, and means more than that nothing is lost. Immutable.</summary>
/// <param name="Tool">Its name at its server.</param>
/// <param name="Verdict">The gravest of the changes.</param>
/// <param name="Changes">What has changed.</param>
/// <param name="IsWithheld">True where it is not offered until the change is accepted.</param>
/// <param name="Since">When it was first seen.</param>
/// <param name="Definition">The definition as it is now; null where the tool is gone.</param>
internal sealed record ToolChange(string Tool, ContractVerdict Verdict, ImmutableArray<ContractChange> Changes, bool IsWithheld, DateTimeOffset Since, UpstreamItem? Definition)
{
    /// <summary>The places of the server where it is so; empty where the server is in one place.</summary>
    internal ImmutableArray<string> Places { get; init; } = [];

    /// <summary>The changes in one line, for people.</summary>
    internal string Describe()
    {
        var what = string.Join("; ", Changes.Select(static change => $"{change.Part}: {change.Message}"));
        return Places.IsEmpty ? what : $"{what} (at {string.Join(", ", Places)})";
    }

    /// <summary>True where both say that the tool has become the same.</summary>
    internal bool IsSameAs(string tool, UpstreamItem? definition) => Tool == tool
        && (definition is null ? Definition is null : Definition?.Members.Span.SequenceEqual(definition.Members.Span) == true);
}
