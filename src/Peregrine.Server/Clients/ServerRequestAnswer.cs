namespace Peregrine.Server.Clients;

/// <summary>What a client answered to a request of the server.</summary>
/// <param name="IsError">True where it answered with an error.</param>
/// <param name="Content">The raw <c>result</c>, or the raw <c>error</c>. A copy.</param>
internal readonly record struct ServerRequestAnswer(bool IsError, ReadOnlyMemory<byte> Content);
