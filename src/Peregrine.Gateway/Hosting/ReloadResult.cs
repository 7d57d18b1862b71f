using System.Collections.Immutable;

namespace Peregrine.Gateway.Hosting;

/// <summary>What a reload has changed. Immutable.</summary>
public sealed record ReloadResult
{
    /// <summary>Servers that were not there before, by name.</summary>
    public ImmutableArray<string> Added { get; init; } = [];

    /// <summary>Servers whose settings differ: each was started anew, and the old one ends with its last call.</summary>
    public ImmutableArray<string> Changed { get; init; } = [];

    /// <summary>Servers that are there no more; each ends with its last call.</summary>
    public ImmutableArray<string> Removed { get; init; } = [];

    /// <summary>True where other policies hold from now on.</summary>
    public bool PoliciesChanged { get; init; }

    /// <summary>What differs and takes effect only when the gateway is started again, in words.</summary>
    public ImmutableArray<string> NotApplied { get; init; } = [];

    /// <summary>True where nothing differs.</summary>
    public bool IsEmpty => Added.IsEmpty && Changed.IsEmpty && Removed.IsEmpty && !PoliciesChanged && NotApplied.IsEmpty;
}
