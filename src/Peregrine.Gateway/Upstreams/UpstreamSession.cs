using System.Collections.Immutable;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Gateway.Upstreams;

/// <summary>One life of the connection to an upstream, from the handshake to its end. Thread-safe.</summary>
internal abstract class UpstreamSession : IAsyncDisposable
{
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The connection; its version tells the era.</summary>
    internal abstract McpConnection Connection { get; }

    /// <summary>The child process's id, or null.</summary>
    internal virtual int? ProcessId => null;

    /// <summary>The last lines of the child process's standard error.</summary>
    internal virtual ImmutableArray<string> StandardError => [];

    /// <summary>How the child process ended, for people; null where that is not known.</summary>
    internal virtual string? ExitReason => null;

    internal ProtocolEra Era => Connection.Version.Era();

    /// <summary>Ends when the session is no longer of use: the connection ended, or a call found it lost.</summary>
    internal Task Ended => Task.WhenAny(Connection.Completion, _broken.Task);

    /// <summary>Reports that a call found the session lost.</summary>
    internal void Break() => _broken.TrySetResult();

    public abstract ValueTask DisposeAsync();
}
