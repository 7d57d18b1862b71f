using Peregrine.Protocol.JsonRpc;
using Peregrine.Protocol.Versions;

namespace Peregrine.Server.Telemetry;

/// <summary>What is to be said of a request whose reply was ready, once there is something to say it with.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Version">The revision under which it was answered.</param>
/// <param name="Transport">What carried it, in OpenTelemetry's words.</param>
/// <param name="Id">Its id, raw JSON.</param>
/// <param name="Began">When it began, UTC.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record ReadyRequest(McpMethod Method, ProtocolVersion Version, string Transport, byte[] Id, DateTimeOffset Began, TimeSpan Elapsed);
