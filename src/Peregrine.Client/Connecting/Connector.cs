using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Client.Connecting;

/// <summary>Opens a connection and the conversation on it, within the time for both.</summary>
internal static class Connector
{
    /// <param name="source">Makes connections.</param>
    /// <param name="options">The client's settings, valid.</param>
    /// <param name="introduction">How the client introduces itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async ValueTask<Conversation> ConnectAsync(
        ConnectionSource source, PeregrineClientOptions options, ClientIntroduction introduction, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        McpConnection? connection = null;
        try
        {
            connection = await OpenAsync(source, options, both.Token).ConfigureAwait(false);
            var negotiator = new EraNegotiator(connection, options, introduction);
            try
            {
                return new Conversation(connection, await negotiator.AgreeAsync(both.Token).ConfigureAwait(false), introduction);
            }
            catch (McpTransportException exception) when (
                source.CanReopen && connection is not HttpConnection && options.Era is null && negotiator.ProbeUnanswered
                && exception.Fault is TransportFault.ConnectionLost or TransportFault.TimedOut)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
                connection = await OpenAsync(source, options, both.Token).ConfigureAwait(false);
                negotiator = new EraNegotiator(connection, options, introduction);
                var agreement = await negotiator.InitializeAsync(ProtocolVersions.LatestOfSessionEra, both.Token).ConfigureAwait(false);
                return new Conversation(connection, agreement, introduction);
            }
        }
        catch (OperationCanceledException exception)
        {
            await DisposeAsync(connection).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw new McpTransportException(
                TransportFault.TimedOut,
                $"{connection?.Peer ?? "The server"} did not open the conversation within {options.ConnectTimeout.TotalSeconds:0.###} s (ConnectTimeout).",
                mayHaveRun: false,
                exception);
        }
        catch
        {
            await DisposeAsync(connection).ConfigureAwait(false);
            throw;
        }
    }

    private static ValueTask DisposeAsync(McpConnection? connection) => connection is null ? default : connection.DisposeAsync();

    private static async ValueTask<McpConnection> OpenAsync(ConnectionSource source, PeregrineClientOptions options, CancellationToken cancellationToken)
    {
        var connection = await source.OpenAsync(cancellationToken).ConfigureAwait(false);
        connection.Handler = options.Handler;
        return connection;
    }
}
