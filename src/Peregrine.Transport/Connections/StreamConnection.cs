namespace Peregrine.Transport.Connections;

/// <summary>A connection over two streams and nothing behind them.</summary>
internal sealed class StreamConnection : DuplexConnection
{
    internal StreamConnection(Stream input, Stream output, string peer, DuplexConnectionOptions options)
        : base(input, output, peer, options)
    {
    }
}
