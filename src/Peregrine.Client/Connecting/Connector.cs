using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;

namespace Peregrine.Client.Connecting;

/// <summary>Opens a connection and the conversation on it, within the time for both.</summary>
internal static class Connector
{
    /// <param name="open">Makes a connection.</param>
    /// <param name="canReopen">True where a second one may be made, if the first did not survive the probe.</param>
    /// <param name="options">The client's settings, valid.</param>
    /// <param name="introduction">How the client introduces itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async ValueTask<(McpConnection Connection, Agreement Agreement)> ConnectAsync(
        Func<McpConnection> open, bool canReopen, PeregrineClientOptions options, ClientIntroduction introduction, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        var connection = Open(open, options);
        try
        {
            var negotiator = new EraNegotiator(connection, options, introduction);
            try
            {
                return (connection, await negotiator.AgreeAsync(both.Token).ConfigureAwait(false));
            }
            catch (McpTransportException exception) when (
                canReopen && options.Era is null && negotiator.ProbeUnanswered
                && exception.Fault is TransportFault.ConnectionLost or TransportFault.TimedOut)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                connection = Open(open, options);
                negotiator = new EraNegotiator(connection, options, introduction);
                return (connection, await negotiator.InitializeAsync(ProtocolVersions.LatestOfSessionEra, both.Token).ConfigureAwait(false));
            }
        }
        catch (OperationCanceledException exception)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw new McpTransportException(
                TransportFault.TimedOut,
                $"{connection.Peer} did not open the conversation within {options.ConnectTimeout.TotalSeconds:0.###} s (ConnectTimeout).",
                mayHaveRun: false,
                exception);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static McpConnection Open(Func<McpConnection> open, PeregrineClientOptions options)
    {
        var connection = open();
        connection.Handler = options.Handler;
        return connection;
    }
}
