namespace Peregrine.Load.Driving;

/// <summary>Who uses channels. Called from the thread that waits for them; bytes are valid during the call.</summary>
internal interface IChannelOwner
{
    /// <summary>A message came.</summary>
    /// <param name="channel">Where.</param>
    /// <param name="status">The HTTP status; 200 on a stream that has none.</param>
    /// <param name="message">The message, or what came in its place; empty where nothing did.</param>
    /// <param name="sessionId">The session id that came with it; empty where none did.</param>
    void OnMessage(Channel channel, int status, ReadOnlySpan<byte> message, ReadOnlySpan<byte> sessionId);

    /// <summary>An event came on a stream that listens.</summary>
    void OnEvent(Channel channel, ReadOnlySpan<byte> data)
    {
    }

    /// <summary>The channel broke and is of no more use.</summary>
    void OnBroken(Channel channel, LoadError error, string why);
}
