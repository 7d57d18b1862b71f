using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Client.Connecting;

/// <summary>Makes connections over HTTP that share their sockets: a lost session costs a handshake, not the connections beneath.</summary>
internal sealed class HttpSource : ConnectionSource
{
    private readonly HttpConnectionOptions _options;

    private HttpSource(HttpConnectionOptions options)
        : base(options.Endpoint.AbsoluteUri, canReopen: true, _ => new(new HttpConnection(options))) => _options = options;

    internal override bool HasHttpSse => true;

    internal static HttpSource Create(Uri endpoint, PeregrineClientOptions options) => new(new HttpConnectionOptions
    {
        Endpoint = endpoint,
        Headers = options.Headers,
        MaxMessageLength = options.MaxMessageLength,
        HttpVersion = options.HttpVersion,
        HttpVersionPolicy = options.HttpVersionPolicy,
        Compression = options.Compression,
        Sockets = new HttpSockets(options.Pool, options.MessageHandler, options.TimeProvider),
        TimeProvider = options.TimeProvider,
        Scheduler = options.Scheduler,
        Logger = options.Logger,
    });

    internal override async ValueTask<McpConnection> OpenHttpSseAsync(CancellationToken cancellationToken) =>
        await HttpSseConnection.OpenAsync(_options, cancellationToken).ConfigureAwait(false);

    public override ValueTask DisposeAsync()
    {
        _options.Sockets!.Dispose();
        return base.DisposeAsync();
    }
}
