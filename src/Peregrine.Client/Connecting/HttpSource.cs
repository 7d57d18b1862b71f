using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Client.Connecting;

/// <summary>Makes connections over HTTP that share their sockets: a lost session costs a handshake, not the connections beneath.</summary>
internal sealed class HttpSource : ConnectionSource
{
    internal HttpSource(HttpConnectionOptions options)
        : base(options.Endpoint.AbsoluteUri, canReopen: true, _ => new(new HttpConnection(options)))
    {
    }
}
