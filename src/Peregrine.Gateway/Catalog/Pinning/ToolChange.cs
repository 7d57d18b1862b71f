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
    /// <summary>The changes in one line, for people.</summary>
    internal string Describe() => string.Join("; ", Changes.Select(static change => $"{change.Part}: {change.Message}"));
}
