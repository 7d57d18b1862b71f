using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Http;

namespace Peregrine.Transport.Tests.Http;

/// <summary>Tests that are run over the framework's handler, and again, in a class derived from theirs, over sockets of our own.</summary>
public abstract class OverBothTests
{
    /// <summary>True over sockets of our own.</summary>
    protected virtual bool OwnSockets => false;

    /// <inheritdoc cref="HttpPeer.StartAsync"/>
    protected Task<HttpPeer> StartAsync(
        Func<HttpContext, JsonElement, Task> answer, ProtocolVersion version = ProtocolVersion.V2026_07_28, Func<HttpConnectionOptions, HttpConnectionOptions>? change = null) =>
        HttpPeer.StartAsync(answer, version, options => Choose(change?.Invoke(options) ?? options));

    private protected Task<RawPeer> StartRawAsync(
        Func<HttpContext, byte[], Task> answer, Func<HttpConnectionOptions, HttpConnectionOptions>? change = null, ProtocolVersion version = ProtocolVersion.V2026_07_28) =>
        RawPeer.StartAsync(answer, options => Choose(change?.Invoke(options) ?? options), version);

    private protected HttpConnectionOptions Choose(HttpConnectionOptions options) => options with { Pool = options.Pool with { UsesOwnSockets = OwnSockets } };
}
