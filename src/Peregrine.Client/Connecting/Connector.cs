using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Client.Connecting;

/// <summary>Opens a connection and the conversation on it, within the time for both, by the way that is remembered or else by finding out. Used once.</summary>
internal sealed class Connector(ConnectionSource source, PeregrineClientOptions options, ClientIntroduction introduction, IncomingHandler handler)
{
    private McpConnection? _connection;

    internal async ValueTask<Conversation> ConnectAsync(CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            return await ConnectInTimeAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            await DropAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw new McpTransportException(
                TransportFault.TimedOut,
                $"{_connection?.Peer ?? "The server"} did not open the conversation within {options.ConnectTimeout.TotalSeconds:0.###} s (ConnectTimeout).",
                mayHaveRun: false,
                exception);
        }
        catch
        {
            await DropAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<Conversation> ConnectInTimeAsync(CancellationToken cancellationToken)
    {
        var remembered = options.Era is null && source.Key is { } key ? await options.EraStore.FindAsync(key, cancellationToken).ConfigureAwait(false) : null;
        if (remembered is { } era && source.CanReopen)
        {
            try
            {
                return await ConnectAsRememberedAsync(era, cancellationToken).ConfigureAwait(false);
            }
            catch (PeregrineException exception) when (exception is not McpTransportException { Fault: TransportFault.ConnectFailed or TransportFault.Unauthorized or TransportFault.PoolExhausted })
            {
                // It is another server now, or speaks otherwise: find out anew.
                await options.EraStore.ForgetAsync(source.Key!, cancellationToken).ConfigureAwait(false);
                await DropAsync().ConfigureAwait(false);
            }
        }

        var conversation = await FindOutAsync(cancellationToken).ConfigureAwait(false);
        if (source.Key is { } server && options.Era is null)
        {
            var found = new RememberedEra(conversation.Agreement.Version, conversation.Connection is HttpSseConnection);
            await options.EraStore.RememberAsync(server, found, cancellationToken).ConfigureAwait(false);
        }

        return conversation;
    }

    private async ValueTask<Conversation> ConnectAsRememberedAsync(RememberedEra era, CancellationToken cancellationToken)
    {
        var connection = era.IsHttpSse
            ? await OpenAsync(source.OpenHttpSseAsync(cancellationToken)).ConfigureAwait(false)
            : await OpenAsync(source.OpenAsync(cancellationToken)).ConfigureAwait(false);
        var negotiator = new EraNegotiator(connection, options, introduction, isStateless: era.Version.Era() == ProtocolEra.Stateless);
        return era.Version.Era() == ProtocolEra.Session
            ? Begin(connection, await negotiator.InitializeAsync(era.Version, cancellationToken).ConfigureAwait(false))
            : Begin(connection, await negotiator.AgreeAsync(cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<Conversation> FindOutAsync(CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(source.OpenAsync(cancellationToken)).ConfigureAwait(false);
        var negotiator = new EraNegotiator(connection, options, introduction);
        try
        {
            return Begin(connection, await negotiator.AgreeAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (McpTransportException exception) when (
            source.CanReopen && connection is not HttpConnection && options.Era is null && negotiator.ProbeUnanswered
            && exception.Fault is TransportFault.ConnectionLost or TransportFault.TimedOut)
        {
            await DropAsync().ConfigureAwait(false);
            return await InitializeAsync(source.OpenAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (PeregrineException exception) when (source.HasHttpSse && options.Era != ProtocolEra.Stateless && IsNoStreamableHttp(exception))
        {
            return await ConnectHttpSseAsync(exception, cancellationToken).ConfigureAwait(false);
        }
    }

    // 2025-03-26 and later, backwards compatibility: a server of 2024-11-05 refuses the POST, and names its address on the stream that a GET opens.
    private async ValueTask<Conversation> ConnectHttpSseAsync(PeregrineException refused, CancellationToken cancellationToken)
    {
        await DropAsync().ConfigureAwait(false);
        try
        {
            return await InitializeAsync(source.OpenHttpSseAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (McpTransportException) when (!cancellationToken.IsCancellationRequested && _connection is not HttpSseConnection)
        {
            // Not such a server either: what it said first tells more.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(refused);
            throw;
        }
    }

    private static bool IsNoStreamableHttp(PeregrineException exception) =>
        exception is McpTransportException { Fault: TransportFault.HttpStatus, StatusCode: 400 or 404 or 405 or 406 or 415 } or McpTransportException { Fault: TransportFault.InvalidReply }
            or McpPeerException { Code: Protocol.JsonRpc.ErrorCodes.MethodNotFound };

    private async ValueTask<Conversation> InitializeAsync(ValueTask<McpConnection> opening, CancellationToken cancellationToken)
    {
        var connection = await OpenAsync(opening).ConfigureAwait(false);
        var negotiator = new EraNegotiator(connection, options, introduction);
        return Begin(connection, await negotiator.InitializeAsync(ProtocolVersions.LatestOfSessionEra, cancellationToken).ConfigureAwait(false));
    }

    private Conversation Begin(McpConnection connection, Agreement agreement) => new(connection, agreement, introduction);

    private async ValueTask<McpConnection> OpenAsync(ValueTask<McpConnection> opening)
    {
        var connection = await opening.ConfigureAwait(false);
        connection.Handler = handler;
        _connection = connection;
        return connection;
    }

    private ValueTask DropAsync() => _connection is null ? default : _connection.DisposeAsync();
}
