using System.Collections.Immutable;

namespace Peregrine.Gateway.Upstreams;

/// <summary>The upstreams of a gateway, in the order of the configuration; replaced as a whole when that changes. Thread-safe; reading takes no lock.</summary>
internal sealed class UpstreamSet
{
    private Upstream[] _current;

    /// <summary>Makes a set.</summary>
    internal UpstreamSet(IEnumerable<Upstream> upstreams) => _current = [.. upstreams];

    internal ImmutableArray<Upstream> Current => System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(Volatile.Read(ref _current));

    internal ReadOnlySpan<Upstream> Span => Volatile.Read(ref _current);

    /// <summary>Sets other upstreams in their place.</summary>
    internal void Replace(IEnumerable<Upstream> upstreams) => Volatile.Write(ref _current, [.. upstreams]);
}
