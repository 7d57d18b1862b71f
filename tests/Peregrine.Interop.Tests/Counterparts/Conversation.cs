namespace Peregrine.Interop.Tests.Counterparts;

/// <summary>What a client says of a conversation.</summary>
internal sealed record Conversation(string? ServerName, string? Version, IReadOnlyList<string> Tools, IReadOnlyList<ToolReply> Replies);
