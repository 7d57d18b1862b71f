namespace Peregrine.Server.Fronts;

/// <summary>How a responder wants a request's body.</summary>
public enum BodyMode : byte
{
    /// <summary>Read, judged, and with the places of its parts known.</summary>
    Scanned,

    /// <summary>Not read: as <see cref="McpExchange.UnreadBody"/>, to be forwarded.</summary>
    Unread,
}
