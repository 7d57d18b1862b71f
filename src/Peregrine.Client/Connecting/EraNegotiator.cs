using Peregrine.Client.Json;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Transport.Connections;
using Peregrine.Transport.Http;

namespace Peregrine.Client.Connecting;

/// <summary>
/// Finds out which era a server speaks and opens the conversation: the request of the stateless era first, the handshake of the session era where the answer is anything
/// that a server of the stateless era would not say (specification 2026-07-28, versioning and backward compatibility).
/// </summary>
internal sealed class EraNegotiator
{
    private readonly McpConnection _connection;
    private readonly PeregrineClientOptions _options;
    private readonly ClientIntroduction _introduction;
    private readonly bool _isHttp;
    private readonly TimeSpan _probeTimeout;

    /// <param name="connection">The connection, fresh.</param>
    /// <param name="options">The client's settings, valid.</param>
    /// <param name="introduction">How the client introduces itself.</param>
    /// <param name="isStateless">True where the server is known to speak the stateless era: its silence then means that it is slow.</param>
    internal EraNegotiator(McpConnection connection, PeregrineClientOptions options, ClientIntroduction introduction, bool isStateless = false)
    {
        _connection = connection;
        _options = options;
        _introduction = introduction;
        _isHttp = connection is HttpConnection;
        _probeTimeout = _isHttp || isStateless ? TimeSpan.Zero : options.ProbeTimeout;
    }

    /// <summary>True once the probe ended without any answer: some servers of the session era exit, or hang, at a method they do not know.</summary>
    internal bool ProbeUnanswered { get; private set; }

    /// <summary>Opens the conversation.</summary>
    internal async ValueTask<Agreement> AgreeAsync(CancellationToken cancellationToken)
    {
        if (_options.Era == ProtocolEra.Session)
        {
            return await InitializeAsync(ProtocolVersions.LatestOfSessionEra, cancellationToken).ConfigureAwait(false);
        }

        var verdict = await ProbeAsync(cancellationToken).ConfigureAwait(false);
        if (verdict.Agreement is { } agreement)
        {
            return agreement;
        }

        if (_options.Era == ProtocolEra.Stateless)
        {
            throw Disagree("does not speak the stateless era, which the options demand.");
        }

        if (!ProbeUnanswered)
        {
            return await InitializeAsync(verdict.SessionVersion, cancellationToken).ConfigureAwait(false);
        }

        return await InitializeAfterSilenceAsync(verdict.SessionVersion, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The handshake of the session era.</summary>
    internal async ValueTask<Agreement> InitializeAsync(ProtocolVersion version, CancellationToken cancellationToken, TimeSpan timeout = default)
    {
        // No version header before one is agreed on.
        _connection.Version = ProtocolVersion.Unknown;
        var agreement = await TryInitializeAsync(version, timeout, secondTry: false, cancellationToken).ConfigureAwait(false);
        _connection.Version = agreement.Version;
        await _connection.SendNotificationAsync("notifications/initialized"u8, default, cancellationToken).ConfigureAwait(false);
        if (_connection is HttpConnection http && _options.EventStream)
        {
            http.OpenEventStream();
        }

        return agreement;
    }

    private async ValueTask<Agreement> TryInitializeAsync(ProtocolVersion version, TimeSpan timeout, bool secondTry, CancellationToken cancellationToken)
    {
        using var reply = await _connection.SendRequestAsync(
            "initialize"u8, _introduction.WriteInitialize(version), new SendOptions { Timeout = timeout }, cancellationToken).ConfigureAwait(false);
        if (reply.IsError && !secondTry)
        {
            // A server that refuses the version says which it supports.
            var other = VersionList.Best(SupportedOf(reply), sessionEraOnly: true);
            if (other != ProtocolVersion.Unknown && other != version)
            {
                return await TryInitializeAsync(other, timeout, secondTry: true, cancellationToken).ConfigureAwait(false);
            }
        }

        reply.ThrowIfError();
        var named = ObjectReader.FindText(reply.Result.Span, "protocolVersion"u8);
        var agreed = ProtocolVersions.Parse(named);
        if (agreed == ProtocolVersion.Unknown || agreed.Era() != ProtocolEra.Session)
        {
            throw Disagree($"answered initialize with protocol version '{named}', which cannot be opened that way.");
        }

        return Agreement.Read(agreed, reply.Result.Span);
    }

    private async ValueTask<Agreement> InitializeAfterSilenceAsync(ProtocolVersion version, CancellationToken cancellationToken)
    {
        try
        {
            // Half of the time is left for a second process, in case this one hangs at the probe.
            return await InitializeAsync(version, cancellationToken, _options.ConnectTimeout / 2).ConfigureAwait(false);
        }
        catch (McpPeerException)
        {
            // It speaks after all, but not this: a server of the stateless era that was slow to start. What it said to the probe came too late.
            ProbeUnanswered = false;
            var verdict = await ProbeAsync(cancellationToken).ConfigureAwait(false);
            if (verdict.Agreement is null)
            {
                throw;
            }

            return verdict.Agreement;
        }
    }

    private async ValueTask<Verdict> ProbeAsync(CancellationToken cancellationToken)
    {
        _connection.Version = ProtocolVersions.Latest;
        try
        {
            using var reply = await _connection.SendRequestAsync(
                "server/discover"u8,
                "{}"u8,
                new SendOptions { Meta = _introduction.Meta, Timeout = _probeTimeout },
                cancellationToken).ConfigureAwait(false);
            return reply.IsError ? JudgeError(reply) : JudgeResult(reply.Result.Span);
        }
        catch (McpTransportException exception) when (IsAnswerOfSessionEra(exception))
        {
            ProbeUnanswered = exception.Fault == TransportFault.TimedOut;
            return new Verdict(null, ProtocolVersions.LatestOfSessionEra);
        }
        catch (McpTransportException exception) when (exception.Fault == TransportFault.ConnectionLost)
        {
            ProbeUnanswered = true;
            throw;
        }
    }

    // HTTP: a refusal with an empty body or one that is no JSON-RPC. 401 and 403 are about credentials, 408 and 429 about time.
    private bool IsAnswerOfSessionEra(McpTransportException exception) => _isHttp
        ? exception.Fault == TransportFault.InvalidReply
            || (exception.Fault == TransportFault.HttpStatus && exception.StatusCode is >= 400 and < 500 and not 408 and not 429)
        : exception.Fault is TransportFault.TimedOut or TransportFault.InvalidReply;

    private Verdict JudgeResult(ReadOnlySpan<byte> result)
    {
        var supported = ObjectReader.Find(result, "supportedVersions"u8);
        if (supported.IsEmpty)
        {
            return new Verdict(null, ProtocolVersions.LatestOfSessionEra);
        }

        var best = VersionList.Best(supported);
        return best switch
        {
            ProtocolVersion.Unknown => throw Disagree("supports no revision that this client knows."),
            ProtocolVersion.V2026_07_28 => new Verdict(Agreement.Read(best, result), ProtocolVersion.Unknown),
            _ => new Verdict(null, best),
        };
    }

    private Verdict JudgeError(in McpReply reply)
    {
        var code = reply.ErrorCode;
        if (code == ErrorCodes.UnsupportedProtocolVersion)
        {
            var best = VersionList.Best(SupportedOf(reply));
            if (best == ProtocolVersion.Unknown)
            {
                throw McpPeerException.FromError(reply.Error.Span);
            }

            return best.Era() == ProtocolEra.Session ? new Verdict(null, best) : Stateless();
        }

        // Codes that only the stateless era has; and over HTTP two whose status says the same.
        var recognised = code is ErrorCodes.HeaderMismatch or ErrorCodes.MissingRequiredClientCapability
            || (_isHttp && reply.StatusCode == 404 && code == ErrorCodes.MethodNotFound)
            || (_isHttp && reply.StatusCode == 400 && code == ErrorCodes.InvalidParams);
        if (recognised)
        {
            return Stateless();
        }

        if (reply.StatusCode >= 500)
        {
            throw McpPeerException.FromError(reply.Error.Span);
        }

        return new Verdict(null, ProtocolVersions.LatestOfSessionEra);
    }

    private static Verdict Stateless() => new(new Agreement(ProtocolVersions.Latest, null, null, default), ProtocolVersion.Unknown);

    private static ReadOnlySpan<byte> SupportedOf(in McpReply reply) =>
        ObjectReader.Find(ObjectReader.Find(reply.Error.Span, "data"u8), "supported"u8);

    private McpTransportException Disagree(string why) => new(TransportFault.InvalidReply, $"{_connection.Peer} {why}", mayHaveRun: true);

    private readonly record struct Verdict(Agreement? Agreement, ProtocolVersion SessionVersion);
}
