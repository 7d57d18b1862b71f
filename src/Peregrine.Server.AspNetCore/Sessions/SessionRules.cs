using Microsoft.AspNetCore.Http;
using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;
using Peregrine.Server.AspNetCore.Http;

namespace Peregrine.Server.AspNetCore.Sessions;

/// <summary>Which session a request belongs to (2025-03-26 and later, session management).</summary>
internal static class SessionRules
{
    internal const string NotFound = "Session not found: it has ended or never was; send initialize again";

    internal const string WrongVersion = "Bad request: MCP-Protocol-Version is not the version that this session agreed on";

    /// <summary>Finds the session that a request names; the caller must be the one that opened it.</summary>
    internal static HttpSession? Find(HttpSessions? sessions, string id, string? caller) =>
        sessions?.Find(id) is { IsClosed: false } session && session.Owner == caller ? session : null;

    /// <summary>Has a message take part in the session that it names.</summary>
    /// <param name="exchange">Receives session and revision.</param>
    /// <param name="sessions">Null where the endpoint has none.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="version">What the header says; Unknown where it is missing.</param>
    /// <returns>False where the request was answered with an error.</returns>
    internal static bool TryJoin(HttpExchange exchange, HttpSessions? sessions, string id, ProtocolVersion version)
    {
        if (Find(sessions, id, exchange.Caller) is not { } session)
        {
            // 404 makes the client begin anew.
            exchange.FailRequest(ErrorCodes.InvalidRequest, NotFound);
            exchange.ErrorStatus = StatusCodes.Status404NotFound;
            return false;
        }

        if (version != ProtocolVersion.Unknown && version != session.Version)
        {
            exchange.FailRequest(ErrorCodes.InvalidRequest, WrongVersion);
            return false;
        }

        exchange.Session = session;
        exchange.Answer(session.Version);
        return true;
    }
}
