using Peregrine.Server.Tools;

namespace Peregrine.Server.Interaction;

/// <summary>
/// A call wanted to ask its client for something that the client has not declared. Look at <see cref="McpCall.Client"/> first where there is another way. Not caught, it answers the call
/// with error -32021 (2026-07-28) or as a failure of the tool (before).
/// </summary>
public sealed class McpMissingCapabilityException : Exception
{
    /// <summary>Makes one with a general message.</summary>
    public McpMissingCapabilityException()
        : this("The client has not declared a capability that this call needs.")
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">Which capability is missing.</param>
    public McpMissingCapabilityException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">Which capability is missing.</param>
    /// <param name="innerException">The cause.</param>
    public McpMissingCapabilityException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal McpMissingCapabilityException(string message, ReadOnlyMemory<byte> required)
        : base(message) => RequiredCapabilities = required;

    /// <summary>What the client would have to declare: a raw JSON object, such as <c>{"sampling":{}}</c>.</summary>
    public ReadOnlyMemory<byte> RequiredCapabilities { get; } = "{}"u8.ToArray();
}
