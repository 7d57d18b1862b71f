using Peregrine.Protocol.Versions;

namespace Peregrine.Client.Connecting;

/// <summary>How a server was spoken to.</summary>
/// <param name="Version">The revision.</param>
/// <param name="IsHttpSse">True where it was over HTTP+SSE, the transport of 2024-11-05.</param>
public readonly record struct RememberedEra(ProtocolVersion Version, bool IsHttpSse);
