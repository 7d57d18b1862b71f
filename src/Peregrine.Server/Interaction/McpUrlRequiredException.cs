using Peregrine.Server.Tools;

namespace Peregrine.Server.Interaction;

/// <summary>
/// A call cannot go on before the user has opened an address, such as that of a third party's consent. 2025-11-25: error -32042, after which the client opens it and calls again;
/// 2026-07-28: the address is asked for, and the call runs again; before, and where the client opens no addresses: a failure of the tool that names the address. Throw it where nothing
/// is to be gained from waiting; else use <see cref="McpCall.ElicitUrlAsync"/>.
/// </summary>
public sealed class McpUrlRequiredException : Exception
{
    /// <summary>Makes one that names no address: a failure of the tool.</summary>
    public McpUrlRequiredException()
        : this("The user has to open an address first.")
    {
    }

    /// <summary>Makes one that names no address: a failure of the tool.</summary>
    /// <param name="message">What the user has to do.</param>
    public McpUrlRequiredException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one that names no address: a failure of the tool.</summary>
    /// <param name="message">What the user has to do.</param>
    /// <param name="innerException">The cause; it is logged and not sent.</param>
    public McpUrlRequiredException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">Why the user should open the address.</param>
    /// <param name="url">The address; absolute. It is seen by the client, so put no credentials into it.</param>
    /// <param name="elicitationId">What 2025-11-25 calls the question by, so that its end can be told; null for a random one.</param>
    public McpUrlRequiredException(string message, Uri url, string? elicitationId = null)
        : base($"{message} Open {url} and call again.")
    {
        ArgumentNullException.ThrowIfNull(url);
        Question = new ElicitQuestion(message, url, elicitationId ?? Guid.NewGuid().ToString("N"));
    }

    /// <summary>What the client is asked; null where there is no address.</summary>
    internal ElicitQuestion? Question { get; }
}
